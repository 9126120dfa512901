using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>An organ found: its voxels on the native grid and their volume.</summary>
/// <param name="IsCut">It reaches the first or the last slice: there is more of it than was scanned.</param>
public sealed record OrganVolume(OrganClass Organ, long Voxels, double Ml, bool IsCut);

/// <summary>The result of one series, on the scanner's own grid.</summary>
public sealed record Analysis
{
    public required AppManifest Manifest { get; init; }

    /// <summary>Headers of the source images without pixel data, in order along the normal.</summary>
    public required IReadOnlyList<DataSet> Sources { get; init; }

    /// <summary>Frame numbers of <see cref="Sources"/>, from 1; null where the source is an image of one frame.</summary>
    public IReadOnlyList<int?> Frames { get; init; } = [];

    /// <summary>What the geometry gate repaired or set aside, in sentences.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Geometry of <see cref="Sources"/>.</summary>
    public required Stack Stack { get; init; }

    /// <summary>Class of each voxel, [slice][row][column]: slices as <see cref="Sources"/>, rows and columns as in each image.</summary>
    public required byte[] Labels { get; init; }

    /// <summary>Organs that were found, in the manifest's order.</summary>
    public required IReadOnlyList<OrganVolume> Organs { get; init; }

    /// <summary>What a reader should know before trusting the result; empty where nothing is odd.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Segmented while its slices arrived; false: as a whole, after the last.</summary>
    public bool Overlapped { get; init; }

    /// <summary>Grid slices by rung of the ladder.</summary>
    public IReadOnlyDictionary<Rung, int> Rungs { get; init; } = new Dictionary<Rung, int>();

    /// <summary>What distinguishes this run from one that has all the time, for the algorithm identification; null: nothing.</summary>
    public string? Variant => Rungs.All(each => each.Key == Rung.Full)
        ? null
        : "shortened for the time budget, grid slices: " + string.Join(", ", Rungs.OrderBy(each => each.Key).Select(each => each.Key switch
        {
            Rung.Full => $"{each.Value} full",
            Rung.Fast => $"{each.Value} fast variant",
            _ => $"{each.Value} every second one interpolated",
        }));

    public required StageTimes Times { get; init; }

    public ReadOnlySpan<byte> LabelsOf(int slice) => Labels.AsSpan(slice * Stack.Rows * Stack.Columns, Stack.Rows * Stack.Columns);
}
