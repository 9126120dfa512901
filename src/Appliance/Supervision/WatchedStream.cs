namespace Appliance.Daemon.Supervision;

/// <summary>A file that is read by the thread that asks, and watched meanwhile: a disk that does not answer is seen.</summary>
public sealed class WatchedStream(FileStream file, Func<Work> watch) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        using Work watched = watch();
        int read = file.Read(buffer);
        Work.ThrowIfAbandoned();
        return read;
    }

    /// <remarks>What the page cache has is there at once; a thread of the pool would only carry it about.</remarks>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
