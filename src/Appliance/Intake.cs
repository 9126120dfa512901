using System.Collections.Concurrent;
using System.Net;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Status = Appliance.Dicom.Dimse.Status;

namespace Appliance.Daemon;

/// <summary>What the modality meets: takes each object into the journal and answers only then.</summary>
/// <param name="normalized">What it may ask beside storing.</param>
/// <param name="accepts">Whether the device takes associations at all.</param>
/// <param name="worker">What its work is watched as.</param>
public sealed class Intake(
    Journal journal, JournalDisk disk, Outbox outbox, AnalysisLanes analysis, NormalizedProvider? normalized, Func<bool> accepts,
    Supervisor supervisor, Worker worker, Action<Happening> tell, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, bool> open = [];

    /// <summary>What the association server asks.</summary>
    public StorageProvider Provider => new()
    {
        Accept = Accept,
        Opened = Opened,
        Store = StoreAsync,
        Closed = Closed,
        Normalized = normalized,
        Faulted = (_, fault) => tell(new PartFailed(time.GetUtcNow(), "intake", Text.Of(fault))),
    };

    /// <summary>A transient refusal: the modality keeps its images and tries again.</summary>
    private AssociateReject? Accept(AssociateRequest request, IPEndPoint remote) =>
        accepts() && !disk.IsLow ? null : AssociateReject.LocalLimit;

    private void Opened(Association association)
    {
        open.TryAdd(association.Id, true);
        tell(new AssociationOpened(time.GetUtcNow()));
    }

    private void Closed(Association association, AssociationEnd end)
    {
        bool wasOpen = open.TryRemove(association.Id, out _);
        string address = association.Remote.Address.ToString();
        analysis.AssociationClosed(association.Id);
        tell(end.Reason switch
        {
            EndReason.Rejected => new AssociationRefused(time.GetUtcNow(), address, end.Text),
            EndReason.Released or EndReason.ShutDown when wasOpen => new AssociationClosed(time.GetUtcNow()),
            _ => new AssociationBroken(time.GetUtcNow(), address, end.ToString(), wasOpen),
        });
    }

    private async ValueTask<Status> StoreAsync(StoreRequest request, CancellationToken stopping)
    {
        // A thread of the pool began where the one stood that asked for it, whichever that was.
        OwnThread.Stand(ThreadOrder.Reception);
        analysis.ObjectBegins(request.Association.Id);
        try
        {
            return disk.IsLow
                ? Refuse(Status.OutOfResources, new Refusal(RefusalReason.DiskFull, "Too little space is left."))
                : await TakeAsync(request).ConfigureAwait(false);
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            disk.Suspect();
            Refusal full = new(RefusalReason.DiskFull, $"The object could not be written ({Text.Of(failure)}).");
            return Refuse(Status.OutOfResources, full);
        }
        finally
        {
            analysis.ObjectEnds(request.Association.Id);
        }
    }

    private async ValueTask<Status> TakeAsync(StoreRequest request)
    {
        using ArrivingInstance arriving = journal.Begin(
            request.SopClassUid, request.SopInstanceUid, request.TransferSyntax, request.Association.CallingAeTitle);

        // 1. The data set goes to the disk while it arrives; its header is read on the way.
        HeaderReader header = new(request.TransferSyntax);
        Chunk chunk = await request.ReadAsync().ConfigureAwait(false);
        for (; chunk.Kind == ChunkKind.Bytes; chunk = await request.ReadAsync().ConfigureAwait(false))
        {
            arriving.Append(chunk.Bytes.Span);
            header.Take(chunk.Bytes.Span);
        }

        if (chunk.Kind == ChunkKind.Cut)
        {
            return Status.ProcessingFailure;
        }

        // 2. What cannot be read is refused: its sender is the one who can still do something about it.
        Parsed<DataSet> read = Read(arriving, header);
        if (read.Failed)
        {
            return Refuse(Status.CannotUnderstand, new Refusal(RefusalReason.Malformed, read.Malformed.ToString()));
        }

        if (!read.Value.HasValue(Tags.SOPClassUID) || !read.Value.HasValue(Tags.SOPInstanceUID))
        {
            return Refuse(Status.CannotUnderstand, new Refusal(RefusalReason.Malformed, "the data set does not say what it is"));
        }

        if (MismatchOf(read.Value, request) is string mismatch)
        {
            return Refuse(Status.DataSetDoesNotMatchSopClass, new Refusal(RefusalReason.Malformed, mismatch));
        }

        // 3. Into the journal: on the disk, under its name, when this returns.
        (Kept kept, JournalEntry entry) = Commit(arriving, PlaceOf(read.Value, request.SopInstanceUid), request.Association.Id);

        // 4. Everyone is told: the outbox sends it on, whatever becomes of the analysis.
        tell(new OriginalStored(time.GetUtcNow(), entry, kept, arriving.Length, read.Value.GetString(Tags.Modality) ?? ""));
        if (kept == Kept.New)
        {
            outbox.Add([entry]);
            analysis.SliceStored(entry, request.Association.Id, SliceFacts.Of(read.Value));
        }

        // 5. Acknowledged.
        return Status.Success;
    }

    private (Kept Kept, JournalEntry Entry) Commit(ArrivingInstance arriving, JournalEntry place, long association)
    {
        // Another thread of the pool than the one that began.
        OwnThread.Stand(ThreadOrder.Reception);
        using Work watched = supervisor.Begin(worker, Operations.Commit, association);
        return journal.Commit(arriving, place);
    }

    private static Parsed<DataSet> Read(ArrivingInstance arriving, HeaderReader header)
    {
        if (header.State == HeaderState.WholeObjectNeeded)
        {
            return DataSetReader.Read(arriving.ReadDataSet(), arriving.Syntax);
        }

        if (header.End() == HeaderState.Malformed)
        {
            return header.Malformed!;
        }

        Malformed? end = header.PixelData is PixelDataPlace place
            ? DataSetEnd.Check(arriving.Read, arriving.Length - arriving.DataSetOffset, place, arriving.Syntax)
            : null;
        return end is null ? header.Header! : end;
    }

    /// <summary>What the request says and what the data set says is the same object (PS3.4 B.2.3, status A900).</summary>
    private static string? MismatchOf(DataSet header, StoreRequest request) =>
        header.GetString(Tags.SOPClassUID) != request.SopClassUid ? "the SOP class of the data set is not that of the request"
        : header.GetString(Tags.SOPInstanceUID) != request.SopInstanceUid ? "the SOP instance of the data set is not that of the request"
        : null;

    private static JournalEntry PlaceOf(DataSet header, string sopInstanceUid) => JournalEntry.Original(
        header.GetString(Tags.StudyInstanceUID) ?? "", header.GetString(Tags.SeriesInstanceUID) ?? "", sopInstanceUid);

    private Status Refuse(Status status, Refusal reason)
    {
        tell(new ObjectRefused(time.GetUtcNow(), reason));
        return status;
    }
}
