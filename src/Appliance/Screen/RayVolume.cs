using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>A volume that rays are cast through, and which of its blocks are empty.</summary>
public sealed unsafe class RayVolume : IDisposable
{
    /// <summary>Transparency at which a ray ends: what is behind would change a pixel by less than a grey step or two.</summary>
    private const float Dark = 0.02f;

    private readonly Pixels<short>? own;
    private readonly View<short> values;
    private readonly Pixels<byte> reach;
    private readonly Pixels<byte> spare;
    private readonly int blocksX;
    private readonly int blocksY;
    private readonly int blocksZ;

    /// <summary>Of all voxels. It ends before the volume does.</summary>
    public RayVolume(SeriesVolume volume)
    {
        Extent = volume.Extent;
        SpacingMm = volume.SpacingMm;
        values = volume.Values;
        (blocksX, blocksY, blocksZ) = (Blocks(Extent.Width), Blocks(Extent.Height), Blocks(Extent.Depth));
        reach = new Pixels<byte>((long)blocksX * blocksY * blocksZ);
        spare = new Pixels<byte>(reach.Length);
    }

    /// <summary>Each voxel the mean of a few.</summary>
    public RayVolume(SeriesVolume volume, int x, int y, int z)
        : this(volume)
    {
        Extent all = volume.Extent;
        Extent = new Extent { Width = all.Width / x, Height = all.Height / y, Depth = Math.Max(1, all.Depth / z) };
        SpacingMm = (volume.SpacingMm.X * x, volume.SpacingMm.Y * y, volume.SpacingMm.Z * z);
        (blocksX, blocksY, blocksZ) = (Blocks(Extent.Width), Blocks(Extent.Height), Blocks(Extent.Depth));
        own = new Pixels<short>((long)Extent.Width * Extent.Height * Extent.Depth);
        values = own.View;
        Mean(volume.Values.Pointer, all, x, y, all.Depth < z ? 1 : z);
    }

    public Extent Extent { get; }

    public (double X, double Y, double Z) SpacingMm { get; }

    /// <summary>Finds the blocks without a voxel above a value.</summary>
    public void Occupy(float from)
    {
        RayCast.Occupancy occupancy = new()
        {
            Source = values, Extent = Extent, Target = spare.View, BlocksX = blocksX, BlocksY = blocksY, From = from,
        };
        CpuLaunch.Tuned(occupancy, blocksX, blocksY, 0, blocksZ);
        for (int axis = 0; axis < 3; axis++)
        {
            (View<byte> source, View<byte> target) = axis == 1 ? (reach.View, spare.View) : (spare.View, reach.View);
            RayCast.Reach step = new()
            {
                Source = source, Target = target, BlocksX = blocksX, BlocksY = blocksY, BlocksZ = blocksZ, Axis = axis,
            };
            CpuLaunch.Points(step, blocksX, blocksY, 0, blocksZ);
        }
    }

    public void Cast(in RayCast.Look look, Canvas canvas) => CpuLaunch.Lanes(
        new RayCast.Rays
        {
            Source = values, Blocks = reach.View, BlocksX = blocksX, BlocksY = blocksY, Target = canvas.Samples, Width = canvas.Width,
            Look = look, Dark = Dark,
        },
        canvas.Width, canvas.Height, 0, 1);

    public void Dispose()
    {
        own?.Dispose();
        reach.Dispose();
        spare.Dispose();
    }

    private static int Blocks(int voxels) => (voxels + (1 << RayCast.BlockShift) - 1) >> RayCast.BlockShift;

    private void Mean(short* from, Extent all, int x, int y, int z)
    {
        short* to = values.Pointer;
        for (int k = 0; k < Extent.Depth; k++)
        {
            for (int j = 0; j < Extent.Height; j++)
            {
                for (int i = 0; i < Extent.Width; i++)
                {
                    int sum = 0;
                    for (int n = 0; n < x * y * z; n++)
                    {
                        long plane = (k * z) + (n / (x * y)), row = (j * y) + (n / x % y);
                        sum += from[(((plane * all.Height) + row) * all.Width) + (i * x) + (n % x)];
                    }

                    *to++ = (short)(sum / (x * y * z));
                }
            }
        }
    }
}
