using Appliance.Imaging.Launch;
using Appliance.Kernels;
using static Appliance.Bench.Volumes;

namespace Appliance.Bench;

/// <summary>Each kernel on kern's problem, by kern's name. Tables are made once; a run only launches.</summary>
public sealed unsafe class BenchKernels
{
    private readonly Volumes v;
    private readonly CpuWorkers workers;
    private readonly Dictionary<string, Action> all;
    private readonly ComponentRuns runs;
    private readonly Axis upX, upY, upZ, downX, downY, downZ, splineX, splineY, splineZ;

    public BenchKernels(Volumes volumes, CpuWorkers workers)
    {
        (v, this.workers) = (volumes, workers);
        runs = new ComponentRuns(v.RowStarts, v.Runs);
        PipelineKernels pipeline = new(volumes, workers);
        (upX, upY, upZ) = (Axis.Nearest(v, Nx, Mx), Axis.Nearest(v, Ny, My), Axis.Nearest(v, Nz, Mz));
        (downX, downY, downZ) = (Axis.Linear(v, Mx, Nx), Axis.Linear(v, My, Ny), Axis.Linear(v, Mz, Nz));
        (splineX, splineY, splineZ) = (Axis.Cubic(v, Mx, Nx), Axis.Cubic(v, My, Ny), Axis.Cubic(v, Mz, Nz));
        all = new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            ["hu_norm"] = Rescaled,
            ["flip_yz"] = Flip,
            ["permute_xz"] = Permute,
            ["trilinear"] = Resampled,
            ["cubic"] = Cubic,
            ["argmax"] = Winners,
            ["label_up"] = LabelsUp,
            ["seg_pack1"] = () => Pack(3, 0),
            ["seg_pack13"] = PackAll,
            ["overlay"] = Burn,
            ["ccl_model"] = () => runs.Find(v.GridLabels, Mx, My, Mz, 3, 6),
            ["ccl_full"] = () => runs.Find(v.Labels, Nx, Ny, Nz, 3, 6),
            ["raycast"] = Cast,
            ["in_plane"] = pipeline.InPlane,
            ["restore"] = pipeline.Restore,
            ["organ_paint"] = pipeline.Paint,
        };
        LabelsUp();
    }

    public static IReadOnlyList<string> Names { get; } =
    [
        "hu_norm", "flip_yz", "permute_xz", "trilinear", "cubic", "argmax", "label_up", "seg_pack1", "seg_pack13", "overlay", "ccl_model",
        "ccl_full", "raycast", "in_plane", "restore", "organ_paint",
    ];

    public Action? Find(string name) => all.GetValueOrDefault(name);

    private void Rescaled() => workers.Run(
        new LanePlanes<Rescale.Int16>(
            new Rescale.Int16
            {
                Source = v.Ct, Target = v.Floats, Width = Nx, Height = Ny,
                Line = new Rescale.Line { Scale = 1 / 300f, Offset = -1.2f, Low = -3, High = 3 },
            },
            Nx, Ny),
        Nz);

    private void Flip() => workers.Run(
        new TunedPlanes<Reorient.Int16>(
            new Reorient.Int16
            {
                Source = v.Ct, Target = v.CtCopy, Width = Nx, Height = Ny,
                Axes = new Reorient.Axes { Start = ((Ny * Nz) - 1) * (long)Nx, StrideX = 1, StrideY = -Nx, StrideZ = -Nx * Ny },
            },
            Nx, Ny, 1),
        Nz);

    /// <summary>[z][y][x] to [x][y][z]: the result's rows run along the source's z.</summary>
    private void Permute() => workers.Run(
        new TunedPlanes<Reorient.Int16>(
            new Reorient.Int16
            {
                Source = v.Ct, Target = v.CtCopy, Width = Nz, Height = Ny,
                Axes = new Reorient.Axes { StrideX = Nx * Ny, StrideY = Nx, StrideZ = 1 },
            },
            Nz, Ny, 32),
        Nx / 32);

    private void Resampled() => workers.Run(
        new TunedPlanes<Trilinear.Aligned>(
            new Trilinear.Aligned
            {
                Source = v.Ct, Target = v.GridFloats, Width = Mx, Height = My,
                Extent = new Extent { Width = Nx, Height = Ny, Depth = Nz },
                Columns = downX.Indices, ColumnShares = downX.Shares, Rows = downY.Indices, RowShares = downY.Shares,
                Planes = downZ.Indices, PlaneShares = downZ.Shares,
                Line = new Rescale.Line { Scale = 1 / 300f, Offset = -1.2f, Low = -3, High = 3 },
            },
            Mx, My, 1),
        Mz);

    private void Cubic()
    {
        // A plane goes through its three passes while it is in the caches; then all planes are there for the third axis.
        workers.Run(
            new ThreePlanes<LanePlanes<Rescale.Int16>, TunedPlanes<Spline.PrefilterRows>, TunedPlanes<Spline.Prefilter>>(
                new LanePlanes<Rescale.Int16>(
                    new Rescale.Int16
                    {
                        Source = v.Ct, Target = v.Floats, Width = Nx, Height = Ny, Soon = 1,
                        Line = new Rescale.Line { Scale = 1, Low = float.MinValue, High = float.MaxValue },
                    },
                    Nx, Ny),
                new TunedPlanes<Spline.PrefilterRows>(new Spline.PrefilterRows { Data = v.Floats, Width = Nx, Height = Ny }, 1, Ny, 1),
                new TunedPlanes<Spline.Prefilter>(
                    new Spline.Prefilter { Data = v.Floats, Count = Ny, Step = Nx, StepZ = (long)Nx * Ny }, Nx, 1, 1)),
            Nz);
        workers.Run(
            new TunedPlanes<Spline.Prefilter>(
                new Spline.Prefilter { Data = v.Floats, Count = Nz, Step = (long)Nx * Ny, StepZ = Nx }, Nx, 1, 1),
            Ny);
        workers.Run(
            new TunedPlanes<Spline.Aligned>(
                new Spline.Aligned
                {
                    Source = v.Floats, Target = v.GridFloats, Width = Mx, Height = My,
                    Extent = new Extent { Width = Nx, Height = Ny, Depth = Nz },
                    Columns = splineX.Indices, ColumnShares = splineX.Shares, Rows = splineY.Indices, RowShares = splineY.Shares,
                    Planes = splineZ.Indices, PlaneShares = splineZ.Shares,
                    Line = new Rescale.Line { Scale = 1, Low = float.MinValue, High = float.MaxValue },
                },
                Mx, My, 1),
            Mz);
    }

    private void Winners() => workers.Run(
        new TunedPlanes<Argmax.Labels>(
            new Argmax.Labels { Source = v.Scores, Target = v.GridResult, ClassStride = Grid, Classes = Classes, Width = Mx, Height = My },
            Mx, My, 1),
        Mz);

    private void LabelsUp() => workers.Run(
        new TunedPlanes<LabelUpsample.Nearest>(
            new LabelUpsample.Nearest
            {
                Source = v.GridLabels, Target = v.Labels, Columns = upX.Indices, Rows = upY.Indices, Planes = upZ.Indices,
                SourceWidth = Mx, SourceHeight = My, Width = Nx, Height = Ny,
            },
            Nx, Ny, 4),
        Nz / 4);

    private void Pack(int label, int plane)
    {
        const int Bytes = Nx * Ny / 8;
        View<byte> target = new(v.Bits.Pointer + (plane * Native / 8), Native / 8);
        workers.Run(
            new TunedPlanes<SegPack.Bits>(
                new SegPack.Bits { Source = v.Labels, Target = target, Label = label, Voxels = Nx * Ny, Bytes = Bytes }, Bytes, 1, 1),
            Nz);
    }

    /// <summary>A plane's labels are read once from memory and twelve times from the caches.</summary>
    private void PackAll() => workers.Run(new SegmentPlanes(v.Labels, v.Bits, Classes - 1, Nx * Ny, Native / 8), Nz);

    private void Burn() => workers.Run(
        new LanePlanes<Overlay.Rgb>(
            new Overlay.Rgb
            {
                Source = v.Ct, Labels = v.Labels, Palette = v.Palette, Target = v.Rgb, Width = Nx, Height = Ny,
                Scale = 255 / 400f, Offset = (-1024 + 160) * 255 / 400f, Alpha = 102,
            },
            Nx, Ny),
        Nz);

    /// <summary>
    /// kern's view: 512 x 512 parallel rays of 512 steps, turned by 0.6; its alpha and its end of a ray. Beside what kern does: labels tint
    /// the colour, and blocks that are all transparent are found anew each time and skipped.
    /// </summary>
    private void Cast()
    {
        float c = MathF.Cos(0.6f), s = MathF.Sin(0.6f);
        Extent extent = new() { Width = Nx, Height = Ny, Depth = Nz };
        workers.Run(
            new TunedPlanes<RayCast.Occupancy>(
                new RayCast.Occupancy { Source = v.Ct, Extent = extent, Target = v.Occupied, BlocksX = 64, BlocksY = 64, From = 1150 },
                64, 64, 1),
            38);
        for (int axis = 0; axis < 3; axis++)
        {
            (View<byte> from, View<byte> to) = axis == 1 ? (v.Reach, v.Occupied) : (v.Occupied, v.Reach);
            workers.Run(
                new PointPlanes<RayCast.Reach>(
                    new RayCast.Reach { Source = from, Target = to, BlocksX = 64, BlocksY = 64, BlocksZ = 38, Axis = axis }, 64, 64),
                38);
        }

        RayCast.Look look = new()
        {
            Extent = extent,
            OriginX = 256 - (256 * c) + (s * 256), OriginY = 256 - (256 * s) - (c * 256),
            RightX = c, RightY = s, DownZ = Nz / 512f, StepX = -s, StepY = c, Steps = 512,
            From = 1150,
        };
        workers.Run(
            new RowPlanes<RayCast.Tinted>(
                new RayCast.Tinted
                {
                    Source = v.Ct, Labels = v.Labels, Blocks = v.Reach, BlocksX = 64, BlocksY = 64, Target = v.Rgb, Width = Nx, Look = look,
                    Palette = new RayCast.Palette
                    {
                        Alphas = v.Alphas, Colours = v.Colours, First = 0, PerValue = 1, Tints = v.Tints, Visibility = v.Visibility,
                    },
                    Dark = 0.02f,
                },
                Nx),
            Ny);
    }
}
