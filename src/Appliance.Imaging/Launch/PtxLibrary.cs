using System.Globalization;

namespace Appliance.Imaging.Launch;

/// <summary>How a kernel is launched on a GPU, and its PTX.</summary>
/// <param name="Ptx">With the zero byte at its end that the driver wants.</param>
public sealed record PtxKernel(string Name, int BlockX, int BlockY, int BlockZ, int ParameterBytes, byte[] Ptx);

/// <summary>The PTX that the build has embedded: a launch table, and a text for each kernel and architecture.</summary>
public static class PtxLibrary
{
    private static readonly Lazy<string[][]> Table = new(() =>
        [.. Text("launch.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split('\t'))]);

    /// <summary>Names of all kernels, in order.</summary>
    public static IReadOnlyList<string> Kernels => [.. Table.Value.Select(row => row[0]).Distinct()];

    /// <summary>The oldest compute capability that there is PTX for, as 10 * major + minor.</summary>
    public static int OldestCapability => Table.Value.Min(row => Capability(row[1]));

    /// <summary>The kernel for a card: of the newest architecture that the card is no older than. Null where there is none.</summary>
    /// <param name="capability">10 * major + minor.</param>
    public static PtxKernel? Find(string kernel, int capability)
    {
        string[]? row = Table.Value
            .Where(row => row[0] == kernel && Capability(row[1]) <= capability)
            .MaxBy(row => Capability(row[1]));
        if (row is null)
        {
            return null;
        }

        int[] numbers = [.. row[2..].Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
        byte[] ptx = [.. Bytes($"{row[0]}.{row[1]}.ptx"), 0];
        return new PtxKernel(row[0], numbers[0], numbers[1], numbers[2], numbers[3], ptx);
    }

    private static int Capability(string architecture) => int.Parse(architecture.AsSpan(3), CultureInfo.InvariantCulture);

    private static string Text(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));

    private static byte[] Bytes(string name)
    {
        using Stream stream = typeof(PtxLibrary).Assembly.GetManifestResourceStream($"ptx/{name}")
            ?? throw new InvalidOperationException($"this build carries no ptx/{name}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
