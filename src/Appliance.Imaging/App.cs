using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>An installed app: a network with its manifest, verified and warmed up, ready for series.</summary>
public sealed class App : IDisposable
{
    private App(AppManifest manifest, Network network, Network? fast)
    {
        Manifest = manifest;
        Network = network;
        Fast = fast;
    }

    public AppManifest Manifest { get; }

    public Network Network { get; }

    /// <summary>The cheaper network of the ladder's second rung; null where the app has none.</summary>
    public Network? Fast { get; }

    /// <summary>What one slice took when the app was loaded: what is believed until slices were measured.</summary>
    public CostFigures GoldenCost { get; private set; }

    /// <summary>The same through <see cref="Fast"/>.</summary>
    public CostFigures FastCost { get; private set; }

    /// <summary>"ct-organs 0.1.0": the footer of annotated images and the algorithm of SEG and SR.</summary>
    public string NameAndVersion => $"{Manifest.Name} {Manifest.Version}";

    /// <summary>Loads, verifies and warms up; refuses by name what is missing or does not match.</summary>
    public static Outcome<App> Load(string folder) => Load(folder, GpuProbe.Look());

    public static Outcome<App> Load(string folder, GpuProbe gpu)
    {
        try
        {
            return LoadVerified(folder, gpu);
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            return Bad($"a file cannot be read: {failure.Message}");
        }
    }

    /// <summary>Null where the header may belong to a series for this app; cheap, asked at a series' first slice.</summary>
    public Refusal? Takes(DataSet header) => Manifest.Takes.Check(header);

    /// <summary>Null where this app takes the whole stack.</summary>
    public Refusal? Takes(Stack stack) => Manifest.Takes.Check(stack);

    /// <summary>Between studies: gives back what is kept for the next one.</summary>
    public void Rest()
    {
        Network.Rest();
        Fast?.Rest();
    }

    public void Dispose()
    {
        Network.Dispose();
        Fast?.Dispose();
    }

    private static Outcome<App> LoadVerified(string folder, GpuProbe gpu)
    {
        // 1. The manifest: complete, and of a kind that this pipeline runs.
        Outcome<AppManifest> read = ReadJson(Path.Combine(folder, "manifest.json"), AppManifestJson.Default.AppManifest);
        if (read.Refused)
        {
            return read.Refusal;
        }

        AppManifest manifest = read.Value;
        if (ManifestCheck.Fault(manifest) is string fault)
        {
            return Bad($"manifest.json: {fault}");
        }

        // 2. The files that it names, by hash.
        Outcome<byte[]> fp32 = ReadHashed(folder, manifest.Models.Fp32);
        Outcome<byte[]> u8 = ReadHashed(folder, manifest.Models.U8);
        Outcome<byte[]> golden = ReadHashed(folder, manifest.Golden);
        if ((fp32.Refusal ?? u8.Refusal ?? golden.Refusal) is Refusal refusal)
        {
            return refusal;
        }

        // 3. The network on the best device, its tensors as the manifest says.
        Outcome<Network> network = Network.Open(manifest, fp32.Value!, u8.Value!, gpu);
        if (network.Refused)
        {
            return network.Refusal;
        }

        // The fast variant is on the same device.
        Outcome<Network> fast = OpenFast(folder, manifest, gpu);
        if (fast.Refused && manifest.Fast is not null)
        {
            network.Value.Dispose();
            return fast.Refusal;
        }

        // 4. One golden slice: the first run, which is slow, and a proof that the numbers are right on this machine.
        App app = new(manifest, network.Value, fast.Value);
        if (app.GoldenFault(folder, golden.Value!) is Refusal wrong)
        {
            app.Dispose();
            return wrong;
        }

        return app;
    }

    /// <summary>The golden slice on each device. A GPU whose numbers cannot be trusted is left, and whatever takes over is asked.</summary>
    /// <returns>Null where all that is left is right.</returns>
    private Refusal? GoldenFault(string folder, byte[] index)
    {
        GoldenIndex golden = JsonSerializer.Deserialize(index, AppManifestJson.Default.GoldenIndex)!;
        Outcome<byte[]> slice = ReadGolden(folder, golden, "slice20.input.bin");
        Outcome<byte[]> byFp32 = ReadGolden(folder, golden, "slice20.argmax.fp32.bin");
        Outcome<byte[]> byU8 = ReadGolden(folder, golden, "slice20.argmax.u8.bin");
        if ((slice.Refusal ?? byFp32.Refusal ?? byU8.Refusal) is Refusal refusal)
        {
            return refusal;
        }

        float[] input = MemoryMarshal.Cast<byte, float>(slice.Value).ToArray();
        SliceTensors[] onEach = Network.RentEach();
        try
        {
            foreach (SliceTensors tensors in onEach)
            {
                input.CopyTo(tensors.Input, 0);
                while (GoldenSliceFault(tensors, tensors.Seat.Gpu is null ? byU8.Value! : byFp32.Value!) is string wrong)
                {
                    if (tensors.Seat.Gpu is not int gpu)
                    {
                        return Bad(wrong);
                    }

                    Network.LeaveGpu(tensors, wrong);
                    Fast?.LeaveGpu(gpu, wrong);
                }
            }
        }
        finally
        {
            Array.ForEach(onEach, Network.Return);
        }

        GoldenCost = CostOf(Network, input);
        FastCost = Fast is null ? default : CostOf(Fast, input);
        return null;
    }

    private string? GoldenSliceFault(SliceTensors tensors, byte[] expected)
    {
        Network.Run(tensors);
        byte[] labels = new byte[expected.Length];
        ClassScores.Argmax(tensors.Logits, labels);
        int different = labels.Zip(expected).Count(pair => pair.First != pair.Second);

        // u8 is bit-equal on every instruction set; fp32 sums in another order on a GPU, where ties may fall otherwise.
        return different > (tensors.Seat.Gpu is null ? 0 : labels.Length / 1000)
            ? $"the golden slice came out wrong in {different} pixels on the {(tensors.Seat.Gpu is int gpu ? $"GPU {gpu}" : "CPU")}"
            : null;
    }

    private static Outcome<byte[]> ReadGolden(string folder, GoldenIndex golden, string name) =>
        golden.Arrays.TryGetValue(name, out GoldenArray? array)
            ? ReadHashed(folder, new HashedFile { File = $"golden/{name}", Sha256 = array.Sha256 })
            : Bad($"golden.json does not name {name}");

    private static Outcome<Network> OpenFast(string folder, AppManifest manifest, GpuProbe gpu)
    {
        if (manifest.Fast is not FastVariant variant)
        {
            return new Refusal(RefusalReason.NoApp, "The app has no fast variant.");
        }

        Outcome<byte[]> fp32 = ReadHashed(folder, variant.Fp32), u8 = ReadHashed(folder, variant.U8);
        return (fp32.Refusal ?? u8.Refusal) is Refusal refusal ? refusal : Network.Open(manifest, fp32.Value!, u8.Value!, gpu);
    }

    /// <summary>The second run: the first one makes what all later ones find.</summary>
    private static CostFigures CostOf(Network network, float[] input)
    {
        SliceTensors tensors = network.Rent();
        input.CopyTo(tensors.Input, 0);
        network.Run(tensors);
        long began = Stopwatch.GetTimestamp();
        network.Run(tensors);
        double ms = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        network.Return(tensors);
        return new CostFigures(ms, ms);
    }

    private static Outcome<byte[]> ReadHashed(string folder, HashedFile file)
    {
        string path = Path.Combine(folder, file.File);
        if (!File.Exists(path))
        {
            return Bad($"{file.File} is missing");
        }

        byte[] bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Sha256
            ? bytes
            : Bad($"{file.File} does not have the SHA-256 that the manifest names");
    }

    private static Outcome<T> ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(path))
        {
            return Bad($"{path} is missing");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? (Outcome<T>)Bad($"{Path.GetFileName(path)} is empty");
        }
        catch (JsonException failure)
        {
            return Bad($"{Path.GetFileName(path)}: {failure.Message}");
        }
    }

    private static Refusal Bad(string what) => new(RefusalReason.BadApp, $"The app cannot be used: {what}. Install it again.");
}
