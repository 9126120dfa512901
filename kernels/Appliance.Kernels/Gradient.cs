using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Length of the gradient by central differences, in units of the samples for each voxel step. A halo of one plane.</summary>
/// <remarks>sqrt(dx^2 + dy^2 + dz^2), d = (next - previous) / 2; beyond the volume its edge repeats.</remarks>
public static class Gradient
{
    public static void Reference(ReadOnlySpan<float> source, int width, int height, int depth, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width % height, z = i / width / height;
            float dx = source[x < width - 1 ? i + 1 : i] - source[x > 0 ? i - 1 : i];
            float dy = source[y < height - 1 ? i + width : i] - source[y > 0 ? i - width : i];
            float dz = source[z < depth - 1 ? i + (width * height) : i] - source[z > 0 ? i - (width * height) : i];
            target[i] = 0.5f * MathF.Sqrt((dx * dx) + (dy * dy) + (dz * dz));
        }
    }

    [Kernel(32, 8)]
    public struct Magnitude : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public int Height;
        public Slab Slab;

        public readonly void Check(ref Needs needs)
        {
            needs.Neighbours(Source, Slab, 1, Target, Width, Height);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long plane = (long)Width * Height, line = (long)y * Width, here = (Slab.Plane(z, 0) * plane) + line;
            long above = y > 0 ? here - Width : here, below = y < Height - 1 ? here + Width : here;
            TInt column = TInt.Count(x), one = TInt.Set(1);
            TFloat dx = TFloat.Gather(Source, here, TInt.Min(column + one, TInt.Set(Width - 1)))
                - TFloat.Gather(Source, here, TInt.Max(column - one, TInt.Set(0)));
            TFloat dy = TFloat.Load(Source, below + x) - TFloat.Load(Source, above + x);
            TFloat dz = TFloat.Load(Source, (Slab.Plane(z, 1) * plane) + line + x)
                - TFloat.Load(Source, (Slab.Plane(z, -1) * plane) + line + x);
            TFloat length = TFloat.Sqrt((dx * dx) + (dy * dy) + (dz * dz));
            TFloat.Store(Target, (z * plane) + line + x, TFloat.Set(0.5f) * length);
        }
    }
}
