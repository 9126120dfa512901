using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>Where one image lies in the patient: the Image Plane module (PS3.3 C.7.6.2) and the size of its matrix.</summary>
/// <remarks>Read from position and orientation only: Instance Number and Slice Location say nothing reliable.</remarks>
public sealed record SliceGeometry
{
    /// <summary>Centre of the first pixel, mm (0020,0032).</summary>
    public required Point3 Position { get; init; }

    /// <summary>Unit vector from one column to the next (first three of (0020,0037)).</summary>
    public required Point3 AlongColumns { get; init; }

    /// <summary>Unit vector from one row to the next (last three of (0020,0037)).</summary>
    public required Point3 AlongRows { get; init; }

    /// <summary>Distance between rows, mm (first of (0028,0030)).</summary>
    public required double RowSpacing { get; init; }

    /// <summary>Distance between columns, mm (second of (0028,0030)).</summary>
    public required double ColumnSpacing { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Positions of different frames of reference cannot be compared (PS3.3 C.7.4.1).</summary>
    public required string FrameOfReferenceUid { get; init; }

    /// <summary>Right-handed normal of the image.</summary>
    public Point3 Normal => AlongColumns.Cross(AlongRows);

    /// <summary>The geometry in a header, or <see cref="RefusalReason.MissingGeometry"/> naming what is absent.</summary>
    public static Outcome<SliceGeometry> FromHeader(DataSet header)
    {
        double[] position = header.GetDoubles(Tags.ImagePositionPatient);
        double[] orientation = header.GetDoubles(Tags.ImageOrientationPatient);
        double[] spacing = header.GetDoubles(Tags.PixelSpacing);
        long rows = header.GetInteger(Tags.Rows) ?? 0;
        long columns = header.GetInteger(Tags.Columns) ?? 0;
        if (position.Length != 3 || orientation.Length != 6)
        {
            return Missing(position.Length != 3 ? "image position" : "image orientation");
        }

        if (spacing.Length != 2 || spacing[0] <= 0 || spacing[1] <= 0)
        {
            return Missing("pixel spacing");
        }

        if (string.IsNullOrEmpty(header.GetString(Tags.FrameOfReferenceUID)))
        {
            return Missing("frame of reference");
        }

        if (rows < 1 || columns < 1 || rows > Limits.ImageSidePixels || columns > Limits.ImageSidePixels)
        {
            return Missing("usable matrix size");
        }

        Point3 alongColumns = new(orientation[0], orientation[1], orientation[2]);
        Point3 alongRows = new(orientation[3], orientation[4], orientation[5]);
        if (Math.Abs(alongColumns.Length - 1) > Limits.UnitVectorError || Math.Abs(alongRows.Length - 1) > Limits.UnitVectorError
            || Math.Abs(alongColumns.Dot(alongRows)) > Limits.UnitVectorError)
        {
            return Missing("image orientation of two perpendicular unit vectors");
        }

        return new SliceGeometry
        {
            Position = new(position[0], position[1], position[2]),
            AlongColumns = alongColumns,
            AlongRows = alongRows,
            RowSpacing = spacing[0],
            ColumnSpacing = spacing[1],
            Rows = (int)rows,
            Columns = (int)columns,
            FrameOfReferenceUid = header.GetString(Tags.FrameOfReferenceUID)!,
        };
    }

    /// <summary>Null where both can be slices of one stack, else what differs.</summary>
    [SuppressMessage("Style", "IDE0046", Justification = "One condition a line reads as a table.")]
    public string? DifferenceFrom(SliceGeometry other)
    {
        if (Rows != other.Rows || Columns != other.Columns)
        {
            return $"matrix {Rows} x {Columns} beside {other.Rows} x {other.Columns}";
        }

        if (Math.Abs(RowSpacing - other.RowSpacing) > Limits.PixelSpacingErrorMm
            || Math.Abs(ColumnSpacing - other.ColumnSpacing) > Limits.PixelSpacingErrorMm)
        {
            return $"pixel spacing {Mm(RowSpacing)} x {Mm(ColumnSpacing)} beside {Mm(other.RowSpacing)} x {Mm(other.ColumnSpacing)} mm";
        }

        if ((AlongColumns - other.AlongColumns).Length > Limits.ParallelError
            || (AlongRows - other.AlongRows).Length > Limits.ParallelError)
        {
            return "image orientations differ";
        }

        return FrameOfReferenceUid == other.FrameOfReferenceUid ? null : "frames of reference differ";
    }

    internal static string Mm(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static Refusal Missing(string what) =>
        new(RefusalReason.MissingGeometry, $"The image has no {what}: it cannot be placed in the patient. Send the original images.");
}
