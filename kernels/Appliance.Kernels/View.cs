using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
#if GPU
using ILGPU;
#endif

namespace Appliance.Kernels;

/// <summary>Elements in the memory of the machine that the kernel runs on. 16 bytes on both: {pointer, int64 count}.</summary>
/// <remarks>
/// The layout is that of ILGPU's lowered ArrayView, so that a kernel's parameters are the same bytes for a GPU and for the CPU. Indices
/// are never negative: ILGPU widens an int index without its sign. Nothing is checked here: the launcher has compared extents.
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
}
#else
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct View<T>(T* pointer, long length)
    where T : unmanaged
{
    private readonly T* pointer = pointer;
    private readonly long length = length;

    public T* Pointer => pointer;

    public ref T this[long i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref pointer[i];
    }

    public long Length => length;
}
#endif
