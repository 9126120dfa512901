using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Which columns through a volume hold something denser than air.</summary>
public static class BodyMask
{
    /// <summary>target (x, y) becomes 1 where source (x, y, z) > above for any z; else it stays.</summary>
    public static void Reference(ReadOnlySpan<float> source, float above, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            ref byte mark = ref target[i % target.Length];
            mark = source[i] > above ? (byte)1 : mark;
        }
    }

    /// <summary>Launch: columns, rows, 1.</summary>
    [Kernel(64, 4)]
    public struct Columns : ILaneKernel
    {
        public View<float> Source;

        /// <summary>0 or 1.</summary>
        public View<byte> Target;
        public int Width;
        public int Height;
        public int Planes;
        public float Above;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between("extent z", needs.Z, 0, 1);
            needs.Between(nameof(Planes), Planes, 0, int.MaxValue);
            needs.Holds(Source, Needs.Product(Needs.Product(Width, Height), Planes), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((long)y * Width) + x, plane = (long)Width * Height;
            TInt marked = TInt.Load(Target, at), one = TInt.Set(1);
            for (int k = 0; k < Planes; k++)
            {
                marked = TInt.Select(TFloat.Less(TFloat.Set(Above), TFloat.Load(Source, (k * plane) + at)), one, marked);
            }

            TInt.Store(Target, at, marked);
        }
    }
}
