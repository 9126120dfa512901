namespace Appliance.Dicom.Objects;

/// <summary>What a segmentation is made of.</summary>
/// <param name="Sources">The analysed series in spatial order along the normal.</param>
/// <param name="Labels">One byte a voxel, [slice][row][column], on the grid and in the order of the sources.</param>
/// <param name="Segments">In the order in which segments are numbered. A label that none of them names is background.</param>
public sealed record SegmentationRequest(
    IReadOnlyList<SourceSlice> Sources,
    ReadOnlyMemory<byte> Labels,
    IReadOnlyList<SegmentDescription> Segments,
    AlgorithmIdentification Algorithm,
    ResultSeries Series)
{
    /// <summary>The same labels as frames, where they were packed before: <see cref="Labels"/> may then be empty.</summary>
    public PackedFrames? Packed { get; init; }

    /// <summary>At most 16 capitals, digits, underscores (CS).</summary>
    public string ContentLabel { get; init; } = "SEGMENTATION";

    /// <summary>Called before each frame is packed: whoever has no more time throws.</summary>
    public Action? BeforeFrame { get; init; }

    /// <summary>A frame for each segment and slice, empty ones too: for viewers that shift a mask when frames are missing.</summary>
    public bool KeepEmptyFrames { get; init; }
}
