using Appliance.Imaging;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Scan;
using Appliance.Tests.Imaging;
using Xunit;

namespace Appliance.Tests.Phantom;

/// <summary>Dice of the installed network on phantoms, measured as ../shared/reference/model.md was.</summary>
internal static class Measured
{
    // The table counts a class only where the truth holds more voxels than this.
    private const int LeastVoxels = 60;

    /// <summary>Rows of model.md, "phantoms A", mean; and the same by the same network on a second dozen ("phantoms 2 A").</summary>
    public static IReadOnlyDictionary<Organ, (double First, double Second)> Table { get; } = new Dictionary<Organ, (double, double)>
    {
        [Organ.Liver] = (.906, .939), [Organ.Spleen] = (.700, .822), [Organ.KidneyRight] = (.847, .855), [Organ.KidneyLeft] = (.848, .870),
        [Organ.Lung] = (.958, .974), [Organ.Bone] = (.887, .873), [Organ.Aorta] = (.900, .889), [Organ.Stomach] = (.772, .837),
    };

    /// <summary>Dice by class of the default slab on the network's grid; NaN where the class is absent.</summary>
    public static double[] OnGrid(ulong seed)
    {
        GridScan scan = GridScan.Make(seed, Lattice.Network(slices: 100, firstZ: -265));
        byte[] labels = Segment.Run(scan.Hu, Package.App.Manifest, Package.App.Network).Labels;
        return Dice(labels, scan.Truth);
    }

    public static void Print(double[][] rows)
    {
        foreach ((Organ organ, (double first, double second)) in Table)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{organ}: {Mean(rows, organ):0.000} (table {first:0.000}, {second:0.000})");
        }
    }

    public static double[] Dice(byte[] labels, Organ[] truth)
    {
        long[] found = new long[Organs.Count], there = new long[Organs.Count], both = new long[Organs.Count];
        for (int i = 0; i < truth.Length; i++)
        {
            found[labels[i]]++;
            there[(int)truth[i]]++;
            both[labels[i]] += labels[i] == (byte)truth[i] ? 1 : 0;
        }

        return [.. Enumerable.Range(0, Organs.Count).Select(c => there[c] > LeastVoxels
            ? 2.0 * both[c] / (found[c] + there[c]) : double.NaN)];
    }

    public static double Mean(IEnumerable<double[]> rows, Organ organ) =>
        rows.Select(row => row[(int)organ]).Where(value => !double.IsNaN(value)).Average();
}
