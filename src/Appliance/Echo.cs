using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;

namespace Appliance.Daemon;

/// <summary>Asks a destination whether it answers: C-ECHO (PS3.4 annex A), or whether its folder may be written.</summary>
public static class Echo
{
    /// <summary>Ends within <see cref="Limits.EchoDeadlineMs"/>, whatever the destination does.</summary>
    /// <returns>What was seen, as of the moment it was asked.</returns>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static async Task<DestinationSeen> AskAsync(DestinationSettings destination, TimeProvider time, CancellationToken stop)
    {
        DateTimeOffset asked = time.GetUtcNow();
        Task<Refusal?> answer = destination.IsFolder
            ? FolderAsync(destination, time, stop)
            : PeerAsync(destination, time, stop);
        return new DestinationSeen(asked, destination.Name, await answer.ConfigureAwait(false));
    }

    private static async Task<Refusal?> PeerAsync(DestinationSettings destination, TimeProvider time, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(Limits.EchoDeadlineMs), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await AssociateAsync(destination, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Late;
        }
    }

    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    private static async Task<Refusal?> AssociateAsync(DestinationSettings destination, TimeProvider time, CancellationToken cancel)
    {
        ConnectOutcome connected = await StoreUser.ConnectAsync(
            destination.Host, destination.Port, destination.CallingAe, destination.AeTitle,
            [new PresentationContextRequest(Uids.Verification, TransferSyntax.ImplicitLittleEndian)],
            AssociationTimeouts.Default, time, cancel).ConfigureAwait(false);
        if (connected.User is null)
        {
            cancel.ThrowIfCancellationRequested();
            return new Refusal(RefusalReason.NotReachable, $"not reachable: {connected.Failure?.Text}");
        }

        await using StoreUser user = connected.User;
        RequestOutcome answer = await user.EchoAsync(cancel).ConfigureAwait(false);
        if (answer.Result == RequestResult.Ended)
        {
            cancel.ThrowIfCancellationRequested();
            return new Refusal(RefusalReason.NotReachable, $"it takes the association and does not answer: {answer}");
        }

        // It answered; whether it also implements Verification is not what matters, nor how it says goodbye.
        await user.ReleaseAsync(cancel).ConfigureAwait(false);
        return null;
    }

    /// <summary>On a thread of its own: a share whose server is away may keep it for as long as it is.</summary>
    private static async Task<Refusal?> FolderAsync(DestinationSettings destination, TimeProvider time, CancellationToken stop)
    {
        Task<Refusal?> look = Task.Factory.StartNew(
            () => FolderExport.Ask(destination), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await look.WaitAsync(TimeSpan.FromMilliseconds(Limits.EchoDeadlineMs), time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Late;
        }
    }

    private static Refusal Late => new(RefusalReason.NotReachable, $"no answer within {Limits.EchoDeadlineMs / 1000} s");
}
