namespace Appliance.Dicom.Transport;

/// <summary>The bytes of a data set to send: in memory, or from a stream. Used once, in order.</summary>
/// <remarks>Memory and arrays convert by themselves, so that callers pass what they have.</remarks>
public sealed class DataSetSource
{
    public static readonly DataSetSource None = new(ReadOnlyMemory<byte>.Empty);

    private readonly Stream? stream;
    private ReadOnlyMemory<byte> memory;

    public DataSetSource(ReadOnlyMemory<byte> bytes)
    {
        memory = bytes;
        Length = bytes.Length;
    }

    /// <param name="bytes">Stands at the first byte of the data set.</param>
    /// <param name="length">How many bytes the data set has.</param>
    public DataSetSource(Stream bytes, long length)
    {
        stream = bytes;
        memory = default;
        Length = length;
    }

    public long Length { get; }

    public static implicit operator DataSetSource(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator DataSetSource(byte[] bytes) => new(bytes);

    /// <summary>The next bytes.</summary>
    internal ValueTask CopyAsync(Memory<byte> to, CancellationToken cancel)
    {
        if (stream is not null)
        {
            return stream.ReadExactlyAsync(to, cancel);
        }

        memory[..to.Length].CopyTo(to);
        memory = memory[to.Length..];
        return ValueTask.CompletedTask;
    }
}
