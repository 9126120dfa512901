using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Class probabilities of each voxel: p(k) = exp(s(k) - max s) / sum of exp(s - max s).</summary>
/// <remarks>Scores and probabilities lie [class][z][y][x]; ClassStride is the distance of two classes in elements.</remarks>
public static class Softmax
{
    public static void Reference(ReadOnlySpan<float> scores, int classes, int classStride, int voxels, Span<float> target)
    {
        for (int i = 0; i < voxels; i++)
        {
            double highest = double.MinValue, sum = 0;
            for (int k = 0; k < classes; k++)
            {
                highest = Math.Max(highest, scores[(k * classStride) + i]);
            }

            for (int k = 0; k < classes; k++)
            {
                sum += Math.Exp(scores[(k * classStride) + i] - highest);
            }

            for (int k = 0; k < classes; k++)
            {
                target[(k * classStride) + i] = (float)(Math.Exp(scores[(k * classStride) + i] - highest) / sum);
            }
        }
    }

    [Kernel(256)]
    public struct Probabilities : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public long ClassStride;
        public int Classes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Classes), Classes, 1, int.MaxValue);
            needs.Between(nameof(ClassStride), ClassStride, 0, long.MaxValue);
            long scores = Needs.Sum(Needs.Product(Classes - 1L, ClassStride), needs.Cells);
            needs.Holds(Source, scores, nameof(Source));
            needs.Holds(Target, scores, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat highest = TFloat.Load(Source, at);
            for (int k = 1; k < Classes; k++)
            {
                highest = TFloat.Max(highest, TFloat.Load(Source, at + (k * ClassStride)));
            }

            TFloat sum = TFloat.Set(0);
            for (int k = 0; k < Classes; k++)
            {
                TFloat share = Exp.Of<TFloat, TInt, TMask>(TFloat.Load(Source, at + (k * ClassStride)) - highest);
                TFloat.Store(Target, at + (k * ClassStride), share);
                sum += share;
            }

            for (int k = 0; k < Classes; k++)
            {
                TFloat.Store(Target, at + (k * ClassStride), TFloat.Load(Target, at + (k * ClassStride)) / sum);
            }
        }
    }
}
