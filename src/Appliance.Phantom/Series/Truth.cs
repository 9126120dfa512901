using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Series;

/// <summary>truth.json: what the numbers in labels.raw mean, and how much there is of each.</summary>
public sealed record TruthDescription
{
    public required ulong Seed { get; init; }

    public required string SeriesUid { get; init; }

    public required IReadOnlyDictionary<string, string> Classes { get; init; }

    public required IReadOnlyDictionary<string, long> Voxels { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TruthDescription))]
internal sealed partial class TruthJson : JsonSerializerContext;

/// <summary>Writes the truth beside a series: labels.raw with one byte for each voxel, its MetaImage header, and truth.json.</summary>
/// <remarks>Slices follow the normal, so that the axes of the MetaImage are right-handed, whatever the order of acquisition.</remarks>
public sealed class TruthWriter : IDisposable
{
    private readonly string folder;
    private readonly SeriesGeometry geometry;
    private readonly FileStream raw;
    private readonly long[] voxels = new long[Organs.Count];

    public TruthWriter(string folder, SeriesGeometry geometry)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        this.geometry = geometry;
        raw = new FileStream(Path.Combine(folder, "labels.raw"), FileMode.Create);
        raw.SetLength((long)geometry.Slices * geometry.Rows * geometry.Columns);
    }

    /// <summary>Puts the labels of one slice; slices may come in any order, one at a time.</summary>
    public void Put(int slice, Organ[] truth)
    {
        raw.Position = (long)slice * truth.Length;
        raw.Write(MemoryMarshal.AsBytes(truth.AsSpan()));
        foreach (Organ organ in truth)
        {
            voxels[(int)organ]++;
        }
    }

    /// <summary>Writes what describes the labels.</summary>
    public void Describe(ulong seed, string seriesUid)
    {
        File.WriteAllText(Path.Combine(folder, "labels.mhd"), MetaImageHeader());
        TruthDescription description = new()
        {
            Seed = seed,
            SeriesUid = seriesUid,
            Classes = Enum.GetValues<Organ>().ToDictionary(organ => ((int)organ).ToString(CultureInfo.InvariantCulture), Organs.Name),
            Voxels = Enum.GetValues<Organ>().ToDictionary(Organs.Name, organ => voxels[(int)organ]),
        };
        File.WriteAllText(Path.Combine(folder, "truth.json"), JsonSerializer.Serialize(description, TruthJson.Default.TruthDescription));
    }

    public void Dispose() => raw.Dispose();

    private string MetaImageHeader()
    {
        Vector row = geometry.RowDirection, column = geometry.ColumnDirection, normal = geometry.Normal;
        return string.Create(CultureInfo.InvariantCulture, $"""
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = {Text(row)} {Text(column)} {Text(normal)}
            Offset = {Text(geometry.First)}
            ElementSpacing = {geometry.PixelMm} {geometry.PixelMm} {geometry.SliceMm}
            DimSize = {geometry.Columns} {geometry.Rows} {geometry.Slices}
            AnatomicalOrientation = LPS
            ElementType = MET_UCHAR
            ElementDataFile = labels.raw

            """);
    }

    private static string Text(Vector v) => string.Create(CultureInfo.InvariantCulture, $"{v.X + 0.0:R} {v.Y + 0.0:R} {v.Z + 0.0:R}");
}
