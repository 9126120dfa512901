using System.Net;
using System.Net.Sockets;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>How a server listens and what it takes.</summary>
public sealed record ServerSettings
{
    /// <summary>Port 0 lets the system choose one.</summary>
    public required IPEndPoint Listen { get; init; }

    public AcceptorPolicy Policy { get; init; } = new();

    public AssociationTimeouts Timeouts { get; init; } = AssociationTimeouts.Default;

    /// <summary>Associations at one time; one more is rejected with "local limit exceeded", transient.</summary>
    public int MaxAssociations { get; init; } = Limits.Associations;

    /// <summary>Connections at one time; one more is closed.</summary>
    public int MaxConnections { get; init; } = Limits.Connections;
}

/// <summary>Listens, accepts, and serves Verification and storage on every association.</summary>
/// <example>
/// <code>
/// StorageProvider provider = new()
/// {
///     Accept = (request, remote) => disk.IsLow ? AssociateReject.LocalLimit : null,
///     Store = async (request, stopping) =>
///     {
///         await using FileStream file = File.Create(pathOf(request.SopInstanceUid));
///         while (true)
///         {
///             Chunk chunk = await request.ReadAsync();
///             if (chunk.Kind == ChunkKind.Cut) { return Discard(file); }
///             if (chunk.Kind == ChunkKind.End) { break; }
///             file.Write(chunk.Bytes.Span);
///         }
///         file.Flush(flushToDisk: true);
///         return Status.Success;           // the response goes out now
///     },
///     Closed = (association, end) => log(association.Id, end.Reason),
/// };
/// await using AssociationServer server = new(
///     new ServerSettings { Listen = new(IPAddress.Any, 11112), Policy = new() { CalledAeTitles = ["APPLIANCE"] } },
///     provider, TimeProvider.System);
/// IPEndPoint at = server.Start();
/// </code>
/// </example>
/// <remarks>The accept loop waits for nothing but the next connection: a silent, slow or hostile peer holds up only itself.</remarks>
public sealed class AssociationServer : IAsyncDisposable
{
    /// <summary>After an accept that failed for want of descriptors or memory, others are given time to end.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly ServerSettings settings;
    private readonly StorageProvider provider;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];
    private readonly Dictionary<long, Socket> sockets = [];
    private Socket? listener;
    private Task accepting = Task.CompletedTask;
    private long lastId;
    private int associations;

    public AssociationServer(ServerSettings settings, StorageProvider provider, TimeProvider time)
    {
        this.settings = settings;
        this.provider = provider;
        this.time = time;
    }

    /// <summary>Associations that are open now.</summary>
    public int Associations => Volatile.Read(ref associations);

    /// <summary>Begins to listen. Throws <see cref="SocketException"/> where the address or port cannot be had.</summary>
    /// <returns>Where it listens.</returns>
    public IPEndPoint Start()
    {
        listener = new Socket(settings.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (settings.Listen.AddressFamily == AddressFamily.InterNetworkV6)
        {
            listener.DualMode = true;
        }

        // No ReuseAddress: on Unix .NET makes SO_REUSEPORT of it, and a second appliance would silently take half of the images.
        listener.Bind(settings.Listen);
        listener.Listen(Limits.ListenBacklog);
        IPEndPoint at = (IPEndPoint)listener.LocalEndPoint!;
        accepting = AcceptAsync(listener);
        return at;
    }

    /// <summary>
    /// Closes an association from outside, whatever its thread does: the peer sees at once that it has to send again.
    /// </summary>
    public void Cut(long association)
    {
        Socket? socket;
        lock (gate)
        {
            sockets.TryGetValue(association, out socket);
        }

        if (socket is not null)
        {
            Connection.Shutdown(socket, SocketShutdown.Both);
        }
    }

    /// <summary>Listens no more, aborts what is open, and waits until all of it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }

        listener?.Dispose();
        await accepting.ConfigureAwait(false);
        Task[] left;
        lock (gate)
        {
            left = [.. running];
        }

        await Task.WhenAll(left).ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task AcceptAsync(Socket from)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Begin(await from.AcceptAsync(stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer went away before it was accepted, or descriptors ran out: neither may end the listening.
                await Task.Delay(AcceptPause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Socket socket)
    {
        Association info = new(++lastId, RemoteOf(socket), "", "");
        lock (gate)
        {
            if (running.Count < settings.MaxConnections)
            {
                TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
                running.Add(ended.Task);
                sockets.Add(info.Id, socket);
                _ = Task.Run(() => ServeAsync(socket, info, ended));
                return;
            }
        }

        socket.Dispose();
        provider.Closed(info, new AssociationEnd(EndReason.TooManyConnections, "more connections than there may be"));
    }

    /// <summary>One connection from its first to its last byte: the worker loop of one association.</summary>
    private async Task ServeAsync(Socket socket, Association info, TaskCompletionSource ended)
    {
        bool hasPlace = false;
        try
        {
            using AssociationLink link = new(
                new Connection(socket), isRequestor: false, Limits.ResponseBufferBytes, settings.Timeouts, time);
            await using CancellationTokenRegistration stop = stopping.Token.Register(() => link.Watchdog.Interrupt(EndReason.ShutDown));
            ProviderAssociation association = new(link, info, settings, provider, () => hasPlace = TryTakePlace());
            AssociationEnd end = await RunAsync(association, link).ConfigureAwait(false);
            GiveBack(ref hasPlace);
            provider.Closed(association.Info, end);
            if (end.Reason != EndReason.ShutDown)
            {
                await link.LingerAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            socket.Dispose();
            lock (gate)
            {
                running.Remove(ended.Task);
                sockets.Remove(info.Id);
            }

            ended.SetResult();
        }
    }

    private async Task<AssociationEnd> RunAsync(ProviderAssociation association, AssociationLink link)
    {
        try
        {
            return await association.RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The worker loop of one association: what fails in it must not take the others along.
            provider.Faulted(association.Info, fault);
            AssociationEnd end = new(EndReason.Fault, $"a callback failed: {fault.GetType().Name}");
            await link.AbortAsync(end).ConfigureAwait(false);
            return end;
        }
    }

    private static IPEndPoint RemoteOf(Socket socket)
    {
        IPEndPoint remote = socket.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        return remote.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(remote.Address.MapToIPv4(), remote.Port) : remote;
    }

    private bool TryTakePlace()
    {
        lock (gate)
        {
            if (associations >= settings.MaxAssociations)
            {
                return false;
            }

            associations++;
            return true;
        }
    }

    private void GiveBack(ref bool hasPlace)
    {
        lock (gate)
        {
            associations -= hasPlace ? 1 : 0;
            hasPlace = false;
        }
    }
}
