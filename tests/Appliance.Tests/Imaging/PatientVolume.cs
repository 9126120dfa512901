using System.Runtime.InteropServices;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Tests.Imaging;

/// <summary>A volume in patient order [z][y][x] that can be sent as a series of any orientation.</summary>
internal sealed record PatientVolume(float[] Hu, int[] Counts, double[] Spacing, Point3 Origin)
{
    private static readonly Point3[] Axes = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];

    /// <summary>The golden phantom (40 slices of 128 x 128 at 3 mm) resampled to spacings that need all of stage 2.</summary>
    /// <remarks>Counts and spacings are in the order x, y, z.</remarks>
    public static PatientVolume Phantom(int x, int y, int z)
    {
        short[] source = Package.Array<short>("phantom.hu.bin");
        PatientVolume grid = new([.. source.Select(hu => (float)hu)], [128, 128, 40], [3, 3, 3], new(-190.5, -190.5, -300));
        double[] spacing = [128.0 * 3 / x, 128.0 * 3 / y, 40.0 * 3 / z];
        Point3 origin = new(-192 + (spacing[0] / 2), -192 + (spacing[1] / 2), -301.5 + (spacing[2] / 2));
        float[] hu = new float[x * y * z];
        for (int i = 0; i < hu.Length; i++)
        {
            hu[i] = grid.At(origin + new Point3(i % x * spacing[0], i / x % y * spacing[1], i / (x * y) * spacing[2]));
        }

        return new PatientVolume(hu, [x, y, z], spacing, origin);
    }

    /// <summary>Trilinear value at a position, the border's outside it.</summary>
    public float At(Point3 position)
    {
        Span<int> below = stackalloc int[3];
        Span<int> above = stackalloc int[3];
        Span<double> share = stackalloc double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            double index = Math.Clamp((position - Origin)[axis] / Spacing[axis], 0, Counts[axis] - 1);
            below[axis] = (int)index;
            above[axis] = Math.Min(below[axis] + 1, Counts[axis] - 1);
            share[axis] = index - below[axis];
        }

        double sum = 0;
        for (int corner = 0; corner < 8; corner++)
        {
            double weight = 1;
            int at = 0;
            for (int axis = 2; axis >= 0; axis--)
            {
                bool up = (corner >> axis & 1) == 1;
                weight *= up ? share[axis] : 1 - share[axis];
                at = (at * Counts[axis]) + (up ? above[axis] : below[axis]);
            }

            sum += weight * Hu[at];
        }

        return (float)sum;
    }

    /// <summary>The same voxels as slices along one patient axis; each argument is +1..+3 or -1..-3 for x, y, z.</summary>
    public (DataSet Header, float[] Hu)[] Series(int slices, int rows, int columns)
    {
        int[] order = [Math.Abs(slices) - 1, Math.Abs(rows) - 1, Math.Abs(columns) - 1];
        bool[] down = [slices < 0, rows < 0, columns < 0];
        (DataSet, float[])[] series = new (DataSet, float[])[Counts[order[0]]];
        for (int k = 0; k < series.Length; k++)
        {
            float[] pixels = new float[Counts[order[1]] * Counts[order[2]]];
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = Hu[Index(order, down, [k, i / Counts[order[2]], i % Counts[order[2]]])];
            }

            Point3 position = Position(order, down, [k, 0, 0]);
            Point3 alongRows = Axes[order[1]] * (down[1] ? -1 : 1), alongColumns = Axes[order[2]] * (down[2] ? -1 : 1);
            series[k] = (Header(position, alongColumns, alongRows, Spacing[order[1]], Spacing[order[2]],
                Counts[order[1]], Counts[order[2]]), pixels);
        }

        return series;
    }

    /// <summary>Labels of such a series, [slice][row][column] in stack order, back in patient order.</summary>
    public byte[] ToPatientOrder(byte[] labels, Stack stack)
    {
        byte[] patient = new byte[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int column = i % stack.Columns, row = i / stack.Columns % stack.Rows, slice = i / (stack.Columns * stack.Rows);
            Point3 at = stack.Origin + (stack.Direction(0) * (slice * stack.Spacing(0)))
                + (stack.Direction(1) * (row * stack.Spacing(1))) + (stack.Direction(2) * (column * stack.Spacing(2)));
            int[] index = [.. Enumerable.Range(0, 3).Select(axis => (int)Math.Round((at - Origin)[axis] / Spacing[axis]))];
            patient[(((index[2] * Counts[1]) + index[1]) * Counts[0]) + index[0]] = labels[i];
        }

        return patient;
    }

    public static DataSet Header(
        Point3 position, Point3 alongColumns, Point3 alongRows, double rowSpacing, double columnSpacing, int rows, int columns) =>
        new DataSet()
            .SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .SetString(Tags.SOPInstanceUID, Vr.UI, UidGenerator.New())
            .SetString(Tags.StudyInstanceUID, Vr.UI, "2.25.100")
            .SetString(Tags.SeriesInstanceUID, Vr.UI, "2.25.101")
            .SetString(Tags.FrameOfReferenceUID, Vr.UI, "2.25.1")
            .SetDecimal(Tags.ImagePositionPatient, position.X, position.Y, position.Z)
            .SetDecimal(Tags.ImageOrientationPatient,
                alongColumns.X, alongColumns.Y, alongColumns.Z, alongRows.X, alongRows.Y, alongRows.Z)
            .SetDecimal(Tags.PixelSpacing, rowSpacing, columnSpacing)
            .SetUInt16(Tags.Rows, (ushort)rows)
            .SetUInt16(Tags.Columns, (ushort)columns)
            .SetDecimal(Tags.RescaleSlope, 1)
            .SetDecimal(Tags.RescaleIntercept, 0);

    /// <summary>An image file of 16 bits with those values.</summary>
    public static DicomFile File(DataSet header, float[] hu)
    {
        short[] stored = [.. hu.Select(value => (short)MathF.Round(value))];
        DataSet dataSet = header.Copy()
            .SetUInt16(Tags.SamplesPerPixel, 1)
            .SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.BitsAllocated, 16)
            .SetUInt16(Tags.BitsStored, 16)
            .SetUInt16(Tags.HighBit, 15)
            .SetUInt16(Tags.PixelRepresentation, 1)
            .SetBytes(Tags.PixelData, Vr.OW, MemoryMarshal.AsBytes(stored.AsSpan()).ToArray());
        return new DicomFile(new DataSet(), TransferSyntax.ExplicitLittleEndian, dataSet);
    }

    private int Index(int[] order, bool[] down, ReadOnlySpan<int> native)
    {
        Span<int> patient = stackalloc int[3];
        for (int axis = 0; axis < 3; axis++)
        {
            patient[order[axis]] = down[axis] ? Counts[order[axis]] - 1 - native[axis] : native[axis];
        }

        return (((patient[2] * Counts[1]) + patient[1]) * Counts[0]) + patient[0];
    }

    private Point3 Position(int[] order, bool[] down, ReadOnlySpan<int> native)
    {
        Point3 at = Origin;
        for (int axis = 0; axis < 3; axis++)
        {
            int index = down[axis] ? Counts[order[axis]] - 1 - native[axis] : native[axis];
            at += Axes[order[axis]] * (index * Spacing[order[axis]]);
        }

        return at;
    }
}
