using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Flips and permutes axes: target (x, y, z) = source element Start + x * StrideX + y * StrideY + z * StrideZ.</summary>
/// <remarks>A flipped axis has a negative stride and starts at its other end. Width and Height are the target's.</remarks>
public static partial class Reorient
{
    public static void Reference<T>(
        ReadOnlySpan<T> source, Span<T> target, int width, int height, long start, long strideX, long strideY, long strideZ)
    {
        for (int i = 0; i < target.Length; i++)
        {
            long x = i % width, y = i / width % height, z = i / width / height;
            target[i] = source[(int)(start + (x * strideX) + (y * strideY) + (z * strideZ))];
        }
    }

    /// <summary>The body of all integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TPixels, T, TInt, TMask>(View<T> source, View<T> target, in Axes axes, long at, long to)
        where TPixels : struct, IMovedPixels<T>
        where T : unmanaged
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>
    {
        TInt values = axes.StrideX == 1
            ? TPixels.Load<TInt, TMask>(source, at)
            : TPixels.Gather<TInt, TMask>(source, at, TInt.Count(0) * TInt.Set(axes.StrideX));
        TPixels.Store<TInt, TMask>(target, to, values);
    }

    /// <summary>Where the result's axes lie in the source.</summary>
    public struct Axes
    {
        public long Start;
        public int StrideX;
        public int StrideY;
        public long StrideZ;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly long At(int x, int y, int z) => Start + ((long)x * StrideX) + ((long)y * StrideY) + (z * StrideZ);
    }

    /// <summary>16-bit samples, signed or not.</summary>
    [Kernel(32, 8)]
    public partial struct Int16 : ILaneKernel
    {
        public View<short> Source;
        public View<short> Target;
        public int Width;
        public int Height;
        public Axes Axes;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Target, needs.Cells, nameof(Target));
            needs.Reaches(Source, Axes.Start, Axes.StrideX, Axes.StrideY, Axes.StrideZ, nameof(Source));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long to = ((((long)z * Height) + y) * Width) + x;
            One<ShortPixels, short, TInt, TMask>(Source, Target, Axes, Axes.At(x, y, z), to);
        }
    }

    /// <summary>Labels.</summary>
    [Kernel(32, 8)]
    public struct UInt8 : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Width;
        public int Height;
        public Axes Axes;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Target, needs.Cells, nameof(Target));
            needs.Reaches(Source, Axes.Start, Axes.StrideX, Axes.StrideY, Axes.StrideZ, nameof(Source));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long to = ((((long)z * Height) + y) * Width) + x;
            One<BytePixels, byte, TInt, TMask>(Source, Target, Axes, Axes.At(x, y, z), to);
        }
    }

    [Kernel(32, 8)]
    public struct Float : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Axes Axes;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Target, needs.Cells, nameof(Target));
            needs.Reaches(Source, Axes.Start, Axes.StrideX, Axes.StrideY, Axes.StrideZ, nameof(Source));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = Axes.At(x, y, z);
            TFloat values = Axes.StrideX == 1
                ? TFloat.Load(Source, at)
                : TFloat.Gather(Source, at, TInt.Count(0) * TInt.Set(Axes.StrideX));
            TFloat.Store(Target, ((((long)z * Height) + y) * Width) + x, values);
        }
    }
}
