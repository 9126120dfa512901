using System.Runtime.CompilerServices;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;

namespace Appliance.Dicom.Transport;

/// <summary>What a read of a data set brought.</summary>
public enum ChunkKind
{
    /// <summary>Some bytes; more may follow.</summary>
    Bytes,

    /// <summary>The data set is whole.</summary>
    End,

    /// <summary>The association ended before the data set was whole: throw away what came of it.</summary>
    Cut,
}

/// <param name="Bytes">Valid until the next read.</param>
public readonly record struct Chunk(ChunkKind Kind, ReadOnlyMemory<byte> Bytes);

/// <summary>A C-STORE request whose data set is read while it arrives (PS3.7 9.1.1).</summary>
public sealed class StoreRequest
{
    private readonly ProviderAssociation association;
    private ChunkKind state = ChunkKind.Bytes;

    internal StoreRequest(ProviderAssociation association, CommandSet command, TransferSyntax syntax, byte contextId)
    {
        this.association = association;
        Command = command;
        TransferSyntax = syntax;
        ContextId = contextId;
    }

    public Association Association => association.Info;

    public byte ContextId { get; }

    /// <summary>The SOP class of the accepted context.</summary>
    public string SopClassUid => Command.AffectedSopClassUid!;

    /// <summary>
    /// As <see cref="Network.Uid.IsTaken"/> has it: at most 64 characters that may name a file. What the data set says is another matter.
    /// </summary>
    public string SopInstanceUid => Command.AffectedSopInstanceUid!;

    /// <summary>How the data set's bytes are laid out.</summary>
    public TransferSyntax TransferSyntax { get; }

    public CommandSet Command { get; }

    /// <summary>
    /// The next bytes of the data set as they arrived. After <see cref="ChunkKind.End"/> or <see cref="ChunkKind.Cut"/> the same again.
    /// </summary>
    /// <remarks>Not to be called twice at a time, nor after the callback's task has completed.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Chunk> ReadAsync()
    {
        if (state != ChunkKind.Bytes)
        {
            return new Chunk(state, default);
        }

        Chunk chunk = await association.NextChunkAsync().ConfigureAwait(false);
        state = chunk.Kind;
        return chunk;
    }

    /// <summary>Reads on to the end without use of the bytes. False when the data set was cut.</summary>
    internal async ValueTask<bool> PassOverAsync()
    {
        while (state == ChunkKind.Bytes)
        {
            await ReadAsync().ConfigureAwait(false);
        }

        return state == ChunkKind.End;
    }
}
