namespace Appliance.Imaging;

/// <summary>Which native axis runs along each axis of the patient, where a stack is axial, coronal or sagittal.</summary>
/// <remarks>Patient axes are numbered 0 x (left), 1 y (back), 2 z (head).</remarks>
public sealed class LpsAxes
{
    private readonly int[] native = new int[3];
    private readonly bool[] flipped = new bool[3];

    private LpsAxes()
    {
    }

    /// <summary>The native axis (0 slice, 1 row, 2 column) that runs along a patient axis.</summary>
    public int Native(int patientAxis) => native[patientAxis];

    /// <summary>True where the native index falls while the patient coordinate rises.</summary>
    public bool Flipped(int patientAxis) => flipped[patientAxis];

    /// <summary>The axes, or null where the stack is oblique.</summary>
    public static LpsAxes? Of(Point3 slices, Point3 rows, Point3 columns)
    {
        LpsAxes axes = new();
        Span<bool> taken = stackalloc bool[3];
        ReadOnlySpan<Point3> directions = [slices, rows, columns];
        double cosine = Math.Cos(Limits.AxisAlignedDegrees * Math.PI / 180);
        for (int axis = 0; axis < 3; axis++)
        {
            for (int patientAxis = 0; patientAxis < 3; patientAxis++)
            {
                double component = directions[axis][patientAxis];
                if (Math.Abs(component) >= cosine)
                {
                    axes.native[patientAxis] = axis;
                    axes.flipped[patientAxis] = component < 0;
                    taken[patientAxis] = true;
                }
            }
        }

        return taken.Contains(false) ? null : axes;
    }

    /// <summary>Native rows and columns are the patient's, unflipped: a slice is walked in the same order.</summary>
    public bool IsPatientOrderInPlane => native is [2, 1, 0] && !flipped[0] && !flipped[1];

    /// <summary>The whole stack is.</summary>
    public bool IsPatientOrder => IsPatientOrderInPlane && !flipped[2];

    public static LpsAxes? Of(Stack stack) => Of(stack.Direction(0), stack.Direction(1), stack.Direction(2));

    public static LpsAxes? Of(SliceGeometry slice) => Of(slice.Normal, slice.AlongRows, slice.AlongColumns);

    /// <summary>How to walk a native array [slice][row][column] in patient order: start and one stride for each patient axis.</summary>
    public (long Start, long X, long Y, long Z) Strides(ReadOnlySpan<int> counts)
    {
        Span<long> strides = [(long)counts[1] * counts[2], counts[2], 1];
        Span<long> patient = stackalloc long[3];
        long start = 0;
        for (int patientAxis = 0; patientAxis < 3; patientAxis++)
        {
            int axis = native[patientAxis];
            patient[patientAxis] = flipped[patientAxis] ? -strides[axis] : strides[axis];
            start += flipped[patientAxis] ? strides[axis] * (counts[axis] - 1) : 0;
        }

        return (start, patient[0], patient[1], patient[2]);
    }

    /// <summary>How to walk an array in patient order [z][y][x] as the native one: start and a stride for column, row and slice.</summary>
    /// <param name="counts">Native slices, rows and columns.</param>
    public (long Start, long Column, long Row, long Slice) PatientStrides(ReadOnlySpan<int> counts)
    {
        long x = counts[native[0]], y = counts[native[1]];
        Span<long> strides = [1, x, x * y];
        Span<long> walked = stackalloc long[3];
        long start = 0;
        for (int patientAxis = 0; patientAxis < 3; patientAxis++)
        {
            int axis = native[patientAxis];
            walked[axis] = flipped[patientAxis] ? -strides[patientAxis] : strides[patientAxis];
            start += flipped[patientAxis] ? strides[patientAxis] * (counts[axis] - 1) : 0;
        }

        return (start, walked[2], walked[1], walked[0]);
    }
}
