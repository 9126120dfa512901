using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>The part of stage 2 that one slice allows: its rows and columns onto the network's grid.</summary>
/// <remarks>One caller at a time: scratch is used again.</remarks>
internal sealed class InPlane
{
    private readonly AxisTable alongY;
    private readonly AxisTable alongX;
    private readonly float[] turned;
    private readonly float[] scratch;

    private InPlane(Taps rows, Taps columns, double targetMm)
    {
        Rows = rows;
        Columns = columns;
        TargetMm = targetMm;
        (alongY, alongX) = (rows.Table(), columns.Table());
        turned = alongX.Turned();
        scratch = new float[rows.Outputs * columns.Inputs];
    }

    public Taps Rows { get; }

    public Taps Columns { get; }

    /// <summary>The network's spacing; for an oblique slice a finer one, from which it is turned to the patient's axes later.</summary>
    public double TargetMm { get; }

    public static InPlane For(SliceGeometry slice, AppManifest manifest)
    {
        double target = LpsAxes.Of(slice) is null ? Limits.ObliqueSpacingMm : Prepare.GridSpacingMm;
        double truncate = manifest.Grid.AntiAliasing.Truncate;
        return new InPlane(
            Prepare.AxisTaps(slice.Rows, slice.RowSpacing, target, truncate),
            Prepare.AxisTaps(slice.Columns, slice.ColumnSpacing, target, truncate),
            target);
    }

    /// <summary>One slice onto the grid's rows and columns: [Rows.Outputs][Columns.Outputs].</summary>
    /// <param name="hu">[Rows.Inputs][Columns.Inputs].</param>
    public float[] Apply(float[] hu)
    {
        float[] plane = GC.AllocateUninitializedArray<float>(Rows.Outputs * Columns.Outputs);
        Apply(hu, plane);
        return plane;
    }

    /// <summary>The same into memory of the caller's.</summary>
    public unsafe void Apply(float[] hu, Span<float> plane)
    {
        fixed (float* source = hu, between = scratch, target = plane, weightsY = alongY.Weights, weightsX = turned)
        fixed (int* startsY = alongY.Starts, startsX = alongX.Starts)
        {
            View<float> rows = new(between, scratch.Length);
            WeightedSum.AlongY down = new()
            {
                Source = new View<float>(source, hu.Length),
                Target = rows,
                Starts = new View<int>(startsY, alongY.Outputs),
                Weights = new View<float>(weightsY, alongY.Weights.Length),
                Reach = alongY.Reach,
                Width = Columns.Inputs,
                SourceHeight = Rows.Inputs,
                Height = Rows.Outputs,
            };
            WeightedSum.AlongX across = new()
            {
                Source = rows,
                Target = new View<float>(target, plane.Length),
                Starts = new View<int>(startsX, alongX.Outputs),
                Weights = new View<float>(weightsX, turned.Length),
                Reach = alongX.Reach,
                SourceWidth = Columns.Inputs,
                Width = Columns.Outputs,
                Height = Rows.Outputs,
            };
            Compute.Shared.Do((down, across), Issue);
        }
    }

    /// <summary>The rows stay on the machine between the two.</summary>
    private static void Issue(LaunchQueue on, in (WeightedSum.AlongY Down, WeightedSum.AlongX Across) asked)
    {
        (WeightedSum.AlongY down, WeightedSum.AlongX across) = asked;
        View<float> between = on.Launcher.IsGpu ? on.Scratch<float>(down.Target.Length) : down.Target;
        (down.Source, down.Target) = (on.In(down.Source), between);
        (down.Starts, down.Weights) = (on.In(down.Starts), on.In(down.Weights));
        on.Lanes(down, down.Width, down.Height, 1);
        (across.Source, across.Target) = (between, on.Out(across.Target));
        (across.Starts, across.Weights) = (on.In(across.Starts), on.In(across.Weights));
        on.Lanes(across, across.Width, across.Height, 1);
    }
}
