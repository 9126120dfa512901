using Appliance.Dicom.Data;

namespace Appliance.Dicom.Network;

/// <summary>What an acceptor takes. Plain data and one question; the same policy and request give the same answer.</summary>
public sealed record AcceptorPolicy
{
    /// <summary>Called AE titles that are ours; with none, any title is.</summary>
    public IReadOnlyList<string> CalledAeTitles { get; init; } = [];

    /// <summary>Calling AE titles that may come in; with none, all may.</summary>
    public IReadOnlyList<string> CallingAeTitles { get; init; } = [];

    /// <summary>Is this abstract syntax taken? By default Verification and storage.</summary>
    public Func<string, bool> TakesSopClass { get; init; } = StorageClasses.IsVerificationOrStorage;

    /// <summary>Transfer syntaxes in the order in which they are chosen from one proposed context.</summary>
    public IReadOnlyList<string> TransferSyntaxes { get; init; } = DefaultTransferSyntaxes;

    /// <summary>Whether a transfer syntax of PS3.6 that is not in the list is taken too, in the peer's order, when none of the list is
    /// proposed: what cannot be decoded can still be stored and passed on.</summary>
    public bool TakesOtherTransferSyntaxes { get; init; } = true;

    /// <summary>Uncompressed first, because every destination reads it; then lossless; then lossy; big endian last.</summary>
    public static IReadOnlyList<string> DefaultTransferSyntaxes { get; } =
    [
        .. TransferSyntax.All.Where(syntax => !syntax.IsBigEndian)
            .OrderBy(syntax => syntax == TransferSyntax.ExplicitLittleEndian ? 0 : syntax.IsLossy ? 3 : syntax.IsEncapsulated ? 2 : 1)
            .Select(syntax => syntax.Uid),
        Uids.ExplicitVRBigEndian,
    ];
}

/// <summary>A context that both sides agreed on.</summary>
public sealed record AcceptedContext(byte Id, string AbstractSyntax, TransferSyntax TransferSyntax);

/// <summary>The answer to a request: exactly one of the two.</summary>
public readonly record struct NegotiationAnswer(AssociateAccept? Accept, AssociateReject? Reject);

/// <summary>Association negotiation (PS3.8 7.1.1, annex B; PS3.7 annex D). Pure functions.</summary>
public static class Negotiation
{
    /// <summary>Root of the standard's transfer syntaxes (PS3.6 table A-1).</summary>
    private const string TransferSyntaxRoot = Uids.ImplicitVRLittleEndian;

    /// <summary>In these the pixels stay behind an address of the sender, so that storing the object would not store the image.</summary>
    private static readonly string[] Referenced =
        ["1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.204", "1.2.840.10008.1.2.4.205"];

    /// <summary>What the service provider itself rejects, before anybody is asked (AE-6); or null.</summary>
    public static AssociateReject? ProviderRejection(AssociateRequest request) =>
        (request.ProtocolVersion & 1) == 0 ? AssociateReject.ProtocolVersion : null;

    public static NegotiationAnswer Answer(AssociateRequest request, AcceptorPolicy policy)
    {
        AssociateReject? reject = request switch
        {
            { ApplicationContext: not AssociateRequest.DicomApplicationContext } => AssociateReject.ApplicationContext,
            _ when !IsListed(policy.CalledAeTitles, request.CalledAeTitle) => AssociateReject.CalledAeTitle,
            _ when !IsListed(policy.CallingAeTitles, request.CallingAeTitle) => AssociateReject.CallingAeTitle,
            _ => null,
        };
        if (reject is not null)
        {
            return new NegotiationAnswer(null, reject);
        }

        AnsweredContext[] contexts = [.. request.Contexts.Select(context => Answer(context, policy))];
        HashSet<string> accepted = [.. request.Contexts.Where((_, i) => contexts[i].Result == ContextResult.Acceptance)
            .Select(context => context.AbstractSyntax)];
        AssociateAccept accept = new()
        {
            CalledAeTitle = request.CalledAeTitle,
            CallingAeTitle = request.CallingAeTitle,
            Contexts = contexts,
            UserInformation = new UserInformation
            {
                MaxPduBytes = Limits.ReceivePduBytes,
                ImplementationVersion = Implementation.VersionName,
                // We are provider only: the requestor may be user as it proposed, and never provider (PS3.7 D.3.3.4).
                Roles = [.. request.UserInformation.Roles.Where(role => accepted.Contains(role.SopClassUid))
                    .Select(role => role with { IsProvider = false })],
            },
        };
        return new NegotiationAnswer(accept, null);
    }

    /// <summary>The contexts that both sides agreed on, from the request and its answer.</summary>
    public static IReadOnlyList<AcceptedContext> AcceptedContexts(AssociateRequest request, AssociateAccept accept)
    {
        List<AcceptedContext> accepted = [];
        foreach (AnsweredContext answer in accept.Contexts)
        {
            ProposedContext? proposed = request.Contexts.FirstOrDefault(context => context.Id == answer.Id);
            if (answer.Result == ContextResult.Acceptance && proposed?.TransferSyntaxes.Contains(answer.TransferSyntax) == true)
            {
                accepted.Add(new AcceptedContext(answer.Id, proposed.AbstractSyntax, TransferSyntax.Of(answer.TransferSyntax)));
            }
        }

        return accepted;
    }

    private static AnsweredContext Answer(ProposedContext context, AcceptorPolicy policy)
    {
        string? chosen = Choose(context.TransferSyntaxes, policy);
        ContextResult result = !policy.TakesSopClass(context.AbstractSyntax) ? ContextResult.AbstractSyntaxNotSupported
            : chosen is null ? ContextResult.TransferSyntaxesNotSupported
            : ContextResult.Acceptance;

        // A transfer syntax is sent with a refusal too; it is not to be tested (PS3.8 9.3.3.2).
        return new AnsweredContext(context.Id, result, result == ContextResult.Acceptance ? chosen! : Uids.ImplicitVRLittleEndian);
    }

    private static string? Choose(IReadOnlyList<string> proposed, AcceptorPolicy policy) =>
        policy.TransferSyntaxes.FirstOrDefault(proposed.Contains)
        ?? (policy.TakesOtherTransferSyntaxes ? proposed.FirstOrDefault(IsOtherTransferSyntax) : null);

    private static bool IsOtherTransferSyntax(string uid) =>
        uid.StartsWith(TransferSyntaxRoot + ".", StringComparison.Ordinal) && !Referenced.Contains(uid);

    private static bool IsListed(IReadOnlyList<string> titles, string title) => titles.Count == 0 || titles.Contains(title);
}
