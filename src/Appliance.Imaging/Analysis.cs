using System.Diagnostics.CodeAnalysis;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>An organ found: its voxels on the native grid and their volume.</summary>
/// <param name="IsCut">It reaches the first or the last slice: there is more of it than was scanned.</param>
public sealed record OrganVolume(OrganClass Organ, long Voxels, double Ml, bool IsCut);

/// <summary>The result of one series, on the scanner's own grid.</summary>
/// <remarks>
/// Where slices were restored as they arrived, their labels lie in the memory of the series: they hold until it takes another slice or
/// ends. <see cref="Kept"/> outlives that.
/// </remarks>
public sealed record Analysis
{
    private byte[]? labels;

    public required AppManifest Manifest { get; init; }

    /// <summary>Headers of the source images without pixel data, in order along the normal.</summary>
    public required IReadOnlyList<DataSet> Sources { get; init; }

    /// <summary>Frame numbers of <see cref="Sources"/>, from 1; null where the source is an image of one frame.</summary>
    public IReadOnlyList<int?> Frames { get; init; } = [];

    /// <summary>What the geometry gate repaired or set aside, in sentences.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Geometry of <see cref="Sources"/>.</summary>
    public required Stack Stack { get; init; }

    /// <summary>
    /// Class of each voxel, [slice][row][column]: slices as <see cref="Sources"/>, rows and columns as in each image. Put together from
    /// <see cref="Slices"/> when somebody asks for it.
    /// </summary>
    [AllowNull]
    public byte[] Labels
    {
        get => labels ??= Joined();
        init => labels = value;
    }

    /// <summary>The same slice by slice; empty where the labels are one volume.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Slices { get; init; } = [];

    /// <summary>The same as the frames of the segmentation; null where they were not packed before the end.</summary>
    public PackedFrames? Packed { get; init; }

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

    public ReadOnlySpan<byte> LabelsOf(int slice) => Slices.Count > 0
        ? Slices[slice].Span
        : Labels.AsSpan(slice * Stack.Rows * Stack.Columns, Stack.Rows * Stack.Columns);

    /// <summary>With labels of its own.</summary>
    public Analysis Kept() => this with { Labels = [.. Labels], Slices = [], Packed = null };

    private byte[] Joined()
    {
        byte[] all = GC.AllocateUninitializedArray<byte>(Stack.Slices * Stack.Rows * Stack.Columns);
        Parallel.For(0, Stack.Slices, i => Slices[i].CopyTo(all.AsMemory(i * Stack.Rows * Stack.Columns)));
        return all;
    }
}
