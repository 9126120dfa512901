namespace Appliance.Daemon;

/// <summary>
/// Sees within two seconds that the control thread hangs, and ends the process: systemd starts it again, the journal knows all.
/// </summary>
/// <remarks>
/// A machine that is suspended, stopped or out of breath stops this thread too: only silence during looks that were themselves in time
/// counts, with a process that got the processor when it wanted it. Under such load systemd's watchdog (ten seconds) is what is left.
/// </remarks>
public sealed class Supervisor
{
    private readonly TimeProvider time;
    private readonly Action stuck;
    private readonly Func<double> waitedMs;
    private long beats;
    private long seen;
    private long looked;
    private int silentLooks;
    private bool ended;

    /// <param name="stuck">Called once, on the supervisor's thread.</param>
    /// <param name="waitedMs">What the process waited for a processor since the last call: <see cref="Breath"/>.</param>
    public Supervisor(TimeProvider time, Func<double> waitedMs, Action stuck)
    {
        this.waitedMs = waitedMs;
        this.time = time;
        this.stuck = stuck;
        looked = time.GetTimestamp();
    }

    /// <summary>From the control thread: it lives.</summary>
    public void Beat() => Interlocked.Increment(ref beats);

    /// <summary>Looks again and again until stopped, on a thread of its own: a pool that is full would not see anything.</summary>
    public void Start(CancellationToken stop)
    {
        Thread thread = new(() => Loop(stop)) { Name = "supervisor", IsBackground = true };
        thread.Start();
    }

    /// <summary>One look, due <see cref="Limits.SupervisionMs"/> after the one before.</summary>
    public void Look()
    {
        double waited = waitedMs();
        double sinceLook = time.GetElapsedTime(looked).TotalMilliseconds;
        looked = time.GetTimestamp();
        long now = Interlocked.Read(ref beats);
        if (now != seen)
        {
            seen = now;
            silentLooks = 0;
            return;
        }

        bool isInTime = sinceLook < 2 * Limits.SupervisionMs && waited < Limits.BreathlessMs;
        silentLooks = isInTime ? silentLooks + 1 : 0;
        if (silentLooks * Limits.SupervisionMs >= Limits.ControlSilenceMs && !ended)
        {
            ended = true;
            stuck();
        }
    }

    private void Loop(CancellationToken stop)
    {
        while (!stop.WaitHandle.WaitOne(Limits.SupervisionMs))
        {
            Look();
        }
    }
}
