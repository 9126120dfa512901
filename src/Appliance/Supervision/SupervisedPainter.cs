using System.Net.WebSockets;
using Appliance.Daemon.Screen;

namespace Appliance.Daemon.Supervision;

/// <summary>The painter as others see it: another one in its place where it hangs.</summary>
/// <remarks>
/// Whoever looked is cut off; the page comes back by itself. The study that the painter hung on is not opened again: it would hang the next
/// one, and that is the end of the process.
/// </remarks>
public sealed class SupervisedPainter : IDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private readonly Func<Worker, IReadOnlyCollection<string>, Painter> make;
    private readonly Worker worker;
    private Painter painter;

    /// <param name="make">A painter that does not open these studies.</param>
    public SupervisedPainter(Func<Worker, IReadOnlyCollection<string>, Painter> make)
    {
        this.make = make;
        worker = new Worker("painter", Replace);
        painter = make(worker, []);
    }

    /// <summary>Draws for a page until it leaves; it leaves at once where there are too many.</summary>
    public Task ShowAsync(WebSocket socket, CancellationToken ends)
    {
        Painter current;
        lock (gate)
        {
            current = painter;
        }

        return current.ShowAsync(socket, ends);
    }

    /// <summary>Ends after the picture in hand.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            painter.Dispose();
        }
    }

    private void Replace(Work work)
    {
        lock (gate)
        {
            if (work.Subject is string key)
            {
                refused.Add(key);
            }

            Painter before = painter;
            painter = make(worker, [.. refused]);
            before.GiveUp();
        }
    }
}
