using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>From the network's grid in HU to one channel of its input: the window is cut out, and values go to -1 .. 1.</summary>
/// <remarks>The division is kept: the model package's golden arrays are made with it, and are equal bit for bit.</remarks>
public static class NetworkInput
{
    public static void Reference(ReadOnlySpan<float> source, float offset, float width, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = MathF.Min(MathF.Max((source[i] - offset) / width, -1), 1);
        }
    }

    /// <summary>One plane: target (x, y) = source (x + left, y + top), or the padding where there is none.</summary>
    public static void ReferenceCut(
        ReadOnlySpan<float> source, int sourceWidth, int left, int top, float padding, Span<float> target, int width)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int x = (i % width) + left, y = (i / width) + top;
            bool inside = x >= 0 && x < sourceWidth && y >= 0 && y < source.Length / sourceWidth;
            target[i] = inside ? source[(y * sourceWidth) + x] : padding;
        }
    }

    /// <summary>min(max((HU - Offset) / HuWidth, -1), 1).</summary>
    [Kernel(256)]
    public struct Normalised : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public float Offset;
        public float HuWidth;

        public readonly void Check(ref Needs needs)
        {
            needs.Pointwise(Source, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat value = (TFloat.Load(Source, at) - TFloat.Set(Offset)) / TFloat.Set(HuWidth);
            TFloat.Store(Target, at, TFloat.Min(TFloat.Max(value, TFloat.Set(-1)), TFloat.Set(1)));
        }
    }

    /// <summary>A window of each plane, with padding where it reaches beyond.</summary>
    [Kernel(64, 4)]
    public struct Cut : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int SourceWidth;
        public int SourceHeight;
        public int Width;
        public int Height;

        /// <summary>Source column and row of the window's first; may be negative.</summary>
        public int Left;
        public int Top;
        public float Padding;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(SourceWidth), SourceWidth, 1, int.MaxValue);
            needs.Between(nameof(SourceHeight), SourceHeight, 0, int.MaxValue);
            needs.Holds(Source, Needs.Product(Needs.Product(SourceWidth, SourceHeight), needs.Z), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long to = ((((long)z * Height) + y) * Width) + x;
            TFloat value = TFloat.Set(Padding);
            int row = y + Top;
            if (row >= 0 && row < SourceHeight)
            {
                TInt column = TInt.Count(x + Left), last = TInt.Set(SourceWidth - 1), zero = TInt.Set(0);
                TInt kept = TInt.Min(TInt.Max(column, zero), last);
                TFloat found = TFloat.Gather(Source, (((long)z * SourceHeight) + row) * SourceWidth, kept);
                value = TFloat.Select(TInt.Equal(column, kept), found, value);
            }

            TFloat.Store(Target, to, value);
        }
    }
}
