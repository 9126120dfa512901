using System.Runtime.InteropServices;
using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>Memory that kernels work in, outside the managed heap: drawing never makes the collector stop the reception.</summary>
public sealed unsafe class Pixels<T> : IDisposable
    where T : unmanaged
{
    private T* at;

    /// <param name="length">Elements; all are zero.</param>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public Pixels(long length)
    {
        Length = length;
        at = (T*)NativeMemory.AllocZeroed((nuint)((length * sizeof(T)) + Slack.Bytes));
    }

    public long Length { get; }

    public View<T> View => new(at, Length);

    public nint Address => (nint)at;

    /// <summary>At most 2^31 - 1 elements of it.</summary>
    public Span<T> Span(long from, int length) =>
        from >= 0 && from + length <= Length ? new(at + from, length) : throw new ArgumentOutOfRangeException(nameof(from));

    public void Dispose()
    {
        NativeMemory.Free(at);
        at = null;
    }
}
