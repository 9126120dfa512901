using System.Net.Mime;
using Appliance.Core;

namespace Appliance.Daemon.Screen;

/// <summary>A stream of snapshots as server-sent events (HTML Living Standard 9.2): one whenever there is a new one.</summary>
/// <remarks>The control thread is not asked to tell: who watches looks, a few times a second, at what it has published anyway.</remarks>
public sealed class Watch(Func<Status> status, TimeProvider time)
{
    private int watchers;

    /// <summary>Goes on until the browser leaves or the daemon stops; too many at a time are sent away with 503.</summary>
    public async Task AnswerAsync(HttpContext context, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref watchers) > Limits.Watchers)
        {
            Interlocked.Decrement(ref watchers);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = MediaTypeNames.Text.EventStream;
            await SendAsync(context.Response.Body, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The browser has left, or the daemon stops: either is how a stream ends.
        }
        finally
        {
            Interlocked.Decrement(ref watchers);
        }
    }

    private async Task SendAsync(Stream browser, CancellationToken ends)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(Limits.WatchMs), time);
        Status? sent = null;
        do
        {
            Status now = status();
            if (!ReferenceEquals(now, sent))
            {
                sent = now;
                byte[] snapshot = [.. "data: "u8, .. StatusJson.WriteLine(now), .. "\n\n"u8];
                await browser.WriteAsync(snapshot, ends).ConfigureAwait(false);
                await browser.FlushAsync(ends).ConfigureAwait(false);
            }
        }
        while (await timer.WaitForNextTickAsync(ends).ConfigureAwait(false));
    }
}
