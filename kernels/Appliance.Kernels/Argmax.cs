using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>The class of the highest score of each voxel, the lowest class on a tie.</summary>
/// <remarks>Scores lie [class][z][y][x], as an ONNX network gives them; ClassStride is the distance of two classes in elements.</remarks>
public static partial class Argmax
{
    public static void Reference(ReadOnlySpan<float> scores, int classes, int classStride, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int best = 0;
            for (int k = 1; k < classes; k++)
            {
                best = scores[(k * classStride) + i] > scores[(best * classStride) + i] ? k : best;
            }

            target[i] = (byte)best;
        }
    }

    [Kernel(256)]
    public partial struct Labels : ILaneKernel
    {
        public View<float> Source;
        public View<byte> Target;
        public long ClassStride;
        public int Classes;
        public int Width;
        public int Height;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Between(nameof(Classes), Classes, 1, 256);
            needs.Between(nameof(ClassStride), ClassStride, 0, long.MaxValue);
            needs.Holds(Source, Needs.Sum(Needs.Product(Classes - 1L, ClassStride), needs.Cells), nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            long at = ((((long)z * Height) + y) * Width) + x;
            TFloat best = TFloat.Load(Source, at);
            TInt winner = TInt.Set(0);
            for (int k = 1; k < Classes; k++)
            {
                TFloat score = TFloat.Load(Source, at + (k * ClassStride));
                TMask higher = TFloat.Less(best, score);
                best = TFloat.Select(higher, score, best);
                winner = TInt.Select(higher, TInt.Set(k), winner);
            }

            TInt.Store(Target, at, winner);
        }
    }
}
