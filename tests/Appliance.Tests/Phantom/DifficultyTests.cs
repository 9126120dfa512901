using Appliance.Phantom.Anatomy;
using Xunit;

namespace Appliance.Tests.Phantom;

public sealed class DifficultyTests
{
    [Fact]
    public void Measure()
    {
        ulong first = ulong.Parse(Environment.GetEnvironmentVariable("FIRST") ?? "1000");
        int count = int.Parse(Environment.GetEnvironmentVariable("COUNT") ?? "12");
        foreach (int i in Enumerable.Range(0, count))
        {
            ulong seed = first + (ulong)i;
            var scan = Environment.GetEnvironmentVariable("SLAB") is string z
                ? Appliance.Phantom.Scan.GridScan.Make(seed, Lattice.Network(100, float.Parse(z)))
                : Appliance.Phantom.Scan.GridScan.Make(seed);
            var scores = Appliance.Imaging.Segment.Run(scan.Hu, Imaging.Package.App.Manifest, Imaging.Package.App.Network);
            byte[] tidy = Appliance.Imaging.Judge.Tidy(scores, new(Imaging.Package.App.Manifest));
            File.AppendAllText(Environment.GetEnvironmentVariable("TO")!, seed + " " + string.Join(' ', Measured.Dice(scores.Labels, scan.Truth)) + " " + string.Join(' ', Measured.Dice(tidy, scan.Truth)) + "\n");
        }
    }
}
