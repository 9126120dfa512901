namespace Appliance.Dicom.Data;

/// <summary>Where written bytes go: a buffer of the exact size, or a small one that empties into a stream.</summary>
internal sealed class ByteOutput(byte[] buffer, Stream? stream)
{
    public const int StreamBufferBytes = 1 << 16;

    public byte[] Buffer => buffer;

    public int Used { get; private set; }

    /// <summary>The next bytes, to be filled by the caller. Few: at most an element header.</summary>
    public Span<byte> Take(int count)
    {
        if (stream is not null && buffer.Length - Used < count)
        {
            Flush();
        }

        Span<byte> taken = buffer.AsSpan(Used, count);
        Used += count;
        return taken;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (stream is not null && bytes.Length > buffer.Length - Used)
        {
            Flush();
            if (bytes.Length >= buffer.Length / 2)
            {
                stream.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(buffer.AsSpan(Used));
        Used += bytes.Length;
    }

    public void Flush()
    {
        stream?.Write(buffer.AsSpan(0, Used));
        Used = 0;
    }
}
