using System.Globalization;
using System.Reflection;
using Appliance.Kernels;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>One row of the launch table that the daemon carries, with its PTX.</summary>
public sealed record KernelImage(
    string Name, string Architecture, int BlockX, int BlockY, int BlockZ, int ParameterBytes, int SharedBytes, string Ptx);

/// <summary>All that is embedded in Appliance.Imaging: what the daemon would load, not what lies in a build folder.</summary>
public static class KernelImages
{
    public static IReadOnlyList<KernelImage> All { get; } = Read();

    public static KernelImage Of(string name, string architecture) =>
        All.FirstOrDefault(image => image.Name == name && image.Architecture == architecture)
        ?? throw new InvalidOperationException($"Appliance.Imaging carries no PTX of {name} for {architecture}");

    private static KernelImage[] Read() => [.. Text("launch.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Row)];

    private static KernelImage Row(string line)
    {
        string[] f = line.Split('\t');
        int[] n = [.. f[2..].Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
        return new KernelImage(f[0], f[1], n[0], n[1], n[2], n[3], n[4], Text($"{f[0]}.{f[1]}.ptx"));
    }

    private static string Text(string name)
    {
        Assembly imaging = typeof(CpuLaunch).Assembly;
        using Stream stream = imaging.GetManifestResourceStream($"ptx/{name}")
            ?? throw new InvalidOperationException($"Appliance.Imaging carries no ptx/{name}");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
