using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
#if GPU
using ILGPU;
#endif

namespace Appliance.Kernels;

/// <summary>Elements in the memory of the machine that the kernel runs on. 16 bytes on both: {pointer, int64 count}.</summary>
/// <remarks>
/// The layout is that of ILGPU's lowered ArrayView, so that a kernel's parameters are the same bytes for a GPU and for the CPU. Indices
/// are never negative: ILGPU widens an int index without its sign. Nothing is checked here: the launcher has compared extents. A gather
/// reads four bytes for an element of one or two: memory behind a view stays readable for <see cref="Slack.Bytes"/> more.
/// </remarks>
#if GPU
public readonly struct View<T>(ArrayView<T> elements)
    where T : unmanaged
{
    private readonly ArrayView<T> elements = elements;

    public ref T this[long i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref elements[i];
    }

    public long Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => elements.Length;
    }

    /// <summary>Not known to a GPU: the launcher has looked.</summary>
    public bool IsNull => elements.Length == 0;
}
#else
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct View<T>(T* pointer, long length)
    where T : unmanaged
{
    private readonly T* pointer = pointer;
    private readonly long length = length;

    public T* Pointer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => pointer;
    }

    public ref T this[long i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref pointer[i];
    }

    public long Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => length;
    }

    public bool IsNull => pointer == null;
}
#endif

/// <summary>What must be readable beyond the last element of a view.</summary>
public static class Slack
{
    public const int Bytes = 32;
}

/// <summary>Which planes of a volume a launch makes, and which it holds: a slab can be processed as soon as its halo has arrived.</summary>
/// <remarks>
/// Result plane z of the launch is plane <see cref="From"/> + z of the volume and lies at plane z of the target view. The source view
/// holds planes <see cref="First"/> to First + held - 1: all that the results need, cut off at the volume's ends only. What lies beyond
/// an end is decided by <see cref="Depth"/>, never by the slab, so any split gives the whole result bit for bit.
/// </remarks>
public struct Slab
{
    /// <summary>Plane of the volume that the first result plane is.</summary>
    public int From;

    /// <summary>Planes of the whole volume.</summary>
    public int Depth;

    /// <summary>Plane of the volume that the first plane of the source view is.</summary>
    public int First;

    /// <summary>Plane of the source view <paramref name="offset"/> planes from result plane z; the volume's end repeats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Plane(int z, int offset)
    {
        int plane = From + z + offset;
        plane = plane < 0 ? 0 : plane;
        plane = plane > Depth - 1 ? Depth - 1 : plane;
        return plane - First;
    }
}
