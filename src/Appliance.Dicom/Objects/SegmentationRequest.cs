namespace Appliance.Dicom.Objects;

/// <summary>What a segmentation is made of.</summary>
/// <param name="Sources">The analysed series in spatial order along the normal.</param>
/// <param name="Segments">In the order in which segments are numbered. A label that none of them names is background.</param>
public sealed record SegmentationRequest(
    IReadOnlyList<SourceSlice> Sources,
    IReadOnlyList<SegmentDescription> Segments,
    AlgorithmIdentification Algorithm,
    ResultSeries Series)
{
    /// <summary>At most 16 capitals, digits, underscores (CS).</summary>
    public string ContentLabel { get; init; } = "SEGMENTATION";

    /// <summary>Called before a frame is copied: whoever has no more time throws.</summary>
    public Action? BeforeFrame { get; init; }

    /// <summary>A frame for each segment and slice, empty ones too: for viewers that shift a mask when frames are missing.</summary>
    public bool KeepEmptyFrames { get; init; }
}
