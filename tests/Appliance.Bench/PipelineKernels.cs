using Appliance.Imaging.Launch;
using Appliance.Kernels;
using static Appliance.Bench.Volumes;

namespace Appliance.Bench;

/// <summary>What the main job does with each of 300 slices of 512 x 512; kern has no such kernels, so there is no peer.</summary>
public sealed unsafe class PipelineKernels
{
    /// <summary>The network's window and the grid of 3 mm that a field of 500 mm makes; neighbours of one result.</summary>
    private const int Window = 128, Grid3 = 167, Reach = 13, NetworkClasses = 12, Organs = 8;

    private readonly Volumes v;
    private readonly CpuWorkers workers;
    private readonly View<float> weights, between, plane, probabilities, shares;
    private readonly View<int> starts, columns, organs;
    private readonly View<byte> winners, offered;
    private readonly View<short> masks;

    public PipelineKernels(Volumes volumes, CpuWorkers workers)
    {
        (v, this.workers) = (volumes, workers);
        (weights, starts) = (v.New<float>(Grid3 * Reach), v.New<int>(Grid3));
        (between, plane) = (v.New<float>((long)Grid3 * Nx * Nz), v.New<float>((long)Grid3 * Grid3 * Nz));
        (columns, shares) = (v.New<int>(Nx), v.New<float>(Nx));
        (probabilities, winners) = (v.New<float>(2 * NetworkClasses * Window * Window), v.New<byte>(2 * Window * Window));
        (organs, offered) = (v.New<int>(Organs), v.New<byte>(256));
        masks = v.New<short>((long)(Nx + 2) * (Ny + 2) * Organs * Nz);
        for (int i = 0; i < Grid3; i++)
        {
            starts[i] = Math.Clamp((i * Nx / Grid3) - (Reach / 2), 0, Nx - Reach);
            for (int k = 0; k < Reach; k++)
            {
                weights[(i * Reach) + k] = 1f / Reach;
            }
        }

        for (int i = 0; i < Nx; i++)
        {
            float position = ((i + 0.5f) * Grid3 / Nx) - 0.5f - ((Grid3 - Window) / 2f);
            columns[i] = (int)MathF.Floor(position);
            shares[i] = position - columns[i];
        }

        FillScores();
    }

    /// <summary>Rows, then columns, onto the network's grid.</summary>
    public void InPlane()
    {
        Run(new LanePlanes<WeightedSum.AlongY>(
            new WeightedSum.AlongY
            {
                Source = v.Floats, Target = between, Starts = starts, Weights = weights, Reach = Reach, Width = Nx, SourceHeight = Ny,
                Height = Grid3,
            },
            Nx, Grid3));
        Run(new LanePlanes<WeightedSum.AlongX>(
            new WeightedSum.AlongX
            {
                Source = between, Target = plane, Starts = starts, Weights = weights, Reach = Reach, SourceWidth = Nx, Width = Grid3,
                Height = Grid3,
            },
            Grid3, Grid3));
    }

    /// <summary>Probabilities of 12 classes in a window of 128 x 128 to labels of 512 x 512.</summary>
    public void Restore()
    {
        LabelRestore.Plane kernel = new()
        {
            Lower = probabilities,
            Upper = new View<float>(probabilities.Pointer + (NetworkClasses * Window * Window), probabilities.Length / 2),
            LowerLabels = winners, UpperLabels = new View<byte>(winners.Pointer + (Window * Window), Window * Window),
            Share = 0.4f, Classes = NetworkClasses, WindowWidth = Window, WindowHeight = Window, Columns = columns, ColumnShares = shares,
            Rows = columns, RowShares = shares, Offered = offered, Target = v.LabelsCopy, Width = Nx,
        };
        Run(new EachPlane<LabelRestore.Plane>(kernel, &Restored, Nx, Ny));
    }

    /// <summary>The window in grey with eight organs over it.</summary>
    public void Paint()
    {
        OrganPaint.Smooth kernel = new() { Labels = v.Labels, Organs = organs, Target = masks, Width = Nx, Height = Ny };
        Run(new EachPlane<OrganPaint.Smooth>(kernel, &Smoothed, Nx + 2, Ny + 2));
        OrganPaint.Blend blend = new()
        {
            Hu = v.Floats, Labels = v.Labels, Masks = masks, Organs = organs, Colours = v.Palette, Target = v.Rgb, Stride = 3 * Nx,
            Width = Nx, Height = Ny, Count = Organs, Centre = 40, WindowWidth = 400,
        };
        Run(new EachPlane<OrganPaint.Blend>(blend, &Blended, Nx, Ny));
    }

    private static void Restored(LabelRestore.Plane kernel, int width, int height, int z)
    {
        kernel.Target = new View<byte>(kernel.Target.Pointer + ((long)z * width * height), (long)width * height);
        CpuLaunch.Tuned(kernel, width, height, 0, 1);
    }

    private static void Smoothed(OrganPaint.Smooth kernel, int width, int height, int z)
    {
        kernel.Labels = new View<byte>(kernel.Labels.Pointer + ((long)z * Nx * Ny), Nx * Ny);
        kernel.Target = new View<short>(kernel.Target.Pointer + ((long)z * Organs * width * height), (long)Organs * width * height);
        CpuLaunch.Tuned(kernel, width, height, 0, Organs);
    }

    private static void Blended(OrganPaint.Blend kernel, int width, int height, int z)
    {
        long pixels = (long)width * height, size = (long)Organs * (width + 2) * (height + 2);
        kernel.Hu = new View<float>(kernel.Hu.Pointer + (z * pixels), pixels);
        kernel.Labels = new View<byte>(kernel.Labels.Pointer + (z * pixels), pixels);
        kernel.Masks = new View<short>(kernel.Masks.Pointer + (z * size), size);
        kernel.Target = new View<byte>(kernel.Target.Pointer + (3 * z * pixels), 3 * pixels);
        CpuLaunch.Lanes(kernel, width, height, 0, 1);
    }

    /// <summary>The labels of two grid planes, nine parts in ten sure of themselves.</summary>
    private void FillScores()
    {
        for (int i = 0; i < 2 * Window * Window; i++)
        {
            (int slice, int at) = Math.DivRem(i, Window * Window);
            int label = v.GridLabels[((100L + slice) * Mx * My) + ((long)(at / Window) * 2 * Mx) + (at % Window * 2)] % NetworkClasses;
            winners[i] = (byte)label;
            for (int k = 0; k < NetworkClasses; k++)
            {
                probabilities[(((slice * NetworkClasses) + k) * Window * Window) + at] = k == label ? 0.9f : 0.1f / (NetworkClasses - 1);
            }
        }

        for (int i = 0; i < 256; i++)
        {
            offered[i] = (byte)i;
        }

        for (int k = 0; k < Organs; k++)
        {
            organs[k] = k + 1;
        }
    }

    private void Run<TPlanes>(TPlanes planes)
        where TPlanes : unmanaged, IPlanes => workers.Run(planes, Nz);

    /// <summary>A kernel that makes one plane, moved along.</summary>
    private readonly struct EachPlane<TKernel>(TKernel kernel, delegate*<TKernel, int, int, int, void> plane, int width, int height)
        : IPlanes
        where TKernel : unmanaged
    {
        private readonly TKernel kernel = kernel;
        private readonly delegate*<TKernel, int, int, int, void> plane = plane;
        private readonly int width = width, height = height;

        public void Run(int z) => plane(kernel, width, height, z);
    }
}
