using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Kernels.Ptx;

/// <summary>One row of the launch table: what the launcher must know of a kernel without reading its PTX.</summary>
public static partial class LaunchRow
{
    public const string Header = "kernel\tarchitecture\tblock_x\tblock_y\tblock_z\tparameter_bytes\tshared_bytes";

    /// <exception cref="KernelRefusedException">The entry does not take {Index3D, the kernel}.</exception>
    public static string Of(KernelType kernel, Architecture architecture, string ptx)
    {
        int[] sizes = [.. Parameter().Matches(ptx[..ptx.IndexOf("\n{", StringComparison.Ordinal)]).Select(Size)];
        if (sizes is not [12, int parameters])
        {
            throw new KernelRefusedException($"takes parameters of {string.Join(", ", sizes)} bytes, not an index and one struct");
        }

        int shared = Shared().Matches(ptx).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        return $"{kernel.Name}\t{architecture.Name}\t{kernel.Block.X}\t{kernel.Block.Y}\t{kernel.Block.Z}\t{parameters}\t{shared}";
    }

    private static int Size(Match parameter) => parameter.Groups[2].Success
        ? int.Parse(parameter.Groups[2].Value, CultureInfo.InvariantCulture)
        : int.Parse(parameter.Groups[1].Value, CultureInfo.InvariantCulture) / 8;

    [GeneratedRegex(@"\.param\s+(?:\.align\s+\d+\s+)?\.[a-z](\d+)\s+\w+(?:\[(\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\w+\[(\d+)\]")]
    private static partial Regex Shared();
}
