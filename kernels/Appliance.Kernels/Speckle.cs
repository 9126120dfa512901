using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Ultrasound: speckle reducing anisotropic diffusion of an image, and a crop to the scanned sector.</summary>
/// <remarks>
/// Yu and Acton, Speckle reducing anisotropic diffusion, IEEE Transactions on Image Processing 11(11), 2002. One iteration: for each pixel
/// the instantaneous coefficient of variation q^2 = (G^2 / 2 - (L / 4)^2) / (1 + L / 4)^2 with G^2 = sum of squared differences to the four
/// neighbours and L = their sum, both over the intensity; c = 1 / (1 + (q^2 - q0^2) / (q0^2 (1 + q0^2))), kept within 0 .. 1; then
/// I += Rate / 4 * sum of c * difference, with c of the pixel for the upper and left neighbour and c of the neighbour for the others. The
/// edge repeats. Intensities are positive.
/// </remarks>
public static class Speckle
{
    public static void Reference(ReadOnlySpan<float> source, int width, int height, float noise, float rate, Span<float> target)
    {
        double[] share = new double[source.Length];
        double[,] differences = new double[source.Length, 4];
        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width;
            int[] around =
            [
                y > 0 ? i - width : i, x > 0 ? i - 1 : i, y < height - 1 ? i + width : i, x < width - 1 ? i + 1 : i,
            ];
            double here = source[i], sum = 0, squares = 0;
            for (int k = 0; k < 4; k++)
            {
                double difference = source[around[k]] - here;
                differences[i, k] = difference;
                sum += difference / here;
                squares += difference * difference / (here * here);
            }

            double variation = ((squares / 2) - (sum * sum / 16)) / ((1 + (sum / 4)) * (1 + (sum / 4)));
            double excess = (variation - noise) / (noise * (1 + noise));
            share[i] = Math.Clamp(1 / (1 + excess), 0, 1);
        }

        for (int i = 0; i < source.Length; i++)
        {
            int x = i % width, y = i / width;
            double below = share[y < height - 1 ? i + width : i], right = share[x < width - 1 ? i + 1 : i];
            double flow = (share[i] * (differences[i, 0] + differences[i, 1])) + (below * differences[i, 2]) + (right * differences[i, 3]);
            target[i] = (float)(source[i] + (rate / 4 * flow));
        }
    }

    /// <param name="sector">Apex x, y; shortest and longest radius; cosine and sine of half the opening angle.</param>
    public static void ReferenceSector(ReadOnlySpan<byte> source, int width, ReadOnlySpan<float> sector, Span<byte> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            float dx = (i % width) - sector[0], dy = (i / width) - sector[1];
            float square = (dx * dx) + (dy * dy);
            bool inside = square >= sector[2] * sector[2] && square <= sector[3] * sector[3]
                && dy >= 0 && MathF.Abs(dx) * sector[4] <= dy * sector[5];
            target[i] = inside ? source[i] : (byte)0;
        }
    }

    /// <summary>c of each pixel.</summary>
    [Kernel(32, 8)]
    public struct Share : ILaneKernel
    {
        public View<float> Source;
        public View<float> Target;
        public int Width;
        public int Height;

        /// <summary>q0^2: variance over squared mean of the speckle.</summary>
        public float Noise;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Planes, nameof(Source));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Count(x), unit = TInt.Set(1);
            long row = (((long)z * Height) + y) * Width, up = y > 0 ? row - Width : row, down = y < Height - 1 ? row + Width : row;
            TFloat one = TFloat.Set(1), quarter = TFloat.Set(0.25f), here = TFloat.Load(Source, row + x);
            TFloat a = TFloat.Load(Source, up + x) - here, b = TFloat.Load(Source, down + x) - here;
            TFloat c = TFloat.Gather(Source, row, TInt.Max(column - unit, TInt.Set(0))) - here;
            TFloat d = TFloat.Gather(Source, row, TInt.Min(column + unit, TInt.Set(Width - 1))) - here;
            TFloat squares = ((a * a) + (b * b) + (c * c) + (d * d)) / (here * here), sum = (a + b + c + d) / here;
            TFloat bent = one + (sum * quarter);
            TFloat variation = ((squares * TFloat.Set(0.5f)) - (sum * sum * TFloat.Set(0.0625f))) / (bent * bent);
            TFloat excess = (variation - TFloat.Set(Noise)) / TFloat.Set(Noise * (1 + Noise));
            TFloat share = one / (one + excess);
            TFloat.Store(Target, row + x, TFloat.Min(TFloat.Max(share, TFloat.Set(0)), one));
        }
    }

    /// <summary>One step of the flow.</summary>
    [Kernel(32, 8)]
    public struct Diffuse : ILaneKernel
    {
        public View<float> Source;
        public View<float> Shares;
        public View<float> Target;
        public int Width;
        public int Height;

        /// <summary>Step of time: 0.05 to 0.25.</summary>
        public float Rate;

        public readonly void Check(ref Needs needs)
        {
            needs.Grid(Width, Height);
            needs.Holds(Source, needs.Planes, nameof(Source));
            needs.Holds(Shares, needs.Planes, nameof(Shares));
            needs.Holds(Target, needs.Cells, nameof(Target));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<TFloat, TInt, TMask>(int x, int y, int z)
            where TFloat : struct, IFloats<TFloat, TInt, TMask>
            where TInt : struct, IInts<TInt, TMask>
            where TMask : struct, IMasks<TMask>
        {
            TInt column = TInt.Count(x), unit = TInt.Set(1), last = TInt.Min(column + unit, TInt.Set(Width - 1));
            long row = (((long)z * Height) + y) * Width, up = y > 0 ? row - Width : row, down = y < Height - 1 ? row + Width : row;
            TFloat here = TFloat.Load(Source, row + x);
            TFloat above = TFloat.Load(Source, up + x) - here, below = TFloat.Load(Source, down + x) - here;
            TFloat left = TFloat.Gather(Source, row, TInt.Max(column - unit, TInt.Set(0))) - here;
            TFloat right = TFloat.Gather(Source, row, last) - here;
            TFloat flow = (TFloat.Load(Shares, row + x) * (above + left)) + (TFloat.Load(Shares, down + x) * below);
            flow += TFloat.Gather(Shares, row, last) * right;
            TFloat.Store(Target, row + x, here + (TFloat.Set(Rate * 0.25f) * flow));
        }
    }

    /// <summary>What lies outside the sector that the transducer scans becomes 0: text, scales, logos.</summary>
    [Kernel(32, 8)]
    public struct Sector : ILaneKernel
    {
        public View<byte> Source;
        public View<byte> Target;
        public int Width;
        public int Height;
        public float ApexX;
        public float ApexY;
        public float Shortest;
        public float Longest;

        /// <summary>Of half the opening angle, below 90 degrees.</summary>
        public float Cosine;
        public float Sine;

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
            TFloat zero = TFloat.Set(0), dx = TFloat.From(TInt.Count(x)) - TFloat.Set(ApexX), dy = TFloat.Set(y - ApexY);
            TFloat square = (dx * dx) + (dy * dy), side = TFloat.Max(dx, zero - dx);
            TMask inside = TFloat.LessOrEqual(TFloat.Set(Shortest * Shortest), square)
                & TFloat.LessOrEqual(square, TFloat.Set(Longest * Longest))
                & TFloat.LessOrEqual(zero, dy) & TFloat.LessOrEqual(side * TFloat.Set(Cosine), dy * TFloat.Set(Sine));
            TInt.Store(Target, at, TInt.Select(inside, TInt.Load(Source, at), TInt.Set(0)));
        }
    }
}
