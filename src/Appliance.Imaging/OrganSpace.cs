using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>The organs of an analysis as a coarse volume, seen from around the patient by casting rays (<see cref="RayCast"/>).</summary>
/// <remarks>
/// A voxel of about two millimetres holds how much of it is organ, in thousandths: averaging makes the surfaces smooth, and the body
/// around the organs hides none of them. Filled slice by slice, so that the series is never in memory as a whole.
/// </remarks>
internal sealed unsafe class OrganSpace : IDisposable
{
    /// <summary>Views around the patient's long axis; the first is from the front.</summary>
    public const int Views = 12;

    public const int Side = 512;

    private const short Full = 1000;
    private const double VoxelMm = 2;

    private readonly SliceGeometry grid;
    private readonly (int X, int Y, int Z) shrink;
    private readonly (double X, double Y, double Z) spacing;
    private readonly Extent extent;
    private readonly Arena arena;
    private readonly ArenaPart<short> amount;
    private readonly ArenaPart<byte> labels;
    private readonly ArenaPart<byte> reach;
    private readonly ArenaPart<byte> spare;
    private readonly ArenaPart<byte> rgb;
    private readonly ArenaPart<float> alphas;
    private readonly ArenaPart<int> colours;
    private readonly ArenaPart<int> tints;
    private readonly ArenaPart<float> visibility;
    private readonly EmptyBlocks blocks;

    // The box that holds all organs, in voxels.
    private (int X, int Y, int Z) low = (int.MaxValue, int.MaxValue, int.MaxValue);
    private (int X, int Y, int Z) high;

    private OrganSpace(Arena arena, SliceGeometry grid, int slices, double stepMm)
    {
        (this.arena, this.grid) = (arena, grid);
        shrink = (Shrink(grid.ColumnSpacing), Shrink(grid.RowSpacing), Shrink(stepMm));
        spacing = (grid.ColumnSpacing * shrink.X, grid.RowSpacing * shrink.Y, stepMm * shrink.Z);
        extent = ExtentOf(grid, slices, shrink);
        blocks = new EmptyBlocks(extent);
        long voxels = (long)extent.Width * extent.Height * extent.Depth, cells = blocks.Count;
        bool isThere = arena.TryTake(voxels, out amount) is null && arena.TryTake(voxels, out labels) is null
            && arena.TryTake(cells, out reach) is null && arena.TryTake(cells, out spare) is null
            && arena.TryTake(3L * Side * Side, out rgb) is null && arena.TryTake(Full + 1, out alphas) is null
            && arena.TryTake(Full + 1, out colours) is null && arena.TryTake(256, out tints) is null
            && arena.TryTake(256, out visibility) is null;
        if (!isThere)
        {
            throw new DefectException("the arena was made for these parts");
        }

        new Span<short>(amount.Host, checked((int)voxels)).Clear();
        new Span<byte>(labels.Host, checked((int)voxels)).Clear();
    }

    /// <summary>Null where there is no memory for it: a view less must not hold up the rest.</summary>
    public static OrganSpace? Of(SliceGeometry grid, int slices, double stepMm)
    {
        Extent extent = ExtentOf(grid, slices, (Shrink(grid.ColumnSpacing), Shrink(grid.RowSpacing), Shrink(stepMm)));
        long voxels = (long)extent.Width * extent.Height * extent.Depth;
        Outcome<Arena> arena = Arena.OnHost((voxels * 4) + (4L * Side * Side) + (1 << 20));
        return arena.Refused ? null : new OrganSpace(arena.Value, grid, slices, stepMm);
    }

    /// <summary>Adds the labels of one native slice.</summary>
    public void Add(int slice, ReadOnlySpan<byte> native)
    {
        int z = slice / shrink.Z;
        if (z >= extent.Depth)
        {
            return;
        }

        int share = Full / (shrink.X * shrink.Y * shrink.Z);
        for (int row = 0; row < extent.Height * shrink.Y; row++)
        {
            ReadOnlySpan<byte> line = native.Slice(row * grid.Columns, extent.Width * shrink.X);
            long to = (((long)z * extent.Height) + (row / shrink.Y)) * extent.Width;
            for (int x = line.IndexOfAnyExcept((byte)0); (uint)x < (uint)line.Length; x++)
            {
                if (line[x] != 0)
                {
                    amount.Host[to + (x / shrink.X)] += (short)share;
                    labels.Host[to + (x / shrink.X)] = line[x];
                    Hold(x / shrink.X, row / shrink.Y, z);
                }
            }
        }
    }

    private void Hold(int x, int y, int z)
    {
        low = (Math.Min(low.X, x), Math.Min(low.Y, y), Math.Min(low.Z, z));
        high = (Math.Max(high.X, x), Math.Max(high.Y, y), Math.Max(high.Z, z));
    }

    /// <summary>What is seen: all organs in their colours, those that hide others thinner.</summary>
    public void Prepare(IReadOnlyList<NotedOrgan> organs, Func<NotedOrgan, float> visibilityOf)
    {
        Smoothing.Blur(amount.Host, extent);
        Smoothing.Spread(labels.Host, extent);
        Smoothing.Spread(labels.Host, extent);
        for (int i = 0; i <= Full; i++)
        {
            alphas.Host[i] = Math.Clamp((i - 300) / 300f, 0, 1) * 0.6f;
            colours.Host[i] = 0xFFFFFF;
        }

        new Span<int>(tints.Host, 256).Clear();
        new Span<float>(visibility.Host, 256).Fill(1);
        foreach (NotedOrgan organ in organs)
        {
            tints.Host[organ.Value] = unchecked((int)0xFF000000) | (organ.Rgb[2] << 16) | (organ.Rgb[1] << 8) | organ.Rgb[0];
            visibility.Host[organ.Value] = visibilityOf(organ);
        }

        blocks.Mark(amount.HostView, extent, 0, spare.HostView);
        blocks.Reach(spare.HostView, reach.HostView);
    }

    /// <summary>[row][column][red, green, blue] of <see cref="Side"/> squared.</summary>
    /// <param name="view">From 0 to <see cref="Views"/>.</param>
    public ReadOnlySpan<byte> Cast(int view)
    {
        RayCast.Tinted rays = new()
        {
            Source = amount.HostView, Labels = labels.HostView, Blocks = reach.HostView, BlocksX = blocks.X, BlocksY = blocks.Y,
            Target = rgb.HostView, Width = Side, Look = LookFrom(2 * Math.PI * view / Views), Dark = 0.02f,
            Palette = new RayCast.Palette
            {
                Alphas = alphas.HostView, Colours = colours.HostView, First = 0, PerValue = 1, Tints = tints.HostView,
                Visibility = visibility.HostView,
            },
        };
        CpuLaunch.Lanes(rays, Side, Side, 0, 1);
        return new ReadOnlySpan<byte>(rgb.Host, 3 * Side * Side);
    }

    public void Dispose() => arena.Dispose();

    private static int Shrink(double spacingMm) => Math.Max(1, (int)Math.Round(VoxelMm / spacingMm));

    private static Extent ExtentOf(SliceGeometry grid, int slices, (int X, int Y, int Z) shrink) => new()
    {
        Width = Math.Max(1, grid.Columns / shrink.X),
        Height = Math.Max(1, grid.Rows / shrink.Y),
        Depth = Math.Max(1, slices / shrink.Z),
    };

    /// <summary>Parallel rays onto the middle of the organs, level: at 0 from the patient's front, then from the left.</summary>
    private RayCast.Look LookFrom(double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        Point3 forward = new(-sin, cos, 0), right = new(cos, sin, 0), down = new(0, 0, -1);
        Point3 size = new(
            (high.X - low.X + 1) * spacing.X, (high.Y - low.Y + 1) * spacing.Y, (high.Z - low.Z + 1) * spacing.Z);
        Point3 middle = new(
            (high.X + low.X + 1) / 2.0 * spacing.X, (high.Y + low.Y + 1) / 2.0 * spacing.Y, (high.Z + low.Z + 1) / 2.0 * spacing.Z);
        double stepMm = Math.Min(spacing.X, Math.Min(spacing.Y, spacing.Z)) / 2, depth = size.Length;

        // A body is an ellipse in its square of pixels: nine tenths of the diagonal hold it however it is turned.
        (double across, double tall) = Reach(size);
        double pixelMm = Math.Max(0.9 * across, 1.05 * tall) / Side;
        RayCast.Look look = new ParallelRays(extent, spacing, AlongAxes)
            .Onto(middle, right, down, forward, pixelMm, stepMm, depth, (Side, Side));
        look.Shade = 0.7f;
        return look;
    }

    /// <summary>How far the box reaches across the patient's long axis, as a diagonal, and along it.</summary>
    private (double Across, double High) Reach(Point3 size)
    {
        double Along(Func<Point3, double> axis) => (Math.Abs(axis(grid.AlongColumns)) * size.X)
            + (Math.Abs(axis(grid.AlongRows)) * size.Y) + (Math.Abs(axis(grid.Normal)) * size.Z);
        double x = Along(point => point.X), y = Along(point => point.Y);
        return (Math.Sqrt((x * x) + (y * y)), Along(point => point.Z));
    }

    /// <summary>A direction in the patient as one along the volume's axes, still in millimetres.</summary>
    private Point3 AlongAxes(Point3 direction) =>
        new(direction.Dot(grid.AlongColumns), direction.Dot(grid.AlongRows), direction.Dot(grid.Normal));
}
