using System.Collections.Immutable;
using static Appliance.Dicom.Network.UpperLayerEffect;
using static Appliance.Dicom.Network.UpperLayerState;

namespace Appliance.Dicom.Network;

/// <summary>What is to be done to the world after a step, in order. The caller does it; nothing here does I/O.</summary>
public enum UpperLayerEffect : byte
{
    ConnectTransport,
    SendAssociateRq,
    SendAssociateAc,
    SendAssociateRj,
    SendPDataTf,
    SendReleaseRq,
    SendReleaseRp,

    /// <summary>A-ABORT with source "service user".</summary>
    SendAbortByUser,

    /// <summary>A-ABORT with source "service provider" and the reason of the event.</summary>
    SendAbortByProvider,
    CloseTransport,
    IndicateAssociate,
    ConfirmAccept,
    ConfirmReject,
    IndicateData,
    IndicateRelease,
    ConfirmRelease,

    /// <summary>The peer aborted: A-ABORT or A-P-ABORT indication, as the source in its PDU says.</summary>
    IndicateAbort,

    /// <summary>The provider aborts: A-P-ABORT indication.</summary>
    IndicateProviderAbort,
}

/// <summary>The upper layer protocol machine of one connection (PS3.8 9.2). Events and ticks in, effects and a deadline out.</summary>
/// <param name="isRequestor">This side asks for the association.</param>
/// <param name="artimTicks">Length of the ARTIM timer, in the ticks that <see cref="Step"/> is given.</param>
/// <remarks>
/// One step has two parts: table 9-10 names the action, and the action's row (tables 9-6 to 9-9) names effects, timer and next state.
/// An event that the table does not have in the state is a defect of the caller and fails at once.
/// </remarks>
public sealed class UpperLayer(bool isRequestor, long artimTicks)
{
    private long artimDeadline = long.MaxValue;

    private enum Artim : byte
    {
        Leave,
        Start,
        Stop,
    }

    public UpperLayerState State { get; private set; } = Sta1;

    /// <summary>When <see cref="UpperLayerEvent.ArtimExpired"/> is due; <see cref="long.MaxValue"/> while the timer does not run.</summary>
    public long ArtimDeadline => Volatile.Read(ref artimDeadline);

    /// <summary>The event's turn. Returns what is to be done, in order.</summary>
    /// <param name="now">Ticks of a clock that does not run backwards.</param>
    /// <param name="isAcceptable">For an A-ASSOCIATE-RQ PDU: the provider itself has no reason to reject it (AE-6).</param>
    public ImmutableArray<UpperLayerEffect> Step(UpperLayerEvent happened, long now, bool isAcceptable = true)
    {
        UpperLayerAction action = UpperLayerTable.ActionOf(happened, State);
        if (action == UpperLayerAction.None)
        {
            throw new InvalidOperationException($"Event {(int)happened} ({happened}) cannot happen in {State} (PS3.8 table 9-10).");
        }

        Row row = RowOf(action, isAcceptable);
        long deadline = row.Timer switch
        {
            Artim.Start => now + artimTicks,
            Artim.Stop => long.MaxValue,
            _ => artimDeadline,
        };
        Volatile.Write(ref artimDeadline, deadline);
        State = row.Next;
        return row.Effects;
    }

    private static readonly Row AE6Rejected = new([SendAssociateRj], Artim.Start, Sta13);

    private static readonly Row AR8AsRequestor = new([IndicateRelease], Artim.Leave, Sta9);

    /// <summary>Tables 9-6 to 9-9, in the order of <see cref="UpperLayerAction"/>.</summary>
    private static readonly Row[] Actions =
    [
        new([], Artim.Leave, Sta1), // no action
        new([ConnectTransport], Artim.Leave, Sta4), // AE-1
        new([SendAssociateRq], Artim.Leave, Sta5), // AE-2
        new([ConfirmAccept], Artim.Leave, Sta6), // AE-3
        new([ConfirmReject, CloseTransport], Artim.Leave, Sta1), // AE-4
        new([], Artim.Start, Sta2), // AE-5
        new([IndicateAssociate], Artim.Stop, Sta3), // AE-6
        new([SendAssociateAc], Artim.Leave, Sta6), // AE-7
        new([SendAssociateRj], Artim.Start, Sta13), // AE-8
        new([SendPDataTf], Artim.Leave, Sta6), // DT-1
        new([IndicateData], Artim.Leave, Sta6), // DT-2
        new([SendReleaseRq], Artim.Leave, Sta7), // AR-1
        new([IndicateRelease], Artim.Leave, Sta8), // AR-2
        new([ConfirmRelease, CloseTransport], Artim.Leave, Sta1), // AR-3
        new([SendReleaseRp], Artim.Start, Sta13), // AR-4
        new([], Artim.Stop, Sta1), // AR-5
        new([IndicateData], Artim.Leave, Sta7), // AR-6
        new([SendPDataTf], Artim.Leave, Sta8), // AR-7
        new([IndicateRelease], Artim.Leave, Sta10), // AR-8
        new([SendReleaseRp], Artim.Leave, Sta11), // AR-9
        new([ConfirmRelease], Artim.Leave, Sta12), // AR-10
        new([SendAbortByUser], Artim.Start, Sta13), // AA-1
        new([CloseTransport], Artim.Stop, Sta1), // AA-2
        new([IndicateAbort, CloseTransport], Artim.Leave, Sta1), // AA-3
        new([IndicateProviderAbort], Artim.Leave, Sta1), // AA-4
        new([], Artim.Stop, Sta1), // AA-5
        new([], Artim.Leave, Sta13), // AA-6
        new([SendAbortByProvider], Artim.Leave, Sta13), // AA-7
        new([SendAbortByProvider, IndicateProviderAbort], Artim.Start, Sta13), // AA-8
    ];

    private Row RowOf(UpperLayerAction action, bool isAcceptable) => action switch
    {
        UpperLayerAction.AE6 when !isAcceptable => AE6Rejected,
        UpperLayerAction.AR8 when isRequestor => AR8AsRequestor,
        _ => Actions[(int)action],
    };

    private sealed record Row(ImmutableArray<UpperLayerEffect> Effects, Artim Timer, UpperLayerState Next);
}
