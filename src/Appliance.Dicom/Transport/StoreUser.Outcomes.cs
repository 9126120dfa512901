using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;

namespace Appliance.Dicom.Transport;

/// <summary>A presentation context to propose. One transfer syntax for each context tells exactly what the peer takes.</summary>
public sealed record PresentationContextRequest(string SopClassUid, IReadOnlyList<TransferSyntax> TransferSyntaxes)
{
    public PresentationContextRequest(string sopClassUid, params TransferSyntax[] transferSyntaxes)
        : this(sopClassUid, (IReadOnlyList<TransferSyntax>)transferSyntaxes)
    {
    }
}

/// <summary>An association as user, or how the try ended.</summary>
public readonly record struct ConnectOutcome(StoreUser? User, AssociationEnd? Failure);

/// <summary>What came of a request.</summary>
public enum RequestResult
{
    /// <summary>The peer answered; see the status.</summary>
    Answered,

    /// <summary>No accepted context fits; nothing was sent and the association goes on.</summary>
    NotAccepted,

    /// <summary>The association has ended; see the failure. Whether the peer has the object is not known.</summary>
    Ended,
}

/// <summary>The peer's status, or why there is none.</summary>
public readonly record struct RequestOutcome(RequestResult Result, Status Status, string? ErrorComment, AssociationEnd? Failure)
{
    /// <summary>The peer has the object: success or warning.</summary>
    public bool IsStored => Result == RequestResult.Answered && Status.IsStored();

    internal static RequestOutcome NotAccepted => new(RequestResult.NotAccepted, default, null, null);

    internal static RequestOutcome Ended(AssociationEnd end) => new(RequestResult.Ended, default, null, end);

    public override string ToString() => Result switch
    {
        RequestResult.Answered => Status.Text(),
        RequestResult.NotAccepted => "no accepted presentation context",
        _ => Failure!.ToString(),
    };
}
