namespace Appliance.Core;

/// <summary>Why something expected was not done. Named reasons: they appear in events, on the panel and in results.</summary>
public enum RefusalReason
{
    /// <summary>No app's manifest takes such a series.</summary>
    NoApp,

    /// <summary>The pixel data is in a transfer syntax that is not decoded here.</summary>
    TransferSyntax,

    /// <summary>Position, orientation or spacing is missing.</summary>
    MissingGeometry,

    /// <summary>Slices do not form one regular stack: gap, mixed orientation or spacing, tilt.</summary>
    IrregularGeometry,

    /// <summary>Too few slices for the app.</summary>
    TooFewSlices,

    /// <summary>Pixel data or its description is missing or contradicts itself.</summary>
    BadPixels,

    /// <summary>Bytes that are not DICOM, or break its rules.</summary>
    Malformed,

    /// <summary>The analysis broke down in a way that nobody foresaw.</summary>
    AnalysisFailed,

    /// <summary>It could not be analysed in the time that there is for it.</summary>
    Budget,

    /// <summary>Somebody said that it is not to be analysed.</summary>
    Cancelled,

    /// <summary>A file of an app (manifest, model, golden case) is missing or does not match its hash.</summary>
    BadApp,

    /// <summary>A settings file with errors.</summary>
    BadSettings,

    /// <summary>The disk cannot take more.</summary>
    DiskFull,

    /// <summary>A destination did not take an object.</summary>
    DestinationRefused,

    /// <summary>A part of the appliance, or a peer, does not answer.</summary>
    NotReachable,

    /// <summary>A kernel was asked for with extents, views or shapes that do not fit each other.</summary>
    BadLaunch,

    /// <summary>Memory of the host or of a GPU is not there.</summary>
    OutOfMemory,

    /// <summary>A GPU or its driver did not do what it was asked for.</summary>
    GpuFailed,
}

/// <summary>Expected bad news, returned as a value. Never holds patient data.</summary>
/// <param name="Text">One sentence for a technologist: what, and what to do.</param>
public sealed record Refusal(RefusalReason Reason, string Text)
{
    private const string Heading = "Not analysed: ";

    /// <summary>The text as it stands under the heading "Not analysed", with which some texts begin themselves.</summary>
    public string Why => Text.StartsWith(Heading, StringComparison.Ordinal) && Text.Length > Heading.Length
        ? char.ToUpperInvariant(Text[Heading.Length]) + Text[(Heading.Length + 1)..]
        : Text;

    public override string ToString() => $"{Reason}: {Text}";
}
