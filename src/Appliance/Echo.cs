using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;

namespace Appliance.Daemon;

/// <summary>Asks a destination whether it answers: C-ECHO (PS3.4 annex A).</summary>
public static class Echo
{
    /// <returns>Why it does not, or null where it does.</returns>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static async Task<Refusal?> AskAsync(DestinationSettings destination, TimeProvider time, CancellationToken stop)
    {
        if (destination.IsFolder)
        {
            return FolderExport.Away(destination);
        }

        ConnectOutcome connected = await StoreUser.ConnectAsync(
            destination.Host, destination.Port, destination.CallingAe, destination.AeTitle,
            [new PresentationContextRequest(Uids.Verification, TransferSyntax.ImplicitLittleEndian)],
            AssociationTimeouts.Default, time, stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        if (connected.User is null)
        {
            return new Refusal(RefusalReason.NotReachable, $"not reachable: {connected.Failure?.Text}");
        }

        // It answered; whether it also implements Verification is not what matters.
        await using StoreUser user = connected.User;
        await user.EchoAsync(stop).ConfigureAwait(false);
        await user.ReleaseAsync(stop).ConfigureAwait(false);
        return null;
    }
}
