using System.Diagnostics.CodeAnalysis;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Why no object can be made of these sources and this mask.</summary>
public enum UnsuitableReason
{
    /// <summary>No source slice at all.</summary>
    NoSources,

    /// <summary>A source lacks a UID, the geometry or the size that the object has to repeat.</summary>
    IncompleteSource,

    /// <summary>The sources do not share study, frame of reference, size or orientation.</summary>
    MixedSources,

    /// <summary>The array of labels or colours is not as long as the sources' grid says.</summary>
    WrongLength,

    /// <summary>No voxel of any segment: a segmentation has at least one frame (PS3.3 C.8.20.2).</summary>
    NothingSegmented,

    /// <summary>A voxel belongs to two segments, which a label map cannot say.</summary>
    SegmentsOverlap,

    /// <summary>Slices of the series are rescaled differently, and one presentation state has one Modality LUT (PS3.3 C.11.1).</summary>
    MixedRescaling,

    /// <summary>More than <see cref="Limits.SegmentationFrames"/> or <see cref="Limits.SegmentationPixelDataBytes"/>.</summary>
    TooLarge,
}

/// <summary>A refusal of this folder. The text holds no value of a patient's element, so it may be logged.</summary>
public sealed record Unsuitable(UnsuitableReason Reason, string Text);

/// <summary>An object of ours, or the reason why there is none.</summary>
public readonly struct Created
{
    private Created(DataSet? dataSet, Unsuitable? unsuitable)
    {
        DataSet = dataSet;
        Unsuitable = unsuitable;
    }

    public DataSet? DataSet { get; }

    public Unsuitable? Unsuitable { get; }

    [MemberNotNullWhen(true, nameof(Unsuitable))]
    [MemberNotNullWhen(false, nameof(DataSet))]
    public bool Failed => Unsuitable is not null;

    public static implicit operator Created(DataSet dataSet) => new(dataSet, null);

    public static implicit operator Created(Unsuitable unsuitable) => new(null, unsuitable);
}
