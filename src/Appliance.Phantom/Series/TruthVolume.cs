using System.Globalization;
using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Series;

/// <summary>Truth read back: organ numbers and where they lie.</summary>
/// <param name="Labels">[slice][row][column].</param>
public sealed record TruthVolume(
    byte[] Labels, int Slices, int Rows, int Columns, Vector First, Vector RowDirection, Vector ColumnDirection, Vector Normal,
    double PixelMm, double SliceMm)
{
    /// <summary>Reads labels.mhd and labels.raw of a folder, or of its folder "truth". Null where they are not there.</summary>
    /// <exception cref="InvalidDataException">The header is not one that <see cref="TruthWriter"/> writes.</exception>
    public static TruthVolume? Read(string folder)
    {
        string? header = new[] { folder, Path.Combine(folder, "truth") }
            .Select(at => Path.Combine(at, "labels.mhd")).FirstOrDefault(File.Exists);
        if (header is null)
        {
            return null;
        }

        Dictionary<string, string> fields = File.ReadAllLines(header)
            .Select(line => line.Split(" = ", 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        double[] size = Numbers(fields, "DimSize", 3), spacing = Numbers(fields, "ElementSpacing", 3);
        double[] axes = Numbers(fields, "TransformMatrix", 9), offset = Numbers(fields, "Offset", 3);
        byte[] labels = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(header)!, "labels.raw"));
        return labels.Length == (long)(size[0] * size[1] * size[2])
            ? new TruthVolume(
                labels, (int)size[2], (int)size[1], (int)size[0], At(offset, 0), At(axes, 0), At(axes, 3), At(axes, 6), spacing[0],
                    spacing[2])
            : throw new InvalidDataException("labels.raw has not the size that labels.mhd names");
    }

    /// <summary>Indices of a place: column, row, slice, not rounded.</summary>
    public Vector IndexOf(Vector place)
    {
        Vector from = place - First;
        return new(from.Dot(RowDirection) / PixelMm, from.Dot(ColumnDirection) / PixelMm, from.Dot(Normal) / SliceMm);
    }

    public long Count(Organ organ) => Labels.AsSpan().Count((byte)organ);

    private static Vector At(double[] numbers, int first) => new(numbers[first], numbers[first + 1], numbers[first + 2]);

    private static double[] Numbers(Dictionary<string, string> fields, string name, int count)
    {
        double[] numbers = fields.TryGetValue(name, out string? text)
            ? [.. text.Split(' ').Select(number => double.TryParse(number, CultureInfo.InvariantCulture, out double value)
                ? value : double.NaN)]
            : [];
        return numbers.Length == count && numbers.All(double.IsFinite) ? numbers : throw new InvalidDataException($"labels.mhd: {name}");
    }
}
