using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>What the upper layer tells its user after receiving (PS3.8 7).</summary>
internal enum Indication
{
    /// <summary>Nothing; receive again.</summary>
    None,
    Associate,
    Accepted,
    Rejected,
    Data,
    Release,

    /// <summary>It is over; <see cref="AssociationLink.End"/> says how.</summary>
    Ended,
}

/// <summary>One connection driven by the upper layer machine: socket in and out, PDUs up and down.</summary>
/// <remarks>One reader at a time; sends come from the same flow. Two pooled buffers; nothing is allocated for a P-DATA-TF.</remarks>
internal sealed partial class AssociationLink : IDisposable
{
    /// <summary>With less room than this at the buffer's end, what is left moves to its start: receives stay large.</summary>
    private const int SmallestReceiveBytes = 64 * 1024;

    private const int MaxPDataBytes = Limits.ReceivePduBytes + Limits.ReceivePduSlackBytes;

    private readonly Connection connection;
    private readonly UpperLayer upperLayer;
    private readonly Watchdog watchdog;
    private readonly TimeProvider time;
    private readonly AssociationTimeouts timeouts;
    private readonly byte[] received = ArrayPool<byte>.Shared.Rent(Limits.ReceiveBufferBytes);
    private readonly byte[] sending;
    private int takenUpTo;
    private int receivedUpTo;
    private int sendingUpTo;
    private bool framingIsLost;
    private bool isDisposed;
    private ReadOnlyMemory<byte> outgoing;
    private Abort abortReason = Abort.NoReason;
    private AssociationEnd? endIfNow;

    /// <param name="sendBufferBytes">How much goes out in one write at most: a provider sends responses, a user objects.</param>
    public AssociationLink(Connection connection, bool isRequestor, int sendBufferBytes, AssociationTimeouts timeouts, TimeProvider time)
    {
        sending = ArrayPool<byte>.Shared.Rent(sendBufferBytes);
        this.connection = connection;
        this.timeouts = timeouts;
        this.time = time;
        upperLayer = new UpperLayer(isRequestor, (long)(timeouts.Artim.TotalSeconds * time.TimestampFrequency));
        watchdog = new Watchdog(time, upperLayer);
    }

    /// <summary>The body of the PDU that was indicated last; valid until the next receive.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public AssociateRequest? Request { get; private set; }

    public AssociateAccept? Accept { get; private set; }

    /// <summary>How the association ended; null while it has not.</summary>
    public AssociationEnd? End { get; private set; }

    public Watchdog Watchdog => watchdog;

    /// <summary>A local event with the PDU that it sends, if any.</summary>
    /// <param name="end">How the association ends if this ends it.</param>
    public ValueTask<Indication> DoAsync(UpperLayerEvent happens, ReadOnlyMemory<byte> pdu = default, AssociationEnd? end = null)
    {
        outgoing = pdu;
        endIfNow = end;
        return StepAsync(happens, true);
    }

    /// <summary>Aborts where there is an association to abort; else the transport connection is all there is to close.</summary>
    public async ValueTask AbortAsync(AssociationEnd end)
    {
        if (UpperLayerTable.ActionOf(UpperLayerEvent.AbortRequest, upperLayer.State) != UpperLayerAction.None)
        {
            await DoAsync(UpperLayerEvent.AbortRequest, default, end).ConfigureAwait(false);
        }
    }

    /// <summary>Receives until the upper layer has something to tell.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Indication> ReceiveAsync()
    {
        while (End is null)
        {
            PduFrame frame = PduFrame.Of(received.AsSpan(takenUpTo, receivedUpTo - takenUpTo), MaxPDataBytes);
            if (frame.Kind == PduFrameKind.Incomplete)
            {
                UpperLayerEvent? interrupted = await FillAsync(frame).ConfigureAwait(false);
                if (interrupted is { } happened)
                {
                    await StepAsync(happened, true).ConfigureAwait(false);
                }

                continue;
            }

            UpperLayerEvent arrived = Take(frame, out bool isAcceptable);
            Indication indication = await StepAsync(arrived, isAcceptable).ConfigureAwait(false);
            if (indication != Indication.None)
            {
                return indication;
            }
        }

        return Indication.Ended;
    }

    /// <summary>Whether the peer sends something, or is gone, within this time. Nothing is taken of it.</summary>
    public async ValueTask<bool> HearsAsync(TimeSpan within)
    {
        if (takenUpTo < receivedUpTo)
        {
            return true;
        }

        using CancellationTokenSource silent = new(within, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, watchdog.Token);
        try
        {
            // A read of no bytes ends when there are some.
            await connection.ReceiveAsync(Memory<byte>.Empty, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return watchdog.Token.IsCancellationRequested;
        }
        catch (Exception lost) when (IsLost(lost))
        {
            // The next read finds the same, and tells it as the event that it is.
            return true;
        }
    }

    /// <summary>After the end: waits that the peer closes, at most ARTIM, and ignores what it still sends (Sta13).</summary>
    public async Task LingerAsync()
    {
        while (upperLayer.State == UpperLayerState.Sta13)
        {
            if (framingIsLost)
            {
                takenUpTo = receivedUpTo;
            }

            PduFrame frame = framingIsLost ? default : PduFrame.Of(received.AsSpan(takenUpTo, receivedUpTo - takenUpTo), MaxPDataBytes);
            UpperLayerEvent? happened = frame.Kind == PduFrameKind.Incomplete
                ? await FillAsync(frame).ConfigureAwait(false)
                : Take(frame, out _);
            if (happened is { } next)
            {
                await StepAsync(next, true).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        watchdog.Dispose();
        connection.Dispose();
        ArrayPool<byte>.Shared.Return(received);
        ArrayPool<byte>.Shared.Return(sending);
    }

    /// <summary>Takes one framed PDU out of the buffer and names its event. What it says is kept for the step.</summary>
    private UpperLayerEvent Take(PduFrame frame, out bool isAcceptable)
    {
        isAcceptable = true;
        if (frame.Kind != PduFrameKind.Complete)
        {
            framingIsLost = true;
            return Invalid(
                frame.Kind == PduFrameKind.UnknownType ? Abort.UnrecognizedPdu : Abort.InvalidParameterValue,
                $"PDU refused: {frame.Kind}, type {(byte)frame.Type:X2}H");
        }

        Body = received.AsMemory(takenUpTo + PduFrame.HeaderBytes, frame.BodyBytes);
        takenUpTo += frame.TotalBytes;
        abortReason = Abort.UnexpectedPdu;
        endIfNow = null;
        switch (frame.Type)
        {
            case PduType.PDataTf:
                return PresentationDataValues.IsWellFormed(Body.Span)
                    ? UpperLayerEvent.PDataTfPdu
                    : Invalid(Abort.InvalidParameterValue, "P-DATA-TF refused: its values do not fill it");
            case PduType.AssociateRq:
                return TakeRequest(out isAcceptable);
            case PduType.AssociateAc:
                return TakeAccept();
            case PduType.AssociateRj:
                endIfNow = new AssociationEnd(EndReason.Rejected, $"rejected: {AssociateReader.Reject(Body.Span)}");
                return UpperLayerEvent.AssociateRjPdu;
            case PduType.ReleaseRq:
                return UpperLayerEvent.ReleaseRqPdu;
            case PduType.ReleaseRp:
                endIfNow = new AssociationEnd(EndReason.Released, "released");
                return UpperLayerEvent.ReleaseRpPdu;
            default:
                endIfNow = new AssociationEnd(EndReason.AbortedByPeer, $"aborted {AssociateReader.Abort(Body.Span)}");
                return UpperLayerEvent.AbortPdu;
        }
    }

    private UpperLayerEvent TakeRequest(out bool isAcceptable)
    {
        isAcceptable = true;
        Parsed<AssociateRequest> parsed = AssociateReader.Request(Body.Span);
        if (parsed.Failed)
        {
            return Invalid(Abort.InvalidParameterValue, $"A-ASSOCIATE-RQ refused: {parsed.Malformed.Text}");
        }

        Request = parsed.Value;
        if (upperLayer.State == UpperLayerState.Sta2 && Negotiation.ProviderRejection(Request) is { } reject)
        {
            isAcceptable = false;
            outgoing = PduWriter.Reject(reject);
            endIfNow = new AssociationEnd(EndReason.Rejected, $"rejected: {reject}");
        }

        return UpperLayerEvent.AssociateRqPdu;
    }

    private UpperLayerEvent TakeAccept()
    {
        Parsed<AssociateAccept> parsed = AssociateReader.Accept(Body.Span);
        if (parsed.Failed)
        {
            return Invalid(Abort.InvalidParameterValue, $"A-ASSOCIATE-AC refused: {parsed.Malformed.Text}");
        }

        Accept = parsed.Value;
        return UpperLayerEvent.AssociateAcPdu;
    }

    private UpperLayerEvent Invalid(Abort abort, string text)
    {
        abortReason = abort;
        endIfNow = new AssociationEnd(EndReason.ProtocolError, text);
        return UpperLayerEvent.InvalidPdu;
    }

    /// <summary>Receives more. Null when bytes came, else the event that came instead.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UpperLayerEvent?> FillAsync(PduFrame frame)
    {
        int room = received.Length - takenUpTo;
        if (frame.TotalBytes > room || received.Length - receivedUpTo < SmallestReceiveBytes)
        {
            received.AsSpan(takenUpTo, receivedUpTo - takenUpTo).CopyTo(received);
            receivedUpTo -= takenUpTo;
            takenUpTo = 0;
        }

        try
        {
            int count = await connection.ReceiveAsync(received.AsMemory(receivedUpTo), watchdog.Token).ConfigureAwait(false);
            if (count == 0)
            {
                endIfNow = new AssociationEnd(EndReason.Lost, "the peer closed the connection");
                return UpperLayerEvent.TransportClosed;
            }

            connection.AcknowledgeAtOnce();
            receivedUpTo += count;
            return null;
        }
        catch (OperationCanceledException)
        {
            return Interrupted();
        }
        catch (Exception lost) when (IsLost(lost))
        {
            endIfNow = new AssociationEnd(EndReason.Lost, "the connection was lost");
            return UpperLayerEvent.TransportClosed;
        }
    }

    /// <summary>How .NET says that a connection has ended: by the peer or the network, or closed by us while it was being read.</summary>
    private static bool IsLost(Exception failure) => failure is IOException or ObjectDisposedException;

    /// <summary>The watchdog's word as an event of table 9-10.</summary>
    private UpperLayerEvent Interrupted()
    {
        endIfNow = new AssociationEnd(watchdog.Reason, TextOf(watchdog.Reason));
        bool isArtim = watchdog.IsArtim;
        watchdog.Renew();
        if (isArtim)
        {
            return UpperLayerEvent.ArtimExpired;
        }

        // Before and after an association there is nobody to abort: closing is all there is.
        return upperLayer.State is UpperLayerState.Sta2 or UpperLayerState.Sta13
            ? UpperLayerEvent.TransportClosed
            : UpperLayerEvent.AbortRequest;
    }

    private static string TextOf(EndReason reason) => reason switch
    {
        EndReason.AssociateTimedOut => "no association was asked for in time",
        EndReason.IdleTimedOut => "nothing was sent for too long",
        EndReason.MessageTimedOut => "a message stopped in its middle",
        EndReason.ResponseTimedOut => "no response in time",
        EndReason.SendTimedOut => "the peer takes no more bytes",
        EndReason.ShutDown => "this side ends",
        _ => "this side aborts",
    };

    /// <summary>One step of the machine and what it asks for. Returns what is to be told.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Indication> StepAsync(UpperLayerEvent happened, bool isAcceptable)
    {
        ImmutableArray<UpperLayerEffect> effects = upperLayer.Step(happened, time.GetTimestamp(), isAcceptable);
        if (upperLayer.State is UpperLayerState.Sta1 or UpperLayerState.Sta13)
        {
            End ??= EndOf(happened, effects);
        }

        Indication indication = Indication.None;
        foreach (UpperLayerEffect effect in effects)
        {
            switch (effect)
            {
                case UpperLayerEffect.SendAssociateRq or UpperLayerEffect.SendAssociateAc or UpperLayerEffect.SendAssociateRj:
                    await SendAsync(outgoing).ConfigureAwait(false);
                    break;
                case UpperLayerEffect.SendReleaseRq:
                    await SendAsync(PduWriter.ReleaseRq).ConfigureAwait(false);
                    break;
                case UpperLayerEffect.SendReleaseRp:
                    await SendAsync(PduWriter.ReleaseRp).ConfigureAwait(false);
                    break;
                case UpperLayerEffect.SendAbortByUser:
                    await SendAbortAsync(Abort.ByUser).ConfigureAwait(false);
                    break;
                case UpperLayerEffect.SendAbortByProvider:
                    await SendAbortAsync(abortReason).ConfigureAwait(false);
                    break;
                case UpperLayerEffect.CloseTransport:
                    connection.Dispose();
                    break;
                default:
                    indication = IndicationOf(effect);
                    break;
            }
        }

        return End is null || indication == Indication.Rejected ? indication : Indication.Ended;
    }

    /// <summary>A PDU that is answered by an abort came where it does not belong, whatever it says.</summary>
    private AssociationEnd EndOf(UpperLayerEvent happened, ImmutableArray<UpperLayerEffect> effects)
    {
        bool isAbort = effects is [UpperLayerEffect.SendAbortByUser or UpperLayerEffect.SendAbortByProvider, ..];
        bool isSaid = happened is UpperLayerEvent.AbortRequest or UpperLayerEvent.InvalidPdu;
        return (isAbort && !isSaid ? null : endIfNow) ?? new AssociationEnd(EndReason.ProtocolError, $"unexpected: {happened}");
    }

    private static Indication IndicationOf(UpperLayerEffect effect) => effect switch
    {
        UpperLayerEffect.IndicateAssociate => Indication.Associate,
        UpperLayerEffect.ConfirmAccept => Indication.Accepted,
        UpperLayerEffect.ConfirmReject => Indication.Rejected,
        UpperLayerEffect.IndicateData => Indication.Data,
        UpperLayerEffect.IndicateRelease => Indication.Release,
        UpperLayerEffect.IndicateAbort or UpperLayerEffect.IndicateProviderAbort or UpperLayerEffect.ConfirmRelease => Indication.Ended,
        _ => Indication.None,
    };
}
