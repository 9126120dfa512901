using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>Interrupts the I/O of one association when a deadline has passed or when told to, and keeps the reason's name.</summary>
/// <remarks>
/// Deadlines move with every receive, so a deadline is a number, and one timer looks at it once a second: no timer or
/// token is made for each receive. The ARTIM deadline is the upper layer's own.
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time;
    private readonly UpperLayer upperLayer;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private CancellationTokenSource interrupt = new();
    private long deadline = long.MaxValue;
    private EndReason reasonAtDeadline;
    private bool isDisposed;

    public Watchdog(TimeProvider time, UpperLayer upperLayer)
    {
        this.time = time;
        this.upperLayer = upperLayer;
        timer = time.CreateTimer(static state => ((Watchdog)state!).Look(), this, Period, Period);
    }

    /// <summary>Cancelled when the I/O under way is to end.</summary>
    public CancellationToken Token => interrupt.Token;

    /// <summary>Why the token was cancelled.</summary>
    public EndReason Reason { get; private set; }

    /// <summary>The token was cancelled because ARTIM ran out.</summary>
    public bool IsArtim { get; private set; }

    /// <summary>From now on, within this time.</summary>
    public void Expect(TimeSpan within, EndReason orElse)
    {
        long at = time.GetTimestamp() + (long)(within.TotalSeconds * time.TimestampFrequency);
        lock (gate)
        {
            deadline = at;
            reasonAtDeadline = orElse;
        }
    }

    /// <summary>Nothing is expected of the peer now.</summary>
    public void Relax()
    {
        lock (gate)
        {
            deadline = long.MaxValue;
        }
    }

    public void Interrupt(EndReason reason)
    {
        lock (gate)
        {
            Interrupt(reason, isArtim: false);
        }
    }

    /// <summary>After an interrupt: I/O may be done again, to end in order.</summary>
    public void Renew()
    {
        lock (gate)
        {
            if (interrupt.IsCancellationRequested)
            {
                interrupt.Dispose();
                interrupt = new CancellationTokenSource();
            }
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            // A timer that is disposed may still be on its way here.
            isDisposed = true;
            interrupt.Dispose();
        }
    }

    private void Look()
    {
        long now = time.GetTimestamp();
        lock (gate)
        {
            bool isArtim = now >= upperLayer.ArtimDeadline;
            if (isArtim || now >= deadline)
            {
                Interrupt(isArtim ? EndReason.AssociateTimedOut : reasonAtDeadline, isArtim);
            }
        }
    }

    private void Interrupt(EndReason reason, bool isArtim)
    {
        if (!isDisposed && !interrupt.IsCancellationRequested)
        {
            Reason = reason;
            IsArtim = isArtim;
            deadline = long.MaxValue;
            interrupt.Cancel();
        }
    }
}
