using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Appliance.Daemon.Screen;

/// <summary>One page that looks at a study: its wishes, and the pictures on their way to it.</summary>
/// <remarks>
/// A wish that is not begun gives way to a newer one for the same pane, and a pane gets its next picture only when the last one has left:
/// a slow page sees fewer pictures, never late ones.
/// </remarks>
public sealed class Viewer(WebSocket socket, Painter painter)
{
    /// <summary>Before each picture: pane, fine, two bytes unused, the wish's number (little endian).</summary>
    public const int HeadBytes = 8;

    private readonly Lock gate = new();
    private readonly Wish?[] wishes = new Wish?[Limits.Panes];
    private readonly Picture[] pictures = [.. Enumerable.Range(0, Limits.Panes).Select(_ => new Picture())];
    private readonly Channel<Picture> leaving = Channel.CreateUnbounded<Picture>(new UnboundedChannelOptions { SingleReader = true });
    private string? opens;
    private int next;

    /// <summary>The study that it looks at; set by the painter.</summary>
    public OpenStudy? Study { get; set; }

    /// <summary>Goes on until the page leaves, or talks nonsense.</summary>
    public async Task RunAsync(CancellationToken ends)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(ends);
        Task sending = SendAsync(over.Token);
        try
        {
            await ReceiveAsync(over.Token).ConfigureAwait(false);
        }
        catch (Exception end) when (IsEnd(end))
        {
            // So does sending.
        }

        await over.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
    }

    /// <summary>The study that the page asks for, or asks news of; each asking is taken once.</summary>
    public string? TakeOpening()
    {
        lock (gate)
        {
            return Interlocked.Exchange(ref opens, null);
        }
    }

    /// <summary>The next wish that can be fulfilled now, pane after pane.</summary>
    public Wish? TakeWish(Func<Wish, bool> isReady)
    {
        lock (gate)
        {
            for (int i = 0; i < Limits.Panes; i++)
            {
                int pane = (next + i) % Limits.Panes;
                if (wishes[pane] is Wish wish && !pictures[pane].IsLeaving && isReady(wish))
                {
                    wishes[pane] = null;
                    next = pane + 1;
                    return wish;
                }
            }

            return null;
        }
    }

    /// <summary>Somebody has moved on: what is being drawn for the pane is not looked at any more.</summary>
    public bool HasNewer(int pane)
    {
        lock (gate)
        {
            return wishes[pane] is not null;
        }
    }

    /// <summary>Draws into the pane's own memory and sends it on its way.</summary>
    public void Show(Wish wish, Drawing draw)
    {
        Picture picture = pictures[wish.Pane];
        int length = draw(wish, ref picture.Bytes, HeadBytes);
        if (length == 0)
        {
            return;
        }

        picture.Bytes[0] = (byte)wish.Pane;
        picture.Bytes[1] = (byte)(wish.Fine ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(picture.Bytes.AsSpan(4), wish.N);
        picture.Length = HeadBytes + length;
        picture.IsLeaving = true;
        leaving.Writer.TryWrite(picture);
    }

    public void Tell(ViewerNews news) => leaving.Writer.TryWrite(new Picture
    {
        Bytes = JsonSerializer.SerializeToUtf8Bytes(news, ScreenContext.Default.ViewerNews),
        IsText = true,
    });

    private async Task ReceiveAsync(CancellationToken over)
    {
        byte[] message = new byte[Limits.WishBytes];
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(message.AsMemory(), over).ConfigureAwait(false);
            if (received.MessageType != WebSocketMessageType.Text || !received.EndOfMessage
                || Wish.Read(message.AsSpan(0, received.Count)) is not Wish wish)
            {
                return;
            }

            lock (gate)
            {
                opens = wish.Open ?? opens;
                if (wish.Open is null)
                {
                    wishes[wish.Pane] = wish;
                }
            }

            painter.Wake();
        }
    }

    private async Task SendAsync(CancellationToken over)
    {
        try
        {
            await foreach (Picture picture in leaving.Reader.ReadAllAsync(over).ConfigureAwait(false))
            {
                ReadOnlyMemory<byte> bytes = picture.IsText ? picture.Bytes : picture.Bytes.AsMemory(0, picture.Length);
                await socket.SendAsync(bytes, picture.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, over)
                    .ConfigureAwait(false);
                picture.IsLeaving = false;
                painter.Wake();
            }
        }
        catch (Exception end) when (IsEnd(end))
        {
            // So does receiving.
        }
    }

    /// <summary>How receiving and sending end: the page has been closed or lost (WebSocketException), or the daemon stops.</summary>
    private static bool IsEnd(Exception failure) => failure is WebSocketException or OperationCanceledException;

    /// <summary>Makes the file behind <paramref name="from"/> of memory that grows as needed; how many bytes it has, 0 for none.</summary>
    public delegate int Drawing(Wish wish, ref byte[] file, int from);

    private sealed class Picture
    {
        private volatile bool isLeaving;

        public byte[] Bytes = [];

        public int Length { get; set; }

        public bool IsText { get; init; }

        public bool IsLeaving
        {
            get => isLeaving;
            set => isLeaving = value;
        }
    }
}
