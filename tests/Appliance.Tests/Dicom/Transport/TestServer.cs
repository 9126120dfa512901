using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;

namespace Appliance.Tests.Dicom.Transport;

/// <summary>An <see cref="AssociationServer"/> on a free port that keeps what it is given and tells how associations ended.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly AssociationServer server;
    private readonly Channel<(Association Info, AssociationEnd End)> ends =
        Channel.CreateUnbounded<(Association, AssociationEnd)>();

    private readonly Channel<Association> opened = Channel.CreateUnbounded<Association>();

    public TestServer(
        TimeProvider? time = null,
        Func<ServerSettings, ServerSettings>? settings = null,
        Func<StorageProvider, StorageProvider>? provider = null)
    {
        ServerSettings plain = new()
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Policy = new AcceptorPolicy { CalledAeTitles = ["APPLIANCE"] },
        };
        StorageProvider keeping = new()
        {
            Store = KeepAsync,
            Opened = info => opened.Writer.TryWrite(info),
            Closed = (info, end) => ends.Writer.TryWrite((info, end)),
            Faulted = (_, fault) => Faults.Add(fault),
        };
        server = new AssociationServer(settings?.Invoke(plain) ?? plain, provider?.Invoke(keeping) ?? keeping, time ?? TimeProvider.System);
        At = server.Start();
    }

    public IPEndPoint At { get; }

    /// <summary>SOP instance UID to data-set bytes, of whole objects.</summary>
    public ConcurrentDictionary<string, (TransferSyntax Syntax, byte[] Bytes)> Objects { get; } = [];

    /// <summary>SOP instance UIDs in the order in which they were stored.</summary>
    public ConcurrentQueue<string> Order { get; } = [];

    /// <summary>SOP instance UIDs of objects that were cut.</summary>
    public ConcurrentBag<string> Cut { get; } = [];

    public ConcurrentBag<Exception> Faults { get; } = [];

    public AssociationServer Server => server;

    public async Task<(Association Info, AssociationEnd End)> NextEndAsync() =>
        await ends.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<Association> NextOpenedAsync() => await opened.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async ValueTask<Status> KeepAsync(StoreRequest request, CancellationToken stopping)
    {
        using MemoryStream bytes = new();
        while (await request.ReadAsync() is { Kind: not ChunkKind.End } chunk)
        {
            if (chunk.Kind == ChunkKind.Cut)
            {
                Cut.Add(request.SopInstanceUid);
                return Status.ProcessingFailure;
            }

            bytes.Write(chunk.Bytes.Span);
        }

        Objects[request.SopInstanceUid] = (request.TransferSyntax, bytes.ToArray());
        Order.Enqueue(request.SopInstanceUid);
        return Status.Success;
    }
}
