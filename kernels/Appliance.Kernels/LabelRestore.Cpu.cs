#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>
/// Results that lie between the same two rows share what does not change: which cells are solid (all eight neighbours won by one class)
/// and the probabilities blended in z. Most results lie in solid cells and are read from those; for the others the classes' rows,
/// blended in whole vectors, are picked from the first cache.
/// </content>
public static partial class LabelRestore
{
    /// <summary>Columns beyond the window that a cell can have on either side, and the mark of a cell that is not solid.</summary>
    private const int Border = 2, Mixed = 255;

    /// <summary>Floats of the three buffers of one class's row, and of all on the stack: 96 KB.</summary>
    private const int MaximumFloats = 24576;

    public unsafe partial struct Plane : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            int pitch = (WindowWidth + (2 * Border) + 39) & ~31;
            if (3 * pitch * Classes > MaximumFloats)
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            float* memory = stackalloc float[3 * pitch * Classes];
            byte* bytes = stackalloc byte[5 * pitch];
            int* offered = stackalloc int[256];
            for (int i = 0; i < 256; i++)
            {
                offered[i] = Offered[i];
            }

            Scratch s = new(memory, bytes, offered, pitch, pitch * Classes);
            int solidFor = int.MinValue, frontFor = int.MinValue;
            bool mixed = false;
            for (int y = 0; zFrom < zTo && y < height; y++)
            {
                if (Rows[y] != solidFor)
                {
                    solidFor = Rows[y];
                    mixed = FindSolid(s, solidFor);
                }

                if (mixed)
                {
                    if (frontFor != solidFor)
                    {
                        frontFor = solidFor;
                        BlendPlanes(s, frontFor);
                    }

                    BlendRows(s, RowShares[y]);
                }

                Pick(s, y, width);
            }
        }

        /// <summary>The label of each cell whose neighbours were all won by it; true where some were not.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly bool FindSolid(in Scratch s, int row)
        {
            for (int k = 0; k < 4; k++)
            {
                Span<byte> line = new(s.Labels + (k * s.Pitch), s.Pitch);
                line.Clear();
                int from = row + (k & 1);
                if (from >= 0 && from < WindowHeight)
                {
                    View<byte> labels = k < 2 ? LowerLabels : UpperLabels;
                    new ReadOnlySpan<byte>(labels.Pointer + (from * WindowWidth), WindowWidth).CopyTo(line[Border..]);
                }
            }

            byte* a = s.Labels, b = a + s.Pitch, c = b + s.Pitch, d = c + s.Pitch;
            for (int i = 0; i < s.Pitch; i += Vector256<byte>.Count)
            {
                Vector256<byte> one = Vector256.Load(a + i);
                Vector256<byte> same = Vector256.Equals(one, Vector256.Load(b + i)) & Vector256.Equals(one, Vector256.Load(c + i))
                    & Vector256.Equals(one, Vector256.Load(d + i));
                (one | ~same).Store(s.Solid + i);
            }

            bool mixed = false;
            for (int i = 0; i < s.Pitch - 1; i++)
            {
                s.Solid[i] = s.Solid[i] == s.Solid[i + 1] ? s.Solid[i] : (byte)Mixed;
                mixed |= s.Solid[i] == Mixed;
            }

            return mixed;
        }

        /// <summary>The two rows of each class between the planes: constant where there is none.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void BlendPlanes(in Scratch s, int row)
        {
            for (int k = 0; k < Classes; k++)
            {
                float outside = k == 0 ? 1f : 0f, between = Between(outside, outside, Share);
                for (int side = 0; side < 2; side++)
                {
                    float* to = (side == 0 ? s.Front : s.Back) + (k * s.Pitch);
                    int from = row + side;
                    new Span<float>(to, s.Pitch).Fill(between);
                    if (from >= 0 && from < WindowHeight)
                    {
                        long at = (((long)k * WindowHeight) + from) * WindowWidth;
                        Mix(Lower.Pointer + at, Upper.Pointer + at, Share, to + Border, WindowWidth);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void BlendRows(in Scratch s, float share) => Mix(s.Front, s.Back, share, s.Blended, s.Pitch * Classes);

        private static void Mix(float* a, float* b, float share, float* to, int count)
        {
            Vector256<float> near = Vector256.Create(1 - share), far = Vector256.Create(share);
            int x = 0;
            for (; x <= count - 8; x += 8)
            {
                ((Vector256.Load(a + x) * near) + (Vector256.Load(b + x) * far)).Store(to + x);
            }

            for (; x < count; x++)
            {
                to[x] = Between(a[x], b[x], share);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void Pick(in Scratch s, int y, int width)
        {
            int x = 0;
            for (; Vector256.IsHardwareAccelerated && x <= width - EightFloat.Width; x += EightFloat.Width)
            {
                Pick<EightFloat, EightInt, EightMask>(s, y, x);
            }

            for (; x < width; x++)
            {
                Pick<OneFloat, OneInt, OneMask>(s, y, x);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Pick<TFloat, TInt, TMask>(in Scratch s, int y, int x)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            // Farther out than the border it is all the same.
            TInt cell = TInt.Load(Columns, x) + TInt.Set(Border);
            cell = TInt.Min(TInt.Max(cell, TInt.Set(0)), TInt.Set(WindowWidth + Border));
            TInt winner = TInt.Gather(new View<byte>(s.Solid, s.Pitch), 0, cell);
            TMask mixed = TInt.Equal(winner, TInt.Set(Mixed));
            if (!TMask.None(mixed))
            {
                View<float> rows = new(s.Blended, s.Pitch * Classes);
                TFloat share = TFloat.Load(ColumnShares, x), best = TFloat.Set(float.MinValue);
                TInt found = TInt.Set(0);
                for (int k = 0; k < Classes; k++)
                {
                    long row = k * s.Pitch;
                    TFloat value = Blend<TFloat, TInt, TMask>(TFloat.Gather(rows, row, cell), TFloat.Gather(rows, row + 1, cell), share);
                    TMask higher = TFloat.Less(best, value);
                    best = TFloat.Select(higher, value, best);
                    found = TInt.Select(higher, TInt.Set(k), found);
                }

                winner = TInt.Select(mixed, found, winner);
            }

            TInt.Store(Target, ((long)y * Width) + x, TInt.Gather(new View<int>(s.Offered, 256), 0, winner));
        }
    }

    /// <summary>Buffers of one launch, on the stack; rows begin <see cref="Border"/> columns before the window.</summary>
    private readonly unsafe struct Scratch(float* floats, byte* bytes, int* offered, int pitch, int classRows)
    {
        public readonly float* Front = floats;
        public readonly float* Back = floats + classRows;
        public readonly float* Blended = floats + (2 * classRows);
        public readonly byte* Solid = bytes;
        public readonly byte* Labels = bytes + pitch;
        public readonly int* Offered = offered;
        public readonly int Pitch = pitch;
    }
}
#endif
