using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;

namespace Appliance.Dicom.Transport;

/// <summary>One request of a normalized service (PS3.7 10): N-CREATE, N-SET or N-ACTION, with its data set whole.</summary>
/// <param name="DataSet">Empty where the request has none; its bytes are in <paramref name="Syntax"/>.</param>
public sealed record NormalizedRequest(
    Association Association, CommandSet Command, TransferSyntax Syntax, ReadOnlyMemory<byte> DataSet);

/// <summary>An event to report to whoever asked (N-EVENT-REPORT, PS3.7 10.1.1).</summary>
public sealed record EventReport(string SopClassUid, string SopInstanceUid, ushort EventTypeId, DataSet Information);

/// <summary>What is answered.</summary>
/// <param name="Comment">Error Comment (0000,0902), at most 64 characters.</param>
public sealed record NormalizedAnswer(Status Status, string? Comment = null)
{
    /// <summary>Error ID (0000,0903), where the service class defines one.</summary>
    public ushort? ErrorId { get; init; }

    /// <summary>Of an instance that was created without a name (PS3.7 10.1.5.1.4).</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Reported on this association if it is still there in a moment, else handed back.</summary>
    public EventReport? Then { get; init; }
}

/// <summary>Which normalized services an acceptor offers, and who answers them.</summary>
public sealed record NormalizedProvider
{
    /// <summary>Pairs of SOP class and request; all others are answered as unrecognized.</summary>
    public required IReadOnlySet<(string SopClassUid, CommandField Request)> Offered { get; init; }

    /// <summary>Called with the whole request. Exceptions abort the association, as those of storing do.</summary>
    public required Func<NormalizedRequest, CancellationToken, ValueTask<NormalizedAnswer>> Answer { get; init; }

    /// <summary>Called once for each <see cref="NormalizedAnswer.Then"/>: whether the peer took it on its own association.</summary>
    public required Action<Association, EventReport, bool> Reported { get; init; }

    /// <summary>
    /// How long the association must stay silent before an event is reported on it: who is about to release does so within that time,
    /// and waits for its reports on another one.
    /// </summary>
    public TimeSpan ReportAfter { get; init; } = TimeSpan.FromMilliseconds(Limits.ReportAfterMs);
}
