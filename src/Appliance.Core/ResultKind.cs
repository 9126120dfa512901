namespace Appliance.Core;

/// <summary>What a result of ours is. It is part of the result's name on the disk: from that follows who is owed it.</summary>
public enum ResultKind
{
    /// <summary>Segmentation, BINARY, frames with at least one voxel. Made of every series: the screen reads it too.</summary>
    Segmentation,

    /// <summary>The same with a frame for each slice of each segment.</summary>
    SegmentationOfAllFrames,

    /// <summary>The same labels as a label map (Supplement 243).</summary>
    LabelMap,

    /// <summary>Report that refers to <see cref="Segmentation"/>, or to none where nothing was found.</summary>
    Report,

    /// <summary>Report that refers to <see cref="SegmentationOfAllFrames"/>.</summary>
    ReportOfAllFrames,

    /// <summary>Report that refers to <see cref="LabelMap"/>.</summary>
    ReportOfLabelMap,

    /// <summary>An annotated slice, one of many.</summary>
    Picture,

    /// <summary>A presentation state of the whole series: outlines and window to lie over the originals.</summary>
    Presentation,

    /// <summary>A view of the organs in three dimensions, one of a few.</summary>
    Rendering,

    /// <summary>A picture that says why a series was not analysed that an app would have taken.</summary>
    Notice,

    /// <summary>A picture that says why no app takes the series: a localizer, another modality, too few slices.</summary>
    NoticeOfUntaken,
}

/// <summary>The words for kinds of results in file names.</summary>
public static class ResultKinds
{
    private static readonly string[] Words =
    [
        "seg", "segall", "labelmap", "sr", "srall", "srlabelmap", "sc", "gsps", "render", "notice", "noticeall",
    ];

    public static string Word(this ResultKind kind) => Words[(int)kind];

    /// <summary>Null for a word that is none.</summary>
    public static ResultKind? Of(string word) => Array.IndexOf(Words, word) is >= 0 and int at ? (ResultKind)at : null;

    /// <summary>One of many, or slow to make: it leaves after all that is not.</summary>
    public static bool IsPicture(this ResultKind kind) =>
        kind is ResultKind.Picture or ResultKind.Presentation or ResultKind.Rendering;
}
