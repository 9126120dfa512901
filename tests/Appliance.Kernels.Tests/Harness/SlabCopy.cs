using System.Reflection;
using System.Runtime.InteropServices;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>A kernel that sees only one slab and its halo, in memory of their own, and writes into the whole target.</summary>
public sealed unsafe class SlabCopy<TKernel> : IDisposable
    where TKernel : unmanaged
{
    private readonly void* memory;

    public SlabCopy(TKernel kernel, SlabRule rule, int from, int to)
    {
        object boxed = kernel;
        Slab slab = (Slab)Field("Slab").GetValue(boxed)!;
        int first = Math.Max(0, from - rule.Halo);
        int end = Math.Min(slab.Depth, to + rule.Halo);
        Field("Slab").SetValue(boxed, new Slab { From = from, Depth = slab.Depth, First = first });

        (nint source, int size) = Pointer(Field("Source").GetValue(boxed)!);
        nuint bytes = (nuint)((end - first) * rule.SourcePlane * size);
        memory = NativeMemory.AlignedAlloc(bytes + Slack.Bytes, 64);
        NativeMemory.Copy((byte*)source + ((long)first * rule.SourcePlane * size), memory, bytes);
        Field("Source").SetValue(boxed, Moved(Field("Source").GetValue(boxed)!, (nint)memory, (end - first) * rule.SourcePlane));

        (nint target, int targetSize) = Pointer(Field("Target").GetValue(boxed)!);
        nint start = target + (nint)((long)from * rule.TargetPlane * targetSize);
        Field("Target").SetValue(boxed, Moved(Field("Target").GetValue(boxed)!, start, (to - from) * rule.TargetPlane));
        Kernel = (TKernel)boxed;
    }

    public TKernel Kernel { get; }

    public void Dispose() => NativeMemory.AlignedFree(memory);

    private static FieldInfo Field(string name) => typeof(TKernel).GetField(name)
        ?? throw new InvalidOperationException($"{typeof(TKernel)} has no field {name}: it cannot be made in slabs");

    private static (nint Pointer, int Size) Pointer(object view)
    {
        Pointer pointer = (Pointer)view.GetType().GetProperty("Pointer")!.GetValue(view)!;
        return ((nint)System.Reflection.Pointer.Unbox(pointer), Marshal.SizeOf(view.GetType().GetGenericArguments()[0]));
    }

    private static object Moved(object view, nint pointer, long length) =>
        typeof(SlabCopy<TKernel>).GetMethod(nameof(At), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(view.GetType().GetGenericArguments()).Invoke(null, [pointer, length])!;

    private static object At<T>(nint pointer, long length)
        where T : unmanaged => new View<T>((T*)pointer, length);
}
