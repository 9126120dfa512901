using System.Text.Json.Serialization;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>What annotated slices show beside the source's pixels and the segmentation's: small enough to be written down.</summary>
/// <remarks>
/// Pictures are drawn after segmentation and report have left, one at a time, from what was delivered. With these notes they can be drawn
/// by another process, after a power cut, even when the app has been replaced meanwhile.
/// </remarks>
public sealed record PictureNotes
{
    public required string App { get; init; }

    public required string Version { get; init; }

    /// <summary>The sentence that every result carries.</summary>
    public required string Notice { get; init; }

    /// <summary>Series Instance UID of the pictures; it names the version of the analysis.</summary>
    public required string SeriesUid { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required double WindowCenter { get; init; }

    public required double WindowWidth { get; init; }

    /// <summary>What was found, in the order of the segmentation's segments.</summary>
    public required IReadOnlyList<NotedOrgan> Organs { get; init; }

    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>SOP Instance UIDs of the analysed slices in order along the normal.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Frame numbers of <see cref="Sources"/> in multi-frame images; null where all have one frame.</summary>
    public IReadOnlyList<int?>? Frames { get; init; }

    /// <summary>1 for the first analysis of the series, one more for each that replaced another.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>SOP Instance UID of the picture of a slice: known before it is drawn.</summary>
    /// <param name="slice">Index into <see cref="Sources"/>.</param>
    public string PictureUid(int slice) => UidOf(new Drawing(ResultKind.Picture, slice));

    /// <summary>SOP Instance UID of what is drawn.</summary>
    public string UidOf(Drawing drawing) => ResultSeries.InstanceUidOf(
        SeriesUidOf(drawing.Kind),
        drawing.Kind == ResultKind.Presentation
            ? Uids.GrayscaleSoftcopyPresentationStateStorage
            : Uids.SecondaryCaptureImageStorage,
        drawing.Number + 1);

    /// <summary>All that can be drawn of one kind.</summary>
    public IEnumerable<Drawing> All(ResultKind kind) => Enumerable.Range(0, kind switch
    {
        ResultKind.Picture => Sources.Count,
        ResultKind.Presentation => Organs.Count > 0 ? 1 : 0,
        ResultKind.Rendering => Organs.Count > 0 ? OrganSpace.Views : 0,
        _ => 0,
    }).Select(number => new Drawing(kind, number));

    internal string SeriesUidOf(ResultKind kind) =>
        kind == ResultKind.Picture ? SeriesUid : UidGenerator.FromName($"{SeriesUid}\n{kind.Word()}");
}

/// <summary>What is drawn of an analysis: a kind, and which of it from 0.</summary>
public readonly record struct Drawing(ResultKind Kind, int Number);

/// <summary>An organ of the legend.</summary>
/// <param name="Value">Its label.</param>
/// <param name="IsCut">There is more of it than was scanned.</param>
public sealed record NotedOrgan(byte Value, string Name, IReadOnlyList<byte> Rgb, double Ml, bool IsCut);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PictureNotes))]
public sealed partial class PictureNotesJson : JsonSerializerContext;
