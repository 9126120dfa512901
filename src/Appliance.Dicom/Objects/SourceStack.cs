using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>Source slices that have been looked at together: one study, one frame of reference, one grid.</summary>
internal sealed class SourceStack
{
    /// <summary>Direction cosines that differ by more are not parallel for OHIF.</summary>
    private const double OrientationTolerance = 0.001;

    private SourceStack(IReadOnlyList<SourceSlice> slices)
    {
        Slices = slices;
    }

    public IReadOnlyList<SourceSlice> Slices { get; }

    public SourceSlice First => Slices[0];

    public int Rows => (int)First.Rows;

    public int Columns => (int)First.Columns;

    /// <summary>Null in <paramref name="stack"/> exactly when there is a refusal.</summary>
    public static Unsuitable? Check(IReadOnlyList<SourceSlice> slices, out SourceStack? stack)
    {
        stack = null;
        if (slices.Count == 0)
        {
            return new Unsuitable(UnsuitableReason.NoSources, "There is no source slice.");
        }

        SourceSlice first = slices[0];
        for (int i = 0; i < slices.Count; i++)
        {
            if (Missing(slices[i]) is string missing)
            {
                return new Unsuitable(UnsuitableReason.IncompleteSource, $"Source slice {i + 1} of {slices.Count} has no {missing}.");
            }

            if (Difference(first, slices[i]) is string difference)
            {
                return new Unsuitable(UnsuitableReason.MixedSources,
                    $"Source slice {i + 1} of {slices.Count} has another {difference} than the first.");
            }
        }

        stack = new SourceStack(slices);
        return null;
    }

    /// <summary>
    /// Mean distance of neighbours along the normal in mm: of a single slice what its header says, else its thickness. Zero
    /// where nothing says it.
    /// </summary>
    public double SpacingBetweenSlices()
    {
        if (Slices.Count > 1)
        {
            double[] o = First.Orientation;
            double[] normal = [(o[1] * o[5]) - (o[2] * o[4]), (o[2] * o[3]) - (o[0] * o[5]), (o[0] * o[4]) - (o[1] * o[3])];
            double[] a = First.Position;
            double[] b = Slices[^1].Position;
            double along = ((b[0] - a[0]) * normal[0]) + ((b[1] - a[1]) * normal[1]) + ((b[2] - a[2]) * normal[2]);
            return Math.Round(Math.Abs(along) / (Slices.Count - 1), 6);
        }

        return Measure(Tags.SpacingBetweenSlices) is > 0 and double spacing ? spacing : SliceThickness();
    }

    /// <summary>In mm, zero where the source does not say it.</summary>
    public double SliceThickness() => Math.Max(0, Measure(Tags.SliceThickness));

    private double Measure(Tag tag) => First.Numbers(Tags.PixelMeasuresSequence, tag) is [double value, ..] ? value : 0;

    private static string? Missing(SourceSlice slice) => slice switch
    {
        { StudyInstanceUid: null or "" } => "Study Instance UID",
        { SeriesInstanceUid: null or "" } => "Series Instance UID",
        { SopClassUid: null or "" } => "SOP Class UID",
        { SopInstanceUid: null or "" } => "SOP Instance UID",
        { FrameOfReferenceUid: null or "" } => "Frame of Reference UID",
        { Rows: < 1 or > ushort.MaxValue } => "Rows",
        { Columns: < 1 or > ushort.MaxValue } => "Columns",
        { Position.Length: not 3 } => "Image Position (Patient)",
        { Orientation.Length: not 6 } => "Image Orientation (Patient)",
        { PixelSpacing: not [> 0, > 0] } => "Pixel Spacing",
        _ => null,
    };

    private static string? Difference(SourceSlice first, SourceSlice slice)
    {
        if (slice.StudyInstanceUid != first.StudyInstanceUid)
        {
            return "Study Instance UID";
        }

        if (slice.FrameOfReferenceUid != first.FrameOfReferenceUid)
        {
            return "Frame of Reference UID";
        }

        if (slice.Rows != first.Rows || slice.Columns != first.Columns)
        {
            return "size";
        }

        double[] a = first.Orientation;
        double[] b = slice.Orientation;
        for (int i = 0; i < 6; i++)
        {
            if (Math.Abs(a[i] - b[i]) > OrientationTolerance)
            {
                return "orientation";
            }
        }

        return null;
    }
}
