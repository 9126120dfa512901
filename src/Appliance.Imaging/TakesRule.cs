using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>Which series an app takes, decided from headers: by one at the first slice, by the stack at the end.</summary>
public sealed record TakesRule
{
    public required string Modality { get; init; }

    public required IReadOnlyList<string> SopClasses { get; init; }

    /// <summary>Values of Image Type (0008,0008) that mark images which are no slices of a volume.</summary>
    public required IReadOnlyList<string> RefusedImageTypes { get; init; }

    /// <summary>Values of Body Part Examined (0018,0015), and words of descriptions, that name what the network does not know.</summary>
    public required IReadOnlyList<string> RefusedBodyParts { get; init; }

    /// <summary>Words that make a description acceptable although a refused part is named too ("neck to pelvis").</summary>
    public required IReadOnlyList<string> TorsoWords { get; init; }

    public required int MinimumSlices { get; init; }

    public required IReadOnlyList<double> SliceSpacingMm { get; init; }

    public required IReadOnlyList<double> PixelSpacingMm { get; init; }

    /// <summary>Length of the stack along its normal, mm.</summary>
    public required double MinimumExtentMm { get; init; }

    /// <summary>Narrower than this it is a head, a limb or a child, none of which the network was tested on.</summary>
    public required double MinimumBodyWidthMm { get; init; }

    /// <summary>Null where the header may belong to a series that the app takes.</summary>
    public Refusal? Check(DataSet header)
    {
        string? modality = header.GetString(Tags.Modality);
        if (modality != Modality)
        {
            return NoApp($"modality {Named(modality)} is not {Modality}");
        }

        string? sopClass = header.GetString(Tags.SOPClassUID);
        if (!string.IsNullOrEmpty(sopClass) && !SopClasses.Contains(ClassicOf(sopClass)))
        {
            return NoApp("its SOP class is not one the app takes");
        }

        if (header.GetStrings(Tags.ImageType).FirstOrDefault(type => RefusedImageTypes.Contains(type)) is string imageType)
        {
            return NoApp($"image type {imageType}");
        }

        if (RefusedPart(header) is string part)
        {
            return NoApp($"body part {part}");
        }

        Outcome<SliceGeometry> geometry = SliceGeometry.FromHeader(header);
        if (geometry.Refused)
        {
            return geometry.Refusal;
        }

        SliceGeometry slice = geometry.Value;
        return Outside(slice.RowSpacing, PixelSpacingMm) || Outside(slice.ColumnSpacing, PixelSpacingMm)
            ? NoApp($"pixel spacing {SliceGeometry.Mm(slice.RowSpacing)} mm")
            : null;
    }

    /// <summary>Null where the whole stack is one that the app takes.</summary>
    public Refusal? Check(Stack stack)
    {
        if (stack.Slices < MinimumSlices || stack.Slices * stack.Spacing(0) < MinimumExtentMm)
        {
            return new Refusal(RefusalReason.TooFewSlices,
                $"{stack.Slices} slices over {SliceGeometry.Mm(stack.Slices * stack.Spacing(0))} mm: "
                + $"the app needs {MinimumSlices} over {SliceGeometry.Mm(MinimumExtentMm)} mm.");
        }

        return Outside(stack.Spacing(0), SliceSpacingMm) ? NoApp($"slices {SliceGeometry.Mm(stack.Spacing(0))} mm apart") : null;
    }

    /// <summary>Null where the body is as wide as a torso.</summary>
    public Refusal? CheckBody(double widthMm) => widthMm >= MinimumBodyWidthMm
        ? null
        : NoApp($"the body in it is {widthMm:0} mm wide, which is a head, a limb, a child or a small field of view");

    /// <summary>An enhanced image is taken where its classic form is: frames become slices (PS3.3 A.38, A.36, A.70, A.71).</summary>
    private static string ClassicOf(string sopClass) => sopClass switch
    {
        Uids.EnhancedCTImageStorage or Uids.LegacyConvertedEnhancedCTImageStorage => Uids.CTImageStorage,
        Uids.EnhancedMRImageStorage or Uids.LegacyConvertedEnhancedMRImageStorage => Uids.MRImageStorage,
        _ => sopClass,
    };

    private string? RefusedPart(DataSet header)
    {
        string examined = Word(header.GetString(Tags.BodyPartExamined));
        if (RefusedBodyParts.Contains(examined))
        {
            return examined;
        }

        if (TorsoWords.Contains(examined))
        {
            return null;
        }

        string[] words =
        [
            .. Words(header.GetString(Tags.SeriesDescription)), .. Words(header.GetString(Tags.ProtocolName)),
            .. Words(header.GetString(Tags.StudyDescription)),
        ];
        return words.Any(word => TorsoWords.Contains(word)) ? null : words.FirstOrDefault(word => RefusedBodyParts.Contains(word));
    }

    private static IEnumerable<string> Words(string? text) =>
        (text ?? "").Split([' ', '_', '-', '/', '.', ',', '^', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Select(Word);

    private static string Word(string? text) => (text ?? "").Trim().ToUpperInvariant();

    private static string Named(string? value) => string.IsNullOrEmpty(value) ? "(none)" : value;

    private static bool Outside(double value, IReadOnlyList<double> range) => value < range[0] || value > range[1];

    private static Refusal NoApp(string why) => new(RefusalReason.NoApp, $"No app takes this series: {why}.");
}
