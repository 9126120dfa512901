using Appliance.Kernels;

namespace Appliance.Bench;

/// <summary>Where the results along one axis lie in the source, cell-centred as in kern: p = (i + 0.5) * sources / results - 0.5.</summary>
public readonly record struct Axis(View<int> Indices, View<float> Shares)
{
    public static Axis Nearest(Volumes volumes, int results, int sources) =>
        Of(volumes, results, i => ((i + 0.5f) * sources / results, 0), int.MaxValue);

    public static Axis Linear(Volumes volumes, int results, int sources) =>
        Of(volumes, results, i => (((i + 0.5f) * sources / results) - 0.5f, 1), sources - 2);

    public static Axis Cubic(Volumes volumes, int results, int sources) =>
        Of(volumes, results, i => (((i + 0.5f) * sources / results) - 0.5f, 1), int.MaxValue);

    private static Axis Of(Volumes volumes, int results, Func<int, (float Position, int Share)> cell, int highest)
    {
        Axis axis = new(volumes.New<int>(results), volumes.New<float>(results));
        for (int i = 0; i < results; i++)
        {
            (float position, int share) = cell(i);
            axis.Indices[i] = Math.Min((int)MathF.Floor(position), highest);
            axis.Shares[i] = share * (position - axis.Indices[i]);
        }

        return axis;
    }
}
