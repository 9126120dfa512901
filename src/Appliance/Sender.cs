using System.Threading.Channels;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;

namespace Appliance.Daemon;

/// <summary>Brings one destination what it is owed, in order, for as long as it takes. No destination waits for another.</summary>
/// <param name="pending">What it is to send; a sender that takes another one's place goes on with the same.</param>
/// <param name="start">What the times in there count from.</param>
public sealed class Sender(
    DestinationSettings destination, Journal journal, AssociationTimeouts timeouts, PendingObjects pending, long start,
    Supervisor supervisor, Worker worker, Action<Happening> tell, TimeProvider time)
{
    private static readonly TimeSpan IdleRelease = TimeSpan.FromMilliseconds(Limits.IdleReleaseMs);

    private readonly Channel<bool> added = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private StoreUser? association;
    private Proposal? proposal;
    private int failures;
    private volatile bool paused = destination.Paused;

    public string Name => destination.Name;

    public bool IsPaused => paused;

    private TimeSpan Now => time.GetElapsedTime(start);

    public void Add(OwedObject owed)
    {
        pending.Add(new PendingObject(owed));
        added.Writer.TryWrite(true);
    }

    /// <summary>Stops after the object in hand, or goes on.</summary>
    public void Pause(bool pause)
    {
        paused = pause;
        added.Writer.TryWrite(true);
    }

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // 1. The next object; without one, wait, and after a while give the association back.
                PendingObject? next = paused ? null : pending.Take(Now);
                if (next is null)
                {
                    await WaitForWorkAsync(stop).ConfigureAwait(false);
                    continue;
                }

                await GuardedAsync(next, stop).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (stop.IsCancellationRequested || ended is AbandonedException)
        {
            // What was in hand stays owed: the journal knows. Or it is somebody else's now, and only the association is left to close.
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Offers the object again after a long while.</summary>
    public void Hold(PendingObject item, Refusal reason)
    {
        item.IsHeld = true;
        item.Failures++;
        pending.SetBack(item, Now + Backoff.Held);
        tell(new ObjectHeldBack(time.GetUtcNow(), Name, item.Entry, reason));
    }

    /// <summary>An unreadable file or a defect costs one object's place in the queue, not the destination.</summary>
    private async Task GuardedAsync(PendingObject next, CancellationToken stop)
    {
        try
        {
            await OfferAsync(next, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && failure is not AbandonedException)
        {
            tell(new PartFailed(time.GetUtcNow(), "sender", Text.Of(failure)));
            await CloseAsync().ConfigureAwait(false);
            Hold(next, new Refusal(RefusalReason.DestinationRefused, "The object cannot be read from the journal. Check the disk."));
        }
    }

    private async Task OfferAsync(PendingObject next, CancellationToken stop)
    {
        if (next.LabelMap is JournalEntry labelMap && !IsDue(next, labelMap))
        {
            return;
        }

        if (destination.IsFolder)
        {
            await ExportAsync(next, stop).ConfigureAwait(false);
            return;
        }

        await using FileStream file = Watched(Operations.Read, next, () => File.OpenRead(journal.PathOf(next.Entry)));
        MetaOfFile meta = Watched(Operations.Read, next, () => MetaOfFile.Read(file));

        // 2. An association that was negotiated for such an object.
        if (!await EnsureAssociationAsync(next, meta, stop).ConfigureAwait(false))
        {
            pending.PutBack(next);
            await Task.Delay(Backoff.OfDestination(failures, destination), time, stop).ConfigureAwait(false);
            return;
        }

        // 3. As it came wherever that is accepted.
        Outcome<TransferSyntax> form = WireForm.Choose(meta.Syntax, association!.AcceptedSyntaxes(meta.SopClassUid));
        if (form.Refused)
        {
            Refused(next, form.Refusal);
            return;
        }

        Outcome<DataSetSource> source = Watched(Operations.Read, next, () => SourceOf(next, file, meta, form.Value));
        if (source.Refused)
        {
            Hold(next, source.Refusal);
            return;
        }

        // 4. Sent, and judged by its own answer.
        RequestOutcome answer = await association.StoreAsync(meta.SopClassUid, meta.SopInstanceUid, form.Value, source.Value, stop)
            .ConfigureAwait(false);
        if (answer.Result == RequestResult.Answered)
        {
            Judge(next, (ushort)answer.Status);
            return;
        }

        // 5. The association broke: whether the destination has the object is not known, so it gets it again.
        await CloseAsync().ConfigureAwait(false);
        await DownAsync(answer.ToString(), stop).ConfigureAwait(false);
        SetBack(next);
    }

    /// <summary>A folder that is away is tried again like a destination that does not answer.</summary>
    private async Task ExportAsync(PendingObject next, CancellationToken stop)
    {
        try
        {
            Refusal? away = Watched(Operations.Export, next, () => FolderExport.Away(destination));
            if (away is null)
            {
                Refusal? refusal = Watched(Operations.Export, next, () => new FolderExport(destination, journal).Write(next.Entry));
                if (refusal is not null)
                {
                    // The folder is well, the object is not; one that was taken says so by itself.
                    Seen(null);
                    Hold(next, refusal);
                    return;
                }

                failures = 0;
                Accepted(next, 0);
                return;
            }

            Seen(away);
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            Seen(FolderExport.Unwritable(failure));
        }

        failures++;
        pending.PutBack(next);
        await Task.Delay(Backoff.OfDestination(failures, destination), time, stop).ConfigureAwait(false);
    }

    private async Task<bool> EnsureAssociationAsync(PendingObject next, MetaOfFile meta, CancellationToken stop)
    {
        if (association is { End: null } && proposal!.Covers(meta))
        {
            return true;
        }

        await CloseAsync().ConfigureAwait(false);
        IReadOnlyList<PendingObject> ahead = pending.Peek(Limits.LookAheadObjects);
        proposal = Watched(
            Operations.Read,
            next,
            () => new Proposal([meta, .. ahead.Select(MetaOf).OfType<MetaOfFile>()], Owed.SopClasses(destination)));
        ConnectOutcome connected = await StoreUser.ConnectAsync(
            destination.Host, destination.Port, destination.CallingAe, destination.AeTitle, proposal.Requests, timeouts, time, stop)
            .ConfigureAwait(false);
        association = connected.User;
        stop.ThrowIfCancellationRequested();
        if (association is null)
        {
            failures++;
            Seen(new Refusal(RefusalReason.NotReachable, $"not reachable: {connected.Failure?.Text}"));
            return false;
        }

        Seen(null);
        return true;
    }

    private void Judge(PendingObject item, ushort status)
    {
        switch (DeliveryOf.Status(status))
        {
            case Delivery.Accepted:
                failures = 0;
                Accepted(item, status);
                break;
            case Delivery.Later:
                SetBack(item);
                break;
            default:
                Refused(item, new Refusal(
                    RefusalReason.DestinationRefused, $"The destination answers {status:X4}. Ask its administrator."));
                break;
        }
    }

    private void Accepted(PendingObject item, ushort status)
    {
        Note(item, status);
        tell(new ObjectDelivered(time.GetUtcNow(), Name, item.Entry));
    }

    private void Note(PendingObject item, ushort status)
    {
        using Work watched = supervisor.Begin(worker, Operations.NoteDelivery, item);
        DeliveryLog.Append(journal.FolderOf(item.Entry.Study), Name, item.Entry.Relative, status, time.GetUtcNow());
        Work.ThrowIfAbandoned();
    }

    /// <summary>Whether to send what depends on a label map: only the log says what became of that.</summary>
    private bool IsDue(PendingObject item, JournalEntry labelMap)
    {
        Dictionary<string, ushort> log = Watched(
            Operations.Read, item, () => DeliveryLog.Read(journal.FolderOf(labelMap.Study), Name));
        if (!log.TryGetValue(labelMap.Relative, out ushort answer))
        {
            // The label map itself was set back.
            SetBack(item);
            return false;
        }

        bool isDue = answer == DeliveryLog.LabelMapRefused != (item.Entry.Kind == ResultKind.ReportOfLabelMap);
        if (!isDue)
        {
            End(item, DeliveryLog.Spared);
        }

        return isDue;
    }

    /// <summary>Not as it is. Of a label map there is another form; all else is held.</summary>
    private void Refused(PendingObject item, Refusal reason)
    {
        if (item.Entry.Kind == ResultKind.LabelMap)
        {
            End(item, DeliveryLog.LabelMapRefused);
            tell(new LabelMapRefused(time.GetUtcNow(), Name, item.Entry, reason.Text));
        }
        else
        {
            Hold(item, reason);
        }
    }

    private void End(PendingObject item, ushort why)
    {
        Note(item, why);
        tell(new ObjectDelivered(time.GetUtcNow(), Name, item.Entry, Sent: false));
    }

    private void SetBack(PendingObject item)
    {
        item.Failures++;
        pending.SetBack(item, Now + Backoff.OfObject(item.Failures));
    }

    /// <summary>What does not wait for the peer, but for this machine alone.</summary>
    private T Watched<T>(Operation operation, PendingObject item, Func<T> work)
    {
        using Work watched = supervisor.Begin(worker, operation, item);
        T done = work();
        Work.ThrowIfAbandoned();
        return done;
    }

    private async Task DownAsync(string why, CancellationToken stop)
    {
        failures++;
        Seen(new Refusal(RefusalReason.DestinationRefused, $"The association broke ({why})."));
        await Task.Delay(Backoff.OfDestination(failures, destination), time, stop).ConfigureAwait(false);
    }

    /// <summary>Told each time: others ask the destination too, so what is news is not known here.</summary>
    private void Seen(Refusal? down) => tell(new DestinationSeen(time.GetUtcNow(), Name, down));

    private async Task WaitForWorkAsync(CancellationToken stop)
    {
        TimeSpan? due = pending.NextDue() - Now;
        TimeSpan wait = association is null ? due ?? Timeout.InfiniteTimeSpan : due < IdleRelease ? due.Value : IdleRelease;
        using CancellationTokenSource limit = new(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await added.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            if (wait == IdleRelease)
            {
                await ReleaseAsync(stop).ConfigureAwait(false);
            }
        }
    }

    private async Task ReleaseAsync(CancellationToken stop)
    {
        if (association is not null)
        {
            await association.ReleaseAsync(stop).ConfigureAwait(false);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        if (association is not null)
        {
            await association.DisposeAsync().ConfigureAwait(false);
            association = null;
        }
    }

    private Outcome<DataSetSource> SourceOf(PendingObject next, FileStream file, MetaOfFile meta, TransferSyntax form)
    {
        if (form == meta.Syntax)
        {
            WatchedStream watched = new(file, () => supervisor.Begin(worker, Operations.Read, next));
            return new DataSetSource(watched, file.Length - meta.DataSetOffset);
        }

        byte[] bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        Outcome<byte[]> encoded = WireForm.Encode(bytes, form);
        return encoded.Refused ? encoded.Refusal : new DataSetSource(encoded.Value);
    }

    private MetaOfFile? MetaOf(PendingObject item)
    {
        try
        {
            using FileStream file = File.OpenRead(journal.PathOf(item.Entry));
            return MetaOfFile.Read(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException)
        {
            // When its turn comes it is held; the association need not be negotiated for it.
            return null;
        }
    }
}
