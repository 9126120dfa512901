using System.Net;
using System.Runtime.CompilerServices;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>One association as acceptor and service class provider: Verification, storage, and normalized services.</summary>
internal sealed partial class ProviderAssociation
{
    private readonly AssociationLink link;
    private readonly ServerSettings settings;
    private readonly StorageProvider provider;
    private readonly Func<bool> hasRoom;
    private readonly MessageAssembler assembler = new();
    private PresentationDataValues values;
    private PresentationDataValue value;
    private bool wholeDataSetSeen;
    private int fragmentBytes;

    /// <param name="hasRoom">Claims a place among the associations; false when all are taken.</param>
    public ProviderAssociation(
        AssociationLink link, Association info, ServerSettings settings, StorageProvider provider, Func<bool> hasRoom)
    {
        this.link = link;
        this.settings = settings;
        this.provider = provider;
        this.hasRoom = hasRoom;
        Info = info;
    }

    public Association Info { get; private set; }

    /// <summary>The association from connection to end. Returns when it has ended; the transport connection may linger.</summary>
    /// <param name="stopping">Cancelled when the server stops.</param>
    public async Task<AssociationEnd> RunAsync(CancellationToken stopping)
    {
        // 1. The connection is there; ARTIM runs until the peer asks for an association.
        await link.DoAsync(UpperLayerEvent.TransportIndication).ConfigureAwait(false);

        // 2. Its request.
        if (await link.ReceiveAsync().ConfigureAwait(false) != Indication.Associate)
        {
            return link.End!;
        }

        // 3. Our answer.
        if (!await AnswerAsync(link.Request!).ConfigureAwait(false))
        {
            return link.End!;
        }

        // 4. One message after the other, in order, until it ends.
        provider.Opened(Info);
        try
        {
            while (await NextCommandAsync().ConfigureAwait(false) is { } command)
            {
                await ServeAsync(command, stopping).ConfigureAwait(false);
            }
        }
        finally
        {
            HandBackReports();
        }

        return link.End!;
    }

    /// <summary>The next bytes of the data set in hand.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<Chunk> NextChunkAsync()
    {
        while (!wholeDataSetSeen)
        {
            if (!await NextValueAsync(settings.Timeouts.MidMessage, EndReason.MessageTimedOut).ConfigureAwait(false))
            {
                return new Chunk(ChunkKind.Cut, default);
            }

            MessageStep step = assembler.Take(value);
            if (step.Kind == MessageStepKind.Refused)
            {
                await RefuseAsync(step.Refusal!).ConfigureAwait(false);
                return new Chunk(ChunkKind.Cut, default);
            }

            wholeDataSetSeen = step.Kind == MessageStepKind.LastData;
            if (!value.Fragment.IsEmpty)
            {
                return new Chunk(ChunkKind.Bytes, value.Fragment);
            }
        }

        return new Chunk(ChunkKind.End, default);
    }

    private async ValueTask<bool> AnswerAsync(AssociateRequest request)
    {
        Info = Info with
        {
            CallingAeTitle = request.CallingAeTitle,
            CalledAeTitle = request.CalledAeTitle,
            ImplementationClassUid = request.UserInformation.ImplementationClassUid,
            ImplementationVersion = request.UserInformation.ImplementationVersion ?? "",
        };
        NegotiationAnswer answer = Negotiation.Answer(request, settings.Policy);
        AssociateReject? reject = answer.Reject
            ?? provider.Accept(request, Info.Remote)
            ?? (hasRoom() ? null : AssociateReject.LocalLimit);
        if (reject is { } no)
        {
            await link.DoAsync(
                UpperLayerEvent.AssociateResponseReject, PduWriter.Reject(no), new AssociationEnd(EndReason.Rejected, $"rejected: {no}"))
                .ConfigureAwait(false);
            return false;
        }

        AssociateAccept accept = answer.Accept!;
        Info = Info with { Contexts = Negotiation.AcceptedContexts(request, accept) };
        fragmentBytes = PDataWriter.FragmentBytes(request.UserInformation.MaxPduBytes);
        await link.DoAsync(UpperLayerEvent.AssociateResponseAccept, PduWriter.Accept(accept)).ConfigureAwait(false);
        return link.End is null;
    }

    /// <summary>The next whole command set, or null when the association has ended.</summary>
    private async ValueTask<CommandSet?> NextCommandAsync()
    {
        while (true)
        {
            bool isIdle = assembler.IsBetweenMessages;
            if (isIdle && !values.HasMore)
            {
                await ReportAsync().ConfigureAwait(false);
            }

            TimeSpan within = isIdle ? settings.Timeouts.Idle : settings.Timeouts.MidMessage;
            if (!await NextValueAsync(within, isIdle ? EndReason.IdleTimedOut : EndReason.MessageTimedOut).ConfigureAwait(false))
            {
                return null;
            }

            MessageStep step = assembler.Take(value);
            switch (step.Kind)
            {
                case MessageStepKind.Command when ContextOf(assembler.ContextId) is null:
                    await RefuseAsync("A message comes on a presentation context that was not accepted.").ConfigureAwait(false);
                    return null;
                case MessageStepKind.Command:
                    wholeDataSetSeen = !step.Command!.HasDataSet;
                    return step.Command;
                case MessageStepKind.Refused:
                    await RefuseAsync(step.Refusal!).ConfigureAwait(false);
                    return null;
                default:
                    break;
            }
        }
    }

    /// <summary>Answers one message (PS3.7 9, 10).</summary>
    private async ValueTask ServeAsync(CommandSet command, CancellationToken stopping)
    {
        AcceptedContext context = ContextOf(assembler.ContextId)!;
        if (command.Field == CommandField.CCancelRq)
        {
            // There is nothing under way that could be cancelled, and a cancel has no response (PS3.7 9.3.2.3).
            await PassOverAsync().ConfigureAwait(false);
            return;
        }

        if (command.Field.IsResponse())
        {
            if (await TakeResponseAsync(command).ConfigureAwait(false))
            {
                return;
            }

            await RefuseAsync("A response comes although nothing was requested.").ConfigureAwait(false);
            return;
        }

        Status? refused = RefusalOf(command, context);
        if (refused is null && command.Field == CommandField.CStoreRq)
        {
            await StoreAsync(command, context, stopping).ConfigureAwait(false);
            return;
        }

        if (refused is null && command.Field != CommandField.CEchoRq)
        {
            await AnswerAsync(command, context, stopping).ConfigureAwait(false);
            return;
        }

        if (await PassOverAsync().ConfigureAwait(false))
        {
            await RespondAsync(command, context, refused ?? Status.Success).ConfigureAwait(false);
        }
    }

    /// <summary>The status of a request that is not done, or null for one that is.</summary>
    private Status? RefusalOf(CommandSet command, AcceptedContext context)
    {
        bool isNormalized = provider.Normalized?.Offered.Contains((context.AbstractSyntax, command.Field)) == true;
        if (!isNormalized && command.Field is not (CommandField.CEchoRq or CommandField.CStoreRq))
        {
            return Status.UnrecognizedOperation;
        }

        CommandRule rule = CommandRules.Of(command.Field)!;
        if (command.SopClassUid != context.AbstractSyntax)
        {
            return Status.SopClassNotSupported;
        }

        if (!rule.HasRequired(command) || (rule.DataSet == DataSetPresence.Always && !command.HasDataSet))
        {
            return Status.MistypedArgument;
        }

        if (command.Field == CommandField.CStoreRq)
        {
            return !StorageClasses.IsStorage(context.AbstractSyntax) ? Status.SopClassNotSupported
                : Uid.IsTaken(command.AffectedSopInstanceUid!) ? null
                : Status.InvalidObjectInstance;
        }

        return isNormalized || context.AbstractSyntax == Uids.Verification ? null : Status.SopClassNotSupported;
    }

    private async ValueTask StoreAsync(CommandSet command, AcceptedContext context, CancellationToken stopping)
    {
        StoreRequest request = new(this, command, context.TransferSyntax, context.Id);
        Status status = await provider.Store(request, stopping).ConfigureAwait(false);
        if (await request.PassOverAsync().ConfigureAwait(false))
        {
            await RespondAsync(command, context, status).ConfigureAwait(false);
        }
    }

    private async ValueTask RespondAsync(CommandSet command, AcceptedContext context, Status status) =>
        await link.SendMessageAsync(context.Id, command.Respond(status), DataSetSource.None, fragmentBytes).ConfigureAwait(false);

    /// <summary>Reads a data set to its end without use. False when the association ended before.</summary>
    private async ValueTask<bool> PassOverAsync()
    {
        Chunk chunk;
        do
        {
            chunk = await NextChunkAsync().ConfigureAwait(false);
        }
        while (chunk.Kind == ChunkKind.Bytes);
        return chunk.Kind == ChunkKind.End;
    }

    /// <summary>The next presentation data value into <see cref="value"/>; false when the association has ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> NextValueAsync(TimeSpan within, EndReason orElse)
    {
        if (link.End is not null)
        {
            return false;
        }

        while (!values.TryNext(out value))
        {
            link.Watchdog.Expect(within, orElse);
            Indication indication = await link.ReceiveAsync().ConfigureAwait(false);
            link.Watchdog.Relax();
            switch (indication)
            {
                case Indication.Data:
                    values = new PresentationDataValues(link.Body);
                    break;
                case Indication.Release:
                    await link.DoAsync(UpperLayerEvent.ReleaseResponse, default, new AssociationEnd(EndReason.Released, "released"))
                        .ConfigureAwait(false);
                    return false;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Aborts because of what the peer sent.</summary>
    private async ValueTask RefuseAsync(string why) =>
        await link.DoAsync(UpperLayerEvent.AbortRequest, default, new AssociationEnd(EndReason.ProtocolError, why)).ConfigureAwait(false);

    private AcceptedContext? ContextOf(byte id)
    {
        foreach (AcceptedContext context in Info.Contexts)
        {
            if (context.Id == id)
            {
                return context;
            }
        }

        return null;
    }
}
