using System.Runtime.CompilerServices;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>Sending: whole PDUs, as many in one write as the buffer holds.</summary>
internal sealed partial class AssociationLink
{
    /// <summary>Holds every command set but those with long lists.</summary>
    private byte[] commandBytes = new byte[1024];

    /// <summary>A command set and its data set, cut to the peer's maximum length (PS3.7 6.3, PS3.8 annex E).</summary>
    /// <param name="dataSet">Read to its end where the command set says that there is one; its bytes are sent as they are.</param>
    /// <returns>False when the association has ended.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendMessageAsync(byte contextId, CommandSet command, DataSetSource dataSet, int fragmentBytes)
    {
        if (CommandSetWriter.Bound(command) is int bound && bound > commandBytes.Length)
        {
            commandBytes = new byte[bound];
        }

        DataSetSource commandSource = new(commandBytes.AsMemory(0, CommandSetWriter.Write(command, commandBytes)));
        bool isSent = await PutAsync(contextId, true, commandSource, fragmentBytes).ConfigureAwait(false);
        if (isSent && command.HasDataSet)
        {
            isSent = await PutAsync(contextId, false, dataSet, fragmentBytes).ConfigureAwait(false);
        }

        return isSent && await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Puts fragments into the send buffer and writes it whenever the next PDU does not fit.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> PutAsync(byte contextId, bool isCommand, DataSetSource source, int fragmentBytes)
    {
        long left = source.Length;
        fragmentBytes = Math.Min(fragmentBytes, sending.Length - PDataWriter.HeaderBytes);
        do
        {
            int fragment = (int)Math.Min(left, fragmentBytes);
            if (sending.Length - sendingUpTo < PDataWriter.HeaderBytes + fragment && !await FlushAsync().ConfigureAwait(false))
            {
                return false;
            }

            left -= fragment;
            PDataWriter.Header(sending.AsSpan(sendingUpTo), contextId, isCommand, left == 0, fragment);
            await source.CopyAsync(sending.AsMemory(sendingUpTo + PDataWriter.HeaderBytes, fragment), watchdog.Token).ConfigureAwait(false);
            sendingUpTo += PDataWriter.HeaderBytes + fragment;
        }
        while (left > 0);

        return true;
    }

    /// <summary>Writes the buffered PDUs: one P-DATA request of the upper layer (DT-1) for all of them.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FlushAsync()
    {
        if (End is not null)
        {
            return false;
        }

        upperLayer.Step(UpperLayerEvent.PDataRequest, time.GetTimestamp());
        await SendAsync(sending.AsMemory(0, sendingUpTo)).ConfigureAwait(false);
        sendingUpTo = 0;
        return End is null;
    }

    private async ValueTask SendAbortAsync(Abort abort)
    {
        await SendAsync(PduWriter.Abort(abort)).ConfigureAwait(false);
        connection.FinishSending();
    }

    /// <summary>Writes, and where that fails closes: a PDU that was cut cannot be followed by anything.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            watchdog.Expect(timeouts.Send, EndReason.SendTimedOut);
            await connection.SendAsync(bytes, watchdog.Token).ConfigureAwait(false);
            watchdog.Relax();
            return;
        }
        catch (OperationCanceledException)
        {
            End ??= new AssociationEnd(watchdog.Reason, TextOf(watchdog.Reason));
            watchdog.Renew();
        }
        catch (Exception lost) when (IsLost(lost))
        {
            End ??= await LastWordAsync().ConfigureAwait(false)
                ?? new AssociationEnd(EndReason.Lost, "the connection was lost while sending");
        }

        if (upperLayer.State != UpperLayerState.Sta1)
        {
            upperLayer.Step(UpperLayerEvent.TransportClosed, time.GetTimestamp());
        }

        connection.Dispose();
    }

    /// <summary>An A-ABORT that the peer sent before it closed lies unread behind the failed write: it says why.</summary>
    private async ValueTask<AssociationEnd?> LastWordAsync()
    {
        while (true)
        {
            PduFrame frame = PduFrame.Of(received.AsSpan(takenUpTo, receivedUpTo - takenUpTo), MaxPDataBytes);
            switch (frame.Kind)
            {
                case PduFrameKind.Complete when frame.Type == PduType.Abort:
                    ReadOnlySpan<byte> body = received.AsSpan(takenUpTo + PduFrame.HeaderBytes, frame.BodyBytes);
                    return new AssociationEnd(EndReason.AbortedByPeer, $"aborted {AssociateReader.Abort(body)}");
                case PduFrameKind.Complete:
                    takenUpTo += frame.TotalBytes;
                    break;
                case PduFrameKind.Incomplete when receivedUpTo < received.Length:
                    if (!await ReceiveRestAsync().ConfigureAwait(false))
                    {
                        return null;
                    }

                    break;
                default:
                    return null;
            }
        }
    }

    private async ValueTask<bool> ReceiveRestAsync()
    {
        try
        {
            int count = await connection.ReceiveAsync(received.AsMemory(receivedUpTo), watchdog.Token).ConfigureAwait(false);
            receivedUpTo += count;
            return count > 0;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }
}
