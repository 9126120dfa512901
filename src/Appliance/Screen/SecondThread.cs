using Appliance.Daemon.Supervision;

namespace Appliance.Daemon.Screen;

/// <summary>A second thread for pictures that one alone takes too long for; as low in priority as the first.</summary>
public sealed class SecondThread : IDisposable
{
    private readonly SemaphoreSlim asked = new(0);
    private readonly SemaphoreSlim done = new(0);
    private readonly DrawingOrder? order;
    private readonly Thread thread;
    private Action? work;

    /// <param name="order">Where it stands; null: where its maker does.</param>
    public SecondThread(DrawingOrder? order)
    {
        this.order = order;
        thread = new Thread(Loop) { Name = "painter, second", IsBackground = true };
        thread.Start();
    }

    /// <summary>Does it on both threads, and returns when both have ended.</summary>
    public void Both(Action what)
    {
        work = what;
        asked.Release();
        what();
        using Work? rest = Work.Inside(Operations.OtherHalf);
        done.Wait();
    }

    public void Dispose()
    {
        work = null;
        asked.Release();
        thread.Join();
        asked.Dispose();
        done.Dispose();
    }

    private void Loop()
    {
        order?.Join();
        for (asked.Wait(); work is Action what; asked.Wait())
        {
            what();
            done.Release();
        }

        order?.Leave();
    }
}
