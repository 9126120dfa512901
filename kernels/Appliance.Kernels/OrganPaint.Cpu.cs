#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>Sums across are bytes, 32 at a time; five rows of them make sums down. Rows without the organ cost nothing.</content>
public static partial class OrganPaint
{
    /// <summary>Longest row whose five sums are kept on the stack.</summary>
    private const int MaximumColumns = 4096;

    public unsafe partial struct Smooth : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            if (width > MaximumColumns)
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            const int Pitch = MaximumColumns + 64;
            byte* sums = stackalloc byte[5 * Pitch];
            byte* mask = stackalloc byte[Pitch];
            bool* empty = stackalloc bool[5];
            new Span<byte>(mask, Pitch).Clear();
            for (int z = zFrom; z < zTo; z++)
            {
                new Span<byte>(sums, 5 * Pitch).Clear();
                new Span<bool>(empty, 5).Fill(true);
                for (int y = 0; y <= height; y++)
                {
                    // Row y of the image is the last of the five that result row y - 1 needs.
                    int slot = y % 5;
                    bool found = y < Height && Across(y, (byte)Organs[z], mask, sums + (slot * Pitch), width);
                    if (!found && !empty[slot])
                    {
                        new Span<byte>(sums + (slot * Pitch), Pitch).Clear();
                    }

                    empty[slot] = !found;
                    if (y >= 1)
                    {
                        short* to = Target.Pointer + ((((long)z * (Height + 2)) + y - 1) * (Width + 2));
                        if (new ReadOnlySpan<bool>(empty, 5).Contains(false))
                        {
                            Down(sums, Pitch, y, to, width);
                        }
                        else
                        {
                            new Span<short>(to, width).Clear();
                        }
                    }
                }
            }
        }

        /// <summary>1 4 6 4 1 over the mask of one row; false where the organ is not in it.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly bool Across(int y, byte organ, byte* mask, byte* sums, int width)
        {
            byte* row = Labels.Pointer + ((long)y * Width);
            if (!new ReadOnlySpan<byte>(row, Width).Contains(organ))
            {
                return false;
            }

            Vector256<byte> wanted = Vector256.Create(organ), one = Vector256.Create((byte)1);
            byte* inside = mask + 3;
            int x = 0;
            for (; x <= Width - 32; x += 32)
            {
                (Vector256.Equals(Vector256.Load(row + x), wanted) & one).Store(inside + x);
            }

            for (; x < Width; x++)
            {
                inside[x] = (byte)(row[x] == organ ? 1 : 0);
            }

            // Four times and six times by adding: bytes have no product.
            for (x = 0; x < width; x += 32)
            {
                Vector256<byte> middle = Vector256.Load(mask + x + 2), near = Vector256.Load(mask + x + 1) + Vector256.Load(mask + x + 3);
                Vector256<byte> twice = near + near + middle + middle + middle;
                (Vector256.Load(mask + x) + Vector256.Load(mask + x + 4) + twice + twice).Store(sums + x);
            }

            return true;
        }

        /// <summary>The same down, from the five rows of sums that end with image row <paramref name="y"/>.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Down(byte* sums, int pitch, int y, short* to, int width)
        {
            byte* a = sums + ((y + 1) % 5 * pitch), b = sums + ((y + 2) % 5 * pitch), c = sums + ((y + 3) % 5 * pitch);
            byte* d = sums + ((y + 4) % 5 * pitch), e = sums + (y % 5 * pitch);
            int x = 0;
            for (; x <= width - 16; x += 16)
            {
                Vector256<short> near = Wide(b + x) + Wide(d + x), middle = Wide(c + x);
                Vector256<short> twice = near + near + middle + middle + middle;
                (Wide(a + x) + Wide(e + x) + twice + twice).Store(to + x);
            }

            for (; x < width; x++)
            {
                to[x] = (short)(a[x] + e[x] + (4 * (b[x] + d[x])) + (6 * c[x]));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<short> Wide(byte* from) => Vector256.WidenLower(Vector128.Load(from).ToVector256Unsafe()).AsInt16();
    }
}
#endif
