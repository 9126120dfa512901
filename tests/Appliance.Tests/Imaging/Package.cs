using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Appliance.Core;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>The installed model package and its golden arrays.</summary>
internal static class Package
{
    public static GpuProbe NoGpu { get; } = new("the test asks for the CPU");

    private static readonly Lazy<App> Loaded = new(() => Value(App.Load(Folder, NoGpu)));

    public static string Root { get; } = FindRoot();

    public static string Folder => Path.Combine(Root, "image", "apps", "ct-organs");

    /// <summary>Loaded once for all tests: u8 on the CPU.</summary>
    public static App App => Loaded.Value;

    public static T Value<T>(Outcome<T> outcome)
        where T : class
    {
        Assert.False(outcome.Refused, outcome.Refusal?.ToString());
        return outcome.Value;
    }

    public static byte[] Bytes(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "golden", name));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    public static T[] Array<T>(string name)
        where T : struct => MemoryMarshal.Cast<byte, T>(Bytes(name)).ToArray();

    public static JsonElement GoldenIndex => JsonDocument.Parse(Bytes("golden.json")).RootElement;

    public static Network Fp32() => Value(Network.OpenOnCpu(App.Manifest, File.ReadAllBytes(Path.Combine(Folder, "model.fp32.onnx"))));

    /// <summary>The share of voxels that differ.</summary>
    public static int Different(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        int different = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            different += actual[i] == expected[i] ? 0 : 1;
        }

        return different;
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Appliance.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not run from a checkout");
        }

        return folder;
    }
}
