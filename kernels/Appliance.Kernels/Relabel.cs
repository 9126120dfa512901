using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Labels by a table: a class that is not offered becomes the one that stands for it.</summary>
public static class Relabel
{
    public static void Reference(ReadOnlySpan<byte> source, ReadOnlySpan<byte> table, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = table[source[i]];
        }
    }

    /// <summary>In place.</summary>
    [Kernel(256)]
    public struct Table : ILaneKernel
    {
        public View<byte> Labels;

        /// <summary>256 labels, as integers: a gather reads whole ones.</summary>
        public View<int> Becomes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Labels, needs.Cells, nameof(Labels));
            needs.Holds(Becomes, 256, nameof(Becomes));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TInt labels = TInt.Load(Labels, at);

            // Neighbours mostly have one label.
            TInt.Store(Labels, at, TInt.AreSame(labels, out int all) ? TInt.Set(Becomes[all]) : TInt.Gather(Becomes, 0, labels));
        }
    }
}
