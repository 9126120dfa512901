using Appliance.Imaging;
using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>A volume that rays are cast through, and which of its blocks are empty.</summary>
public sealed unsafe class RayVolume : IDisposable
{
    /// <summary>Transparency at which a ray ends: what is behind would change a pixel by less than a grey step or two.</summary>
    private const float Dark = 0.02f;

    /// <summary>A few milliseconds of casting.</summary>
    private const int RowsBetweenLooks = 16;

    private readonly Pixels<short>? ownValues;
    private readonly Pixels<byte>? ownLabels;
    private readonly View<short> values;
    private readonly View<byte> labels;
    private readonly Pixels<byte> reach;
    private readonly Pixels<byte> spare;
    private readonly EmptyBlocks blocks;

    /// <summary>Each voxel the mean of a few, with the label of the first; of one, the volume itself, which outlives it.</summary>
    public RayVolume(SeriesVolume volume, int x = 1, int y = 1, int z = 1)
    {
        Extent all = volume.Extent;
        z = Math.Min(z, all.Depth);
        Extent = new Extent { Width = all.Width / x, Height = all.Height / y, Depth = all.Depth / z };
        SpacingMm = (volume.SpacingMm.X * x, volume.SpacingMm.Y * y, volume.SpacingMm.Z * z);
        blocks = new EmptyBlocks(Extent);
        reach = new Pixels<byte>(blocks.Count);
        spare = new Pixels<byte>(reach.Length);
        (values, labels) = (volume.Values, volume.Labels);
        if (x * y * z > 1)
        {
            long voxels = (long)Extent.Width * Extent.Height * Extent.Depth;
            (ownValues, ownLabels) = (new Pixels<short>(voxels), new Pixels<byte>(voxels));
            (values, labels) = (ownValues.View, ownLabels.View);
            Shrink(volume.Values.Pointer, volume.Labels.Pointer, all, x, y, z);
        }
    }

    public Extent Extent { get; }

    public (double X, double Y, double Z) SpacingMm { get; }

    /// <summary>A step of a ray.</summary>
    public double StepMm => Math.Min(SpacingMm.X, Math.Min(SpacingMm.Y, SpacingMm.Z));

    /// <summary>Finds the blocks in which nothing is seen.</summary>
    public void Occupy(SpaceLook look)
    {
        if (look.ByLabel)
        {
            OccupyByLabel();
        }
        else
        {
            blocks.Mark(values, Extent, look.From, spare.View);
        }

        blocks.Reach(spare.View, reach.View);
    }

    /// <returns>False where it was given up.</returns>
    public bool Cast(in RayCast.Look look, in RayCast.Palette palette, Canvas canvas, SecondThread second, Func<bool> isOld)
    {
        RayCast.Tinted rays = new()
        {
            Source = values, Labels = labels, Blocks = reach.View, BlocksX = blocks.X, BlocksY = blocks.Y, Target = canvas.Colours,
            Width = canvas.Width, Look = look, Palette = palette, Dark = Dark,
        };
        (int width, int height, int next, bool givenUp) = (canvas.Width, canvas.Height, 0, false);
        second.Both(() =>
        {
            int from;
            while ((from = Interlocked.Add(ref next, RowsBetweenLooks) - RowsBetweenLooks) < height && !Volatile.Read(ref givenUp))
            {
                for (int y = from; y < Math.Min(height, from + RowsBetweenLooks); y++)
                {
                    CpuLaunch.Lane(rays, width, y, 0);
                }

                if (isOld())
                {
                    Volatile.Write(ref givenUp, true);
                }
            }
        });
        return !givenUp;
    }

    public void Dispose()
    {
        ownValues?.Dispose();
        ownLabels?.Dispose();
        reach.Dispose();
        spare.Dispose();
    }

    /// <summary>As <see cref="RayCast.Occupancy"/>, but a block is seen that has a label.</summary>
    private void OccupyByLabel()
    {
        byte* target = spare.View.Pointer;
        for (int z = 0; z < blocks.Z; z++)
        {
            for (int y = 0; y < blocks.Y; y++)
            {
                for (int x = 0; x < blocks.X; x++)
                {
                    *target++ = (byte)(HasLabel(x, y, z) ? 0 : RayCast.Far);
                }
            }
        }
    }

    private bool HasLabel(int x, int y, int z)
    {
        const int Side = 1 << RayCast.BlockShift;
        int from = x * Side, columns = Math.Min(Extent.Width - from, Side + 1);
        for (int k = z * Side; k < Math.Min(Extent.Depth, ((z + 1) * Side) + 1); k++)
        {
            for (int j = y * Side; j < Math.Min(Extent.Height, ((y + 1) * Side) + 1); j++)
            {
                byte* row = labels.Pointer + ((((long)k * Extent.Height) + j) * Extent.Width) + from;
                if (new ReadOnlySpan<byte>(row, columns).ContainsAnyExcept((byte)0))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Shrink(short* from, byte* labelFrom, Extent all, int x, int y, int z)
    {
        short* to = values.Pointer;
        byte* labelTo = labels.Pointer;
        Span<long> offsets = stackalloc long[x * y * z];
        for (int n = 0; n < offsets.Length; n++)
        {
            offsets[n] = ((((n / (x * y)) * (long)all.Height) + (n / x % y)) * all.Width) + (n % x);
        }

        for (int k = 0; k < Extent.Depth; k++)
        {
            for (int j = 0; j < Extent.Height; j++)
            {
                long row = (((k * (long)z * all.Height) + (j * y)) * all.Width);
                for (int i = 0; i < Extent.Width; i++, row += x)
                {
                    int sum = 0;
                    foreach (long offset in offsets)
                    {
                        sum += from[row + offset];
                    }

                    *to++ = (short)(sum / offsets.Length);
                    *labelTo++ = labelFrom[row];
                }
            }
        }
    }
}
