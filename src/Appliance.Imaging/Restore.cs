using System.Runtime.InteropServices;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Stage 5: labels back on the scanner's own grid (model package, step 7), one byte for each voxel.</summary>
public static unsafe class Restore
{
    /// <summary>Labels [slice][row][column] of an axial, coronal or sagittal stack.</summary>
    /// <remarks>
    /// Made in patient order whatever the scanner's order is, so that the orientation cannot change a label; turned afterwards where the
    /// two are not the same.
    /// </remarks>
    /// <param name="counts">Native slices, rows and columns.</param>
    /// <param name="grid">Shape of the whole grid that the window was cut from.</param>
    /// <param name="until">Looked at before each slice.</param>
    public static byte[] Aligned(
        ClassScores scores, GridVolume grid, BodyFit fit, int[] counts, LpsAxes axes, byte[] offeredAs, Deadline? until = null)
    {
        until ??= Deadline.Never;
        byte[] labels = GC.AllocateUninitializedArray<byte>(checked(counts[0] * counts[1] * counts[2]));
        CellTable x = Cell.Axis(counts[axes.Native(0)], grid.X, fit.Left);
        CellTable y = Cell.Axis(counts[axes.Native(1)], grid.Y, fit.Top);
        CellTable z = Cell.Axis(counts[axes.Native(2)], grid.Z, 0);
        fixed (byte* native = labels)
        {
            if (axes.IsPatientOrder)
            {
                Planes(scores, z, y, x, native, offeredAs, until);
            }
            else
            {
                byte* patient = (byte*)NativeMemory.Alloc((nuint)labels.Length + Slack.Bytes);
                try
                {
                    Planes(scores, z, y, x, patient, offeredAs, until);
                    Turn(patient, native, counts, axes, until);
                }
                finally
                {
                    NativeMemory.Free(patient);
                }
            }
        }

        return labels;
    }

    /// <summary>Labels [row][column] of one axial slice, between two slices of the grid.</summary>
    /// <param name="fraction">How far it lies from the lower to the upper.</param>
    /// <param name="cellsY">Of all voxels in patient order, as <paramref name="cellsX"/>.</param>
    internal static void Axial(
        ClassScores lower, ClassScores upper, float fraction, CellTable cellsY, CellTable cellsX, LpsAxes axes, int rows, int columns,
        byte[] offeredAs, Span<byte> labels)
    {
        fixed (byte* native = labels)
        {
            if (axes.IsPatientOrderInPlane)
            {
                Plane(lower, 0, upper, 0, fraction, cellsY, cellsX, native, offeredAs);
            }
            else
            {
                byte* patient = (byte*)NativeMemory.Alloc((nuint)labels.Length + Slack.Bytes);
                Plane(lower, 0, upper, 0, fraction, cellsY, cellsX, patient, offeredAs);
                Turn(patient, native, [1, rows, columns], axes, Deadline.Never);
                NativeMemory.Free(patient);
            }
        }
    }

    /// <summary>Labels [slice][row][column] of an oblique stack: each native voxel is looked up in the grid by its position.</summary>
    /// <param name="until">Looked at before each slice.</param>
    public static byte[] Oblique(
        ClassScores scores, BodyFit fit, ObliqueGrid grid, Stack stack, byte[] offeredAs, Deadline? until = null)
    {
        byte[] labels = GC.AllocateUninitializedArray<byte>(checked(stack.Slices * stack.Rows * stack.Columns));
        Affine toGrid = ToGrid(grid, stack);

        // The kernel gathers bytes, four at a time.
        byte[] won = [.. scores.Labels, .. new byte[Slack.Bytes]], offered = [.. offeredAs, .. new byte[Slack.Bytes]];
        fixed (float* probabilities = scores.Probabilities)
        fixed (byte* winners = won, table = offered, target = labels)
        {
            LabelRestore.Oblique kernel = new()
            {
                Source = new View<float>(probabilities, scores.Probabilities.Length),
                Labels = new View<byte>(winners, scores.Labels.Length),
                Classes = scores.Classes,
                WindowWidth = scores.Columns,
                WindowHeight = scores.Rows,
                Grid = new Extent { Width = grid.X, Height = grid.Y, Depth = grid.Z },
                Left = fit.Left,
                Top = fit.Top,
                ToGrid = toGrid,
                Offered = new View<byte>(table, offeredAs.Length),
                Target = new View<byte>(target, labels.Length),
                Width = stack.Columns,
                Height = stack.Rows,
            };
            Compute.Shared.Do((kernel, stack.Slices), IssueOblique, wide: true, until);
        }

        return labels;
    }

    /// <summary>All planes across the patient's z, in patient order.</summary>
    private static void Planes(
        ClassScores scores, CellTable z, CellTable y, CellTable x, byte* target, byte[] offeredAs, Deadline until) =>
        until.For(z.Count, k => Plane(
            scores, z.Below[k], scores, Math.Min(z.Below[k] + 1, scores.Slices - 1), z.Fractions[k], y, x,
            target + ((long)k * y.Count * x.Count), offeredAs));

    /// <summary>One of them, between a slice of one and a slice of another part of the grid.</summary>
    private static void Plane(
        ClassScores lower, int lowerSlice, ClassScores upper, int upperSlice, float fraction, CellTable y, CellTable x, byte* target,
        byte[] offeredAs)
    {
        int pixels = lower.Rows * lower.Columns, size = pixels * lower.Classes;
        fixed (float* below = lower.Probabilities, above = upper.Probabilities, sharesX = x.Fractions, sharesY = y.Fractions)
        fixed (byte* belowLabels = lower.Labels, aboveLabels = upper.Labels, table = offeredAs)
        fixed (int* columns = x.Below, rows = y.Below)
        {
            LabelRestore.Plane kernel = new()
            {
                Lower = new View<float>(below + ((long)lowerSlice * size), size),
                Upper = new View<float>(above + ((long)upperSlice * size), size),
                LowerLabels = new View<byte>(belowLabels + (lowerSlice * pixels), pixels),
                UpperLabels = new View<byte>(aboveLabels + (upperSlice * pixels), pixels),
                Share = fraction,
                Classes = lower.Classes,
                WindowWidth = lower.Columns,
                WindowHeight = lower.Rows,
                Columns = new View<int>(columns, x.Count),
                ColumnShares = new View<float>(sharesX, x.Count),
                Rows = new View<int>(rows, y.Count),
                RowShares = new View<float>(sharesY, y.Count),
                Offered = new View<byte>(table, offeredAs.Length),
                Target = new View<byte>(target, (long)x.Count * y.Count),
                Width = x.Count,
            };
            Compute.Shared.Do((kernel, y.Count), IssuePlane);
        }
    }

    /// <summary>Patient order to native order.</summary>
    private static void Turn(byte* patient, byte* native, int[] counts, LpsAxes axes, Deadline until)
    {
        (long start, long column, long row, long slice) = axes.PatientStrides(counts);
        long voxels = (long)counts[0] * counts[1] * counts[2];
        Reorient.UInt8 kernel = new()
        {
            Source = new View<byte>(patient, voxels),
            Target = new View<byte>(native, voxels),
            Width = counts[2],
            Height = counts[1],
            Axes = new Reorient.Axes { Start = start, StrideX = (int)column, StrideY = (int)row, StrideZ = slice },
        };
        Compute.Shared.Do((kernel, counts[0]), IssueTurn, wide: true, until);
    }

    private static void IssueTurn(LaunchQueue on, in (Reorient.UInt8 Kernel, int Planes) asked)
    {
        Reorient.UInt8 kernel = asked.Kernel;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, kernel.Height, asked.Planes);
    }

    private static void IssuePlane(LaunchQueue on, in (LabelRestore.Plane Kernel, int Rows) asked)
    {
        LabelRestore.Plane kernel = asked.Kernel;
        (kernel.Lower, kernel.Upper) = (on.In(kernel.Lower), on.In(kernel.Upper));
        (kernel.LowerLabels, kernel.UpperLabels) = (on.In(kernel.LowerLabels), on.In(kernel.UpperLabels));
        (kernel.Columns, kernel.ColumnShares) = (on.In(kernel.Columns), on.In(kernel.ColumnShares));
        (kernel.Rows, kernel.RowShares) = (on.In(kernel.Rows), on.In(kernel.RowShares));
        (kernel.Offered, kernel.Target) = (on.In(kernel.Offered), on.Out(kernel.Target));
        on.Tuned(kernel, kernel.Width, asked.Rows, 1);
    }

    private static void IssueOblique(LaunchQueue on, in (LabelRestore.Oblique Kernel, int Planes) asked)
    {
        LabelRestore.Oblique kernel = asked.Kernel;
        (kernel.Source, kernel.Labels) = (on.In(kernel.Source), on.In(kernel.Labels));
        (kernel.Offered, kernel.Target) = (on.In(kernel.Offered), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, kernel.Height, asked.Planes);
    }

    /// <summary>Native index (column, row, slice) to grid index.</summary>
    private static Affine ToGrid(ObliqueGrid grid, Stack stack)
    {
        Point3 step0 = stack.Step(0) * (1 / Prepare.GridSpacingMm);
        Point3 step1 = stack.Step(1) * (1 / Prepare.GridSpacingMm);
        Point3 step2 = stack.Step(2) * (1 / Prepare.GridSpacingMm);
        Point3 start = grid.IndexOf(stack.Origin);
        return new Affine
        {
            Xx = (float)step2.X, Xy = (float)step1.X, Xz = (float)step0.X, X0 = (float)start.X,
            Yx = (float)step2.Y, Yy = (float)step1.Y, Yz = (float)step0.Y, Y0 = (float)start.Y,
            Zx = (float)step2.Z, Zy = (float)step1.Z, Zz = (float)step0.Z, Z0 = (float)start.Z,
        };
    }
}
