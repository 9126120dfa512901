namespace Appliance.Dicom.Codecs;

/// <summary>What samples of pixels mean (PS3.3 C.7.6.3.1.2).</summary>
public static class PhotometricInterpretation
{
    public const string PaletteColour = "PALETTE COLOR", Rgb = "RGB", Inverted = "MONOCHROME1";

    /// <summary>Brightness and two differences of colour.</summary>
    public static bool IsYbr(string photometric) => photometric.StartsWith("YBR", StringComparison.Ordinal);

    /// <summary>One sample for each pixel.</summary>
    public static bool IsOfOneSample(string photometric) =>
        photometric.StartsWith("MONOCHROME", StringComparison.Ordinal) || photometric == PaletteColour;

    /// <summary>Several samples for each pixel; also those that are retired.</summary>
    public static bool IsOfSeveralSamples(string photometric) =>
        IsYbr(photometric) || photometric is Rgb or "HSV" or "ARGB" or "CMYK";

    /// <summary>Whether people see more than grey in it here: the retired HSV, ARGB and CMYK are shown by their first sample.</summary>
    public static bool IsShownInColour(string photometric) => IsYbr(photometric) || photometric is Rgb or PaletteColour;
}
