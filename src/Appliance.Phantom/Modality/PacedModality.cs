using System.Threading.Channels;
using Appliance.Dicom.Transport;

namespace Appliance.Phantom.Modality;

/// <summary>Whether one association carries all objects, or each has its own.</summary>
public enum AssociationUse
{
    One, PerImage,
}

/// <summary>Where and how fast to send.</summary>
/// <param name="Rate">Objects a second; 0: as fast as it goes.</param>
public sealed record Destination(string Host, int Port, string Calling, string Called, double Rate, AssociationUse Use);

/// <summary>A modality that stores its objects at an even pace.</summary>
/// <remarks>Object i is due i/rate seconds after the first, on the monotonic clock: a late object does not shift those after it.</remarks>
public sealed class PacedModality(Destination destination, TimeProvider time)
{
    // Made ahead of their moment, so that making them does not disturb the pace.
    private const int ObjectsAhead = 12;

    private readonly SendTally tally = new(time, destination.Rate);
    private StoreUser? user;

    /// <summary>Sends all objects; a failure of one does not keep back the others.</summary>
    /// <param name="sent">Called after each object with the number done.</param>
    public async Task<SendSummary> SendAsync(IReadOnlyList<Outgoing> objects, Action<int> sent, CancellationToken cancel)
    {
        // 1. Someone makes or reads the objects ahead of their time.
        Channel<(Outgoing Object, ReadOnlyMemory<byte> Bytes)> ahead =
            Channel.CreateBounded<(Outgoing, ReadOnlyMemory<byte>)>(ObjectsAhead);
        Task making = MakeAsync(objects, ahead.Writer, cancel);

        // 2. The association stands, and the first objects are ready, before the clock starts.
        PresentationContextRequest[] contexts =
            [.. objects.Select(o => (o.SopClassUid, o.Syntax)).Distinct().Select(c => new PresentationContextRequest(c.SopClassUid,
                c.Syntax))];
        await ahead.Reader.WaitToReadAsync(cancel);
        await ConnectAsync(contexts, cancel);
        tally.Start();

        // 3. Each object at its moment.
        int done = 0;
        await foreach ((Outgoing next, ReadOnlyMemory<byte> bytes) in ahead.Reader.ReadAllAsync(cancel))
        {
            await tally.WaitForTurnAsync(cancel);
            await StoreAsync(next, bytes, contexts, cancel);
            sent(++done);
        }

        // 4. A released association, and whatever went wrong in making the objects.
        await ReleaseAsync(cancel);
        await making;
        return tally.Summary(objects);
    }

    private static async Task MakeAsync(
        IReadOnlyList<Outgoing> objects, ChannelWriter<(Outgoing, ReadOnlyMemory<byte>)> ahead, CancellationToken cancel)
    {
        try
        {
            foreach (Outgoing next in objects)
            {
                ReadOnlyMemory<byte> bytes = await Task.Run(next.DataSet, cancel);
                await ahead.WriteAsync((next, bytes), cancel);
            }
        }
        finally
        {
            ahead.Complete();
        }
    }

    private async Task ConnectAsync(PresentationContextRequest[] contexts, CancellationToken cancel)
    {
        ConnectOutcome outcome = await StoreUser.ConnectAsync(
            destination.Host, destination.Port, destination.Calling, destination.Called, contexts, AssociationTimeouts.Default,
                time, cancel);
        user = outcome.User;
        tally.ConnectFailure = outcome.Failure?.ToString();
    }

    private async Task StoreAsync(
        Outgoing next, ReadOnlyMemory<byte> bytes, PresentationContextRequest[] contexts, CancellationToken cancel)
    {
        tally.StoreStarts();
        if (user is null)
        {
            await ConnectAsync(contexts, cancel);
        }

        if (user is null)
        {
            tally.Failed(tally.ConnectFailure ?? "no association");
            return;
        }

        RequestOutcome outcome = await user.StoreAsync(next.SopClassUid, next.SopInstanceUid, next.Syntax, bytes, cancel);
        if (outcome.IsStored)
        {
            tally.Stored();
        }
        else
        {
            tally.Failed(outcome.ToString());
        }

        if (outcome.Result == RequestResult.Ended)
        {
            await user.DisposeAsync();
            user = null;
        }
        else if (destination.Use == AssociationUse.PerImage)
        {
            await ReleaseAsync(cancel);
        }
    }

    private async Task ReleaseAsync(CancellationToken cancel)
    {
        if (user is not null)
        {
            await user.ReleaseAsync(cancel);
            await user.DisposeAsync();
            user = null;
        }
    }
}
