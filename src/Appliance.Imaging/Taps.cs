using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Blur against aliasing and linear resampling along one axis, folded into one sparse row of weights per output.</summary>
/// <remarks>
/// Model package, steps 2 and 3. Both are linear and work on one axis, so their product is one weighted sum of some 13
/// neighbours; it differs from two passes stored as float32 only by their rounding (about 1e-4 HU). Weights are made in double and
/// used in float by <see cref="WeightedSum"/>.
/// </remarks>
public sealed class Taps
{
    private readonly int[] starts;
    private readonly double[][] weights;

    private Taps(int inputs, int outputs)
    {
        Inputs = inputs;
        starts = new int[outputs];
        weights = new double[outputs][];
    }

    public int Inputs { get; }

    public int Outputs => starts.Length;

    /// <summary>First input that output <paramref name="output"/> reads.</summary>
    public int Start(int output) => starts[output];

    /// <summary>Weights of the inputs from <see cref="Start"/> on; their sum is 1.</summary>
    public ReadOnlySpan<double> Weights(int output) => weights[output];

    /// <summary>The same as one table: equally many neighbours for each output, the weights of those added are 0.</summary>
    internal AxisTable Table()
    {
        int reach = weights.Max(row => row.Length);
        AxisTable table = new(Inputs, [.. starts.Select(start => Math.Min(start, Inputs - reach))], new float[Outputs * reach], reach);
        for (int output = 0; output < Outputs; output++)
        {
            int skipped = starts[output] - table.Starts[output];
            for (int k = 0; k < weights[output].Length; k++)
            {
                table.Weights[(output * reach) + skipped + k] = (float)weights[output][k];
            }
        }

        return table;
    }

    /// <param name="inputs">Samples of the source axis.</param>
    /// <param name="spacing">Their distance, mm.</param>
    /// <param name="target">Distance of the samples that come out, mm.</param>
    /// <param name="sigma">Gaussian blur in source samples; 0 for none.</param>
    /// <param name="truncate">Radius of the blur in sigmas.</param>
    public static Taps Create(int inputs, double spacing, double target, double sigma, double truncate)
    {
        int outputs = Math.Max(1, (int)Math.Round(inputs * spacing / target, MidpointRounding.ToEven));
        double[] blur = Gaussian(sigma, truncate);
        Taps taps = new(inputs, outputs);
        double[] row = new double[inputs];
        for (int i = 0; i < outputs; i++)
        {
            (taps.starts[i], taps.weights[i]) = At(((i + 0.5) * inputs / outputs) - 0.5, blur, row);
        }

        return taps;
    }

    /// <summary>The weights of one output at a position among the inputs, in samples; a position outside is the border's.</summary>
    /// <param name="blur">Of <see cref="Gaussian"/>.</param>
    /// <param name="row">Scratch; its length is the number of inputs.</param>
    internal static (int Start, double[] Weights) At(double position, double[] blur, double[] row)
    {
        int inputs = row.Length;
        int radius = blur.Length / 2;
        position = Math.Clamp(position, 0, inputs - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, inputs - 1);
        double fraction = position - below;
        Array.Clear(row);
        for (int k = -radius; k <= radius; k++)
        {
            row[Reflect(below + k, inputs)] += blur[k + radius] * (1 - fraction);
            row[Reflect(above + k, inputs)] += blur[k + radius] * fraction;
        }

        int first = Array.FindIndex(row, weight => weight != 0);
        int last = Array.FindLastIndex(row, weight => weight != 0);
        return (first, row[first..(last + 1)]);
    }

    /// <summary>Weights of a blur; one weight of 1 where sigma is 0.</summary>
    internal static double[] Gaussian(double sigma, double truncate)
    {
        int radius = sigma > 0 ? (int)((truncate * sigma) + 0.5) : 0;
        double[] weights = new double[(2 * radius) + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++)
        {
            double weight = radius == 0 ? 1 : Math.Exp(-k * k / (2 * sigma * sigma));
            weights[k + radius] = weight;
            sum += weight;
        }

        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] /= sum;
        }

        return weights;
    }

    /// <summary>The border "d c b a | a b c d | d c b a", for any distance.</summary>
    private static int Reflect(int index, int count)
    {
        int period = 2 * count;
        int at = ((index % period) + period) % period;
        return at < count ? at : period - 1 - at;
    }
}

/// <summary>What <see cref="WeightedSum"/> takes for one axis.</summary>
/// <param name="Starts">First input of each output.</param>
/// <param name="Weights">[output][reach].</param>
internal sealed record AxisTable(int Inputs, int[] Starts, float[] Weights, int Reach)
{
    public int Outputs => Starts.Length;

    /// <summary>[reach][output].</summary>
    public float[] Turned()
    {
        float[] turned = new float[Weights.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i] = Weights[(i % Outputs * Reach) + (i / Outputs)];
        }

        return turned;
    }
}
