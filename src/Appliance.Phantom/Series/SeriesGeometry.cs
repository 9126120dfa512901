using Appliance.Phantom.Anatomy;

namespace Appliance.Phantom.Series;

/// <summary>How the stack of slices lies in the patient.</summary>
public enum Orientation
{
    /// <summary>Head first, supine, slices from head to feet.</summary>
    Axial,

    /// <summary>Feet first, supine: rows run to the patient's right, slices from feet to head.</summary>
    FeetFirst,

    /// <summary>Rows run to the back, columns to the feet, slices from left to right.</summary>
    Sagittal,

    /// <summary>Axial, turned by 15 degrees about x and 10 about y.</summary>
    Oblique,
}

/// <summary>The grid of a CT series in the patient. Slice numbers here grow along the normal, row direction x column direction.</summary>
/// <param name="PixelMm">Distance of rows and of columns.</param>
/// <param name="SliceMm">Distance of slices, and their thickness.</param>
public sealed record SeriesGeometry(Orientation Orientation, int Slices, int Rows, int Columns, double PixelMm, double SliceMm)
{
    // From the lung bases to the iliac crests of the average body: the middle of -265 to 35 mm.
    private const double CentreZMm = -115;

    /// <summary>300 slices of 512 x 512, 1 mm and 0.8 mm.</summary>
    public static SeriesGeometry Default { get; } = new(Orientation.Axial, 300, 512, 512, 0.8, 1);

    /// <summary>Where the column number grows to (the first half of ImageOrientationPatient).</summary>
    public Vector RowDirection => Orientation switch
    {
        Orientation.FeetFirst => new(-1, 0, 0),
        Orientation.Sagittal => new(0, 1, 0),
        Orientation.Oblique => Turned(new(1, 0, 0)),
        _ => new(1, 0, 0),
    };

    /// <summary>Where the row number grows to.</summary>
    public Vector ColumnDirection => Orientation switch
    {
        Orientation.Sagittal => new(0, 0, -1),
        Orientation.Oblique => Turned(new(0, 1, 0)),
        _ => new(0, 1, 0),
    };

    public Vector Normal => RowDirection.Cross(ColumnDirection);

    /// <summary>Centre of the first voxel of the first slice.</summary>
    public Vector First => new Vector(0, 0, CentreZMm)
        - (RowDirection * ((Columns - 1) / 2.0 * PixelMm)) - (ColumnDirection * ((Rows - 1) / 2.0 * PixelMm))
        - (Normal * ((Slices - 1) / 2.0 * SliceMm));

    /// <summary>HFS or FFS (PS3.3 C.7.3.1.1.2).</summary>
    public string PatientPosition => Orientation == Orientation.FeetFirst ? "FFS" : "HFS";

    /// <summary>The order of acquisition: from 0; axial series run from head to feet, against the normal.</summary>
    public int AcquiredAs(int slice) => Orientation == Orientation.Axial ? Slices - 1 - slice : slice;

    /// <summary>ImagePositionPatient of a slice.</summary>
    public Vector PositionOf(int slice) => First + (Normal * (slice * SliceMm));

    /// <summary>The lattice on which the body grows, about twice as coarse as the default series, around all of the stack.</summary>
    public Lattice BodyLattice()
    {
        const float pitch = 1.6f, pitchZ = 2;
        Vector low = new(double.MaxValue, double.MaxValue, double.MaxValue), high = low * -1;
        for (int corner = 0; corner < 8; corner++)
        {
            Vector at = First + (RowDirection * ((corner & 1) * (Columns - 1) * PixelMm))
                + (ColumnDirection * ((corner >> 1 & 1) * (Rows - 1) * PixelMm)) + (Normal * ((corner >> 2) * (Slices - 1) * SliceMm));
            low = new(Math.Min(low.X, at.X), Math.Min(low.Y, at.Y), Math.Min(low.Z, at.Z));
            high = new(Math.Max(high.X, at.X), Math.Max(high.Y, at.Y), Math.Max(high.Z, at.Z));
        }

        // A quarter of a pitch outside: where the series is twice as fine, no voxel then lies half-way between two of the lattice,
        // where votes on its organ would tie, and borders would lean to one side.
        return new Lattice(
            Count(high.Z - low.Z, pitchZ), Count(high.Y - low.Y, pitch), Count(high.X - low.X, pitch), pitch, pitchZ,
            (float)low.X - (pitch / 4), (float)low.Y - (pitch / 4), (float)low.Z - (pitchZ / 4));

        static int Count(double mm, float step) => (int)Math.Ceiling((mm / step) + .25) + 1;
    }

    private static Vector Turned(Vector v)
    {
        (double sinX, double cosX) = Math.SinCos(15 * Math.PI / 180);
        (double sinY, double cosY) = Math.SinCos(10 * Math.PI / 180);
        v = new(v.X, (cosX * v.Y) - (sinX * v.Z), (sinX * v.Y) + (cosX * v.Z));
        return new((cosY * v.X) + (sinY * v.Z), v.Y, (-sinY * v.X) + (cosY * v.Z));
    }
}
