using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>A grid of the network's spacing along the patient's axes that covers an oblique stack.</summary>
/// <param name="Origin">Centre of its first voxel, mm.</param>
public sealed record ObliqueGrid(Point3 Origin, int Z, int Y, int X)
{
    /// <summary>The smallest such grid over all voxel centres, and half a step around them.</summary>
    public static ObliqueGrid Over(Stack stack)
    {
        double[] low = [double.MaxValue, double.MaxValue, double.MaxValue];
        double[] high = [double.MinValue, double.MinValue, double.MinValue];
        for (int corner = 0; corner < 8; corner++)
        {
            Point3 at = stack.Origin;
            for (int axis = 0; axis < 3; axis++)
            {
                at += stack.Step(axis) * ((corner >> axis & 1) * (stack.Count(axis) - 1));
            }

            for (int axis = 0; axis < 3; axis++)
            {
                low[axis] = Math.Min(low[axis], at[axis]);
                high[axis] = Math.Max(high[axis], at[axis]);
            }
        }

        int[] counts = [.. low.Zip(high, (from, to) => (int)Math.Ceiling((to - from) / Prepare.GridSpacingMm) + 1)];
        double Start(int axis) => ((low[axis] + high[axis]) / 2) - ((counts[axis] - 1) * Prepare.GridSpacingMm / 2);
        return new ObliqueGrid(new(Start(0), Start(1), Start(2)), counts[2], counts[1], counts[0]);
    }

    /// <summary>Grid index, not rounded, of a position.</summary>
    public Point3 IndexOf(Point3 position) => (position - Origin) * (1 / Prepare.GridSpacingMm);

    /// <summary>Trilinear values of an intermediate volume [slice][row][column] in native axes; padding outside the stack.</summary>
    /// <param name="volume">Its samples lie on the native axes by the rule of step 3.</param>
    public GridVolume Sample(float[] volume, int rows, int columns, Stack stack, float padding, Deadline? until = null)
    {
        GridVolume grid = new(GC.AllocateUninitializedArray<float>(checked(Z * Y * X)), Z, Y, X);
        int[] counts = [volume.Length / (rows * columns), rows, columns];
        Affine toVolume = ToVolume(stack, counts);
        Fill(volume, counts, grid, toVolume, padding, until);
        return grid;
    }

    private static unsafe void Fill(
        float[] volume, int[] counts, GridVolume grid, in Affine toVolume, float padding, Deadline? until)
    {
        fixed (float* source = volume, target = grid.Hu)
        {
            Trilinear.ObliqueFloats kernel = new()
            {
                Source = new View<float>(source, volume.Length),
                Target = new View<float>(target, grid.Hu.Length),
                Extent = new Extent { Width = counts[2], Height = counts[1], Depth = counts[0] },
                Width = grid.X,
                Height = grid.Y,
                ToSource = toVolume,
                Outside = padding,
            };
            Compute.Shared.Do((kernel, grid.Z), Issue, wide: true, until);
        }
    }

    private static void Issue(LaunchQueue on, in (Trilinear.ObliqueFloats Kernel, int Planes) asked)
    {
        Trilinear.ObliqueFloats kernel = asked.Kernel;
        (kernel.Source, kernel.Target) = (on.In(kernel.Source), on.Out(kernel.Target));
        on.Lanes(kernel, kernel.Width, kernel.Height, asked.Planes);
    }

    /// <summary>Grid index to index in the intermediate volume: over the patient to the native axes, there by the rule of step 3.</summary>
    private Affine ToVolume(Stack stack, int[] counts)
    {
        (float X, float Y, float Z, float Start) Row(int axis)
        {
            double perMm = counts[axis] / (stack.Spacing(axis) * stack.Count(axis)), perStep = perMm * Prepare.GridSpacingMm;
            Point3 direction = stack.Across(axis);
            double start = ((Origin - stack.Origin).Dot(direction) * perMm) + (0.5 * counts[axis] / stack.Count(axis)) - 0.5;
            return ((float)(direction.X * perStep), (float)(direction.Y * perStep), (float)(direction.Z * perStep), (float)start);
        }

        Affine affine = default;
        (affine.Xx, affine.Xy, affine.Xz, affine.X0) = Row(2);
        (affine.Yx, affine.Yy, affine.Yz, affine.Y0) = Row(1);
        (affine.Zx, affine.Zy, affine.Zz, affine.Z0) = Row(0);
        return affine;
    }
}
