using System.Net.Sockets;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>An association as service class user of Verification and storage. One request at a time, from one flow.</summary>
/// <example>
/// <code>
/// ConnectOutcome connected = await StoreUser.ConnectAsync("pacs", 104, "APPLIANCE", "PACS",
///     [new(Uids.CTImageStorage, TransferSyntax.ExplicitLittleEndian), new(Uids.Verification, TransferSyntax.ImplicitLittleEndian)],
///     AssociationTimeouts.Default, TimeProvider.System, cancel);
/// if (connected.User is null) { return Retry(connected.Failure!.Reason); }   // Rejected, NotConnected, ConnectTimedOut, ...
/// await using StoreUser user = connected.User;                               // disposing without release aborts
/// RequestOutcome stored = await user.StoreAsync(sopClassUid, sopInstanceUid, TransferSyntax.ExplicitLittleEndian, dataSetBytes, cancel);
/// if (stored.IsStored) { ... }                                               // else stored.Result, .Status, .Failure
/// await user.ReleaseAsync(cancel);
/// </code>
/// </example>
/// <remarks>The bytes of a data set go out as they are. For the longest objects pass a <see cref="DataSetSource"/> on a stream.</remarks>
public sealed class StoreUser : IAsyncDisposable
{
    private readonly AssociationLink link;
    private readonly AssociationTimeouts timeouts;
    private readonly MessageAssembler assembler = new();
    private int fragmentBytes;
    private ushort lastMessageId;

    private StoreUser(AssociationLink link, AssociationTimeouts timeouts)
    {
        this.link = link;
        this.timeouts = timeouts;
    }

    /// <summary>What the peer accepted, in the order of the proposal.</summary>
    public IReadOnlyList<AcceptedContext> Contexts { get; private set; } = [];

    /// <summary>How the association ended; null while it has not.</summary>
    public AssociationEnd? End => link.End;

    /// <summary>Connects, asks for an association and waits for the answer. Expected failures come back as a value.</summary>
    /// <param name="contexts">At most 128.</param>
    public static async Task<ConnectOutcome> ConnectAsync(
        string host,
        int port,
        string callingAeTitle,
        string calledAeTitle,
        IReadOnlyList<PresentationContextRequest> contexts,
        AssociationTimeouts timeouts,
        TimeProvider time,
        CancellationToken cancel = default) =>
        await ConnectAsync(
            host, port, RequestOf(callingAeTitle, calledAeTitle, contexts, []), timeouts, time, cancel).ConfigureAwait(false);

    /// <summary>Connects as service class provider, to report events to a user (role selection, PS3.7 D.3.3.4).</summary>
    public static Task<ConnectOutcome> ConnectAsProviderAsync(
        string host, int port, string callingAeTitle, string calledAeTitle, PresentationContextRequest context,
        AssociationTimeouts timeouts, TimeProvider time, CancellationToken cancel = default)
    {
        RoleSelection provider = new(context.SopClassUid, IsUser: false, IsProvider: true);
        return ConnectAsync(host, port, RequestOf(callingAeTitle, calledAeTitle, [context], [provider]), timeouts, time, cancel);
    }

    private static async Task<ConnectOutcome> ConnectAsync(
        string host, int port, AssociateRequest request, AssociationTimeouts timeouts, TimeProvider time, CancellationToken cancel)
    {
        // 1. The transport connection.
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        if (await ConnectAsync(socket, host, port, timeouts, time, cancel).ConfigureAwait(false) is { } notConnected)
        {
            socket.Dispose();
            return new ConnectOutcome(null, notConnected);
        }

        // 2. The association on it.
        AssociationLink link = new(new Connection(socket), isRequestor: true, Limits.SendBufferBytes, timeouts, time);
        StoreUser user = new(link, timeouts);
        using (user.InterruptOn(cancel))
        {
            if (await user.AssociateAsync(request).ConfigureAwait(false))
            {
                return new ConnectOutcome(user, null);
            }
        }

        AssociationEnd failure = user.End!;
        await user.DisposeAsync().ConfigureAwait(false);
        return new ConnectOutcome(null, failure);
    }

    /// <summary>The accepted transfer syntaxes of a SOP class, in the order of the proposal; empty where it was refused.</summary>
    public IReadOnlyList<TransferSyntax> AcceptedSyntaxes(string sopClassUid) =>
        [.. Contexts.Where(context => context.AbstractSyntax == sopClassUid).Select(context => context.TransferSyntax)];

    /// <summary>The first accepted transfer syntax of a SOP class, or null.</summary>
    public TransferSyntax? AcceptedSyntax(string sopClassUid) => AcceptedSyntaxes(sopClassUid) is [{ } first, ..] ? first : null;

    /// <summary>Whether an object of that class in that transfer syntax can be sent as it is.</summary>
    public bool Takes(string sopClassUid, TransferSyntax syntax) => ContextOf(sopClassUid, syntax) is not null;

    /// <summary>C-STORE (PS3.7 9.1.1). The data set's bytes must be in <paramref name="syntax"/>; they are sent as they are.</summary>
    public ValueTask<RequestOutcome> StoreAsync(
        string sopClassUid,
        string sopInstanceUid,
        TransferSyntax syntax,
        ReadOnlyMemory<byte> dataSet,
        CancellationToken cancel = default) =>
        StoreAsync(sopClassUid, sopInstanceUid, syntax, new DataSetSource(dataSet), cancel);

    /// <summary>The same from any source. An exception of the source's stream aborts the association and comes through.</summary>
    public ValueTask<RequestOutcome> StoreAsync(
        string sopClassUid, string sopInstanceUid, TransferSyntax syntax, DataSetSource dataSet, CancellationToken cancel = default) =>
        ContextOf(sopClassUid, syntax) is { } context
            ? RequestAsync(context, CommandSet.StoreRequest(++lastMessageId, sopClassUid, sopInstanceUid), dataSet, cancel)
            : ValueTask.FromResult(RequestOutcome.NotAccepted);

    /// <summary>C-ECHO (PS3.7 9.1.5).</summary>
    public ValueTask<RequestOutcome> EchoAsync(CancellationToken cancel = default) =>
        ContextOf(Uids.Verification, null) is { } context
            ? RequestAsync(context, CommandSet.EchoRequest(++lastMessageId), DataSetSource.None, cancel)
            : ValueTask.FromResult(RequestOutcome.NotAccepted);

    /// <summary>N-EVENT-REPORT (PS3.7 10.1.1).</summary>
    public ValueTask<RequestOutcome> ReportAsync(EventReport report, CancellationToken cancel = default)
    {
        if (ContextOf(report.SopClassUid, null) is not { } context)
        {
            return ValueTask.FromResult(RequestOutcome.NotAccepted);
        }

        CommandSet command = CommandSet.EventReportRequest(
            ++lastMessageId, report.SopClassUid, report.SopInstanceUid, report.EventTypeId);
        return RequestAsync(context, command, DataSetWriter.Write(report.Information, context.TransferSyntax), cancel);
    }

    /// <summary>Releases in order (PS3.8 7.2) and closes.</summary>
    public async Task<AssociationEnd> ReleaseAsync(CancellationToken cancel = default)
    {
        if (link.End is not null)
        {
            return link.End;
        }

        using (InterruptOn(cancel))
        {
            await link.DoAsync(UpperLayerEvent.ReleaseRequest).ConfigureAwait(false);
            link.Watchdog.Expect(timeouts.Response, EndReason.ResponseTimedOut);
            while (await link.ReceiveAsync().ConfigureAwait(false) is var indication and not Indication.Ended)
            {
                if (indication == Indication.Release)
                {
                    // Both sides asked at the same time: the requestor answers first (PS3.8 9.2.3, AR-8, AR-9).
                    await link.DoAsync(UpperLayerEvent.ReleaseResponse).ConfigureAwait(false);
                }
            }
        }

        return link.End!;
    }

    /// <summary>Closes; an association that was not released is aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (link.End is null)
        {
            await link.AbortAsync(new AssociationEnd(EndReason.AbortedByUs, "aborted by this side")).ConfigureAwait(false);
        }

        link.Dispose();
    }

    private static AssociateRequest RequestOf(
        string calling, string called, IReadOnlyList<PresentationContextRequest> contexts, IReadOnlyList<RoleSelection> roles)
    {
        ArgumentOutOfRangeException.ThrowIfZero(contexts.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contexts.Count, Limits.PresentationContexts);
        return new AssociateRequest
        {
            CallingAeTitle = calling,
            CalledAeTitle = called,
            Contexts = [.. contexts.Select((context, i) =>
                new ProposedContext((byte)((2 * i) + 1), context.SopClassUid, [.. context.TransferSyntaxes.Select(syntax => syntax.Uid)]))],
            UserInformation = new UserInformation
            {
                MaxPduBytes = Limits.ReceivePduBytes,
                ImplementationVersion = Implementation.VersionName,
                Roles = roles,
            },
        };
    }

    private static async Task<AssociationEnd?> ConnectAsync(
        Socket socket, string host, int port, AssociationTimeouts timeouts, TimeProvider time, CancellationToken cancel)
    {
        using CancellationTokenSource tooLong = new(timeouts.Connect, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancel);
        try
        {
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return cancel.IsCancellationRequested
                ? new AssociationEnd(EndReason.ShutDown, "cancelled while connecting")
                : new AssociationEnd(EndReason.ConnectTimedOut, "no connection in time");
        }
        catch (SocketException refused)
        {
            return new AssociationEnd(EndReason.NotConnected, Said(refused.SocketErrorCode));
        }
    }

    /// <summary>For whoever stands in front of the box: it is shown there.</summary>
    private static string Said(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nobody listens on that port",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no host of that name is known",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => "there is no way to that host",
        SocketError.TimedOut => "that host does not answer",
        _ => $"no connection ({error})",
    };

    private async ValueTask<bool> AssociateAsync(AssociateRequest request)
    {
        await link.DoAsync(UpperLayerEvent.AssociateRequest).ConfigureAwait(false);
        await link.DoAsync(UpperLayerEvent.TransportConfirmation, PduWriter.Request(request)).ConfigureAwait(false);
        link.Watchdog.Expect(timeouts.Artim, EndReason.AssociateTimedOut);
        Indication indication = await link.ReceiveAsync().ConfigureAwait(false);
        link.Watchdog.Relax();
        if (indication != Indication.Accepted)
        {
            return false;
        }

        uint maxPduBytes = link.Accept!.UserInformation.MaxPduBytes;
        if (maxPduBytes is > 0 and <= PDataWriter.PdvHeaderBytes)
        {
            await link.AbortAsync(new AssociationEnd(EndReason.ProtocolError, "the maximum length leaves no room for data"))
                .ConfigureAwait(false);
            return false;
        }

        fragmentBytes = PDataWriter.FragmentBytes(maxPduBytes);
        Contexts = Negotiation.AcceptedContexts(request, link.Accept);
        return true;
    }

    /// <summary>Sends a request and waits for its response.</summary>
    private async ValueTask<RequestOutcome> RequestAsync(
        AcceptedContext context, CommandSet command, DataSetSource dataSet, CancellationToken cancel)
    {
        if (link.End is not null)
        {
            return RequestOutcome.Ended(link.End);
        }

        using (InterruptOn(cancel))
        {
            try
            {
                if (!await link.SendMessageAsync(context.Id, command, dataSet, fragmentBytes).ConfigureAwait(false))
                {
                    return RequestOutcome.Ended(link.End!);
                }
            }
            catch
            {
                // The source failed in the middle of a message: nothing sensible can follow it on this association.
                await link.AbortAsync(new AssociationEnd(EndReason.Fault, "the data set could not be read")).ConfigureAwait(false);
                throw;
            }

            return await ResponseAsync(context, command).ConfigureAwait(false);
        }
    }

    private async ValueTask<RequestOutcome> ResponseAsync(AcceptedContext context, CommandSet command)
    {
        link.Watchdog.Expect(timeouts.Response, EndReason.ResponseTimedOut);
        while (true)
        {
            switch (await link.ReceiveAsync().ConfigureAwait(false))
            {
                case Indication.Ended:
                    return RequestOutcome.Ended(link.End!);
                case Indication.Release:
                    AssociationEnd released = new(EndReason.Released, "released by the peer");
                    await link.DoAsync(UpperLayerEvent.ReleaseResponse, default, released).ConfigureAwait(false);
                    return RequestOutcome.Ended(link.End!);
                default:
                    break;
            }

            PresentationDataValues values = new(link.Body);
            while (values.TryNext(out PresentationDataValue value))
            {
                MessageStep step = value.ContextId == context.Id ? assembler.Take(value) : new MessageStep(MessageStepKind.Refused);
                if (step.Kind == MessageStepKind.CommandPart)
                {
                    continue;
                }

                if (step.Command is { Status: { } status } response && response.Field == command.Field.Response()
                    && response.MessageIdBeingRespondedTo == command.MessageId
                    && (!response.HasDataSet || command.Field == CommandField.NEventReportRq))
                {
                    link.Watchdog.Relax();
                    return new RequestOutcome(RequestResult.Answered, status, response.ErrorComment, null);
                }

                await link.AbortAsync(new AssociationEnd(EndReason.ProtocolError, "the response does not fit the request"))
                    .ConfigureAwait(false);
                return RequestOutcome.Ended(link.End!);
            }
        }
    }

    private AcceptedContext? ContextOf(string sopClassUid, TransferSyntax? syntax)
    {
        foreach (AcceptedContext context in Contexts)
        {
            if (context.AbstractSyntax == sopClassUid && (syntax is null || context.TransferSyntax.Uid == syntax.Uid))
            {
                return context;
            }
        }

        return null;
    }

    private CancellationTokenRegistration InterruptOn(CancellationToken cancel) =>
        cancel.UnsafeRegister(static state => ((AssociationLink)state!).Watchdog.Interrupt(EndReason.ShutDown), link);
}
