namespace Appliance.Phantom.Anatomy;

/// <summary>A part of the grid: half-open ranges of slices, rows and columns.</summary>
public readonly record struct Box(int Slice0, int Slice1, int Row0, int Row1, int Column0, int Column1);

/// <summary>A solid: below zero inside, about mm of distance outside; worth asking only within the box.</summary>
/// <param name="Distance">From the voxel's index in the canvas.</param>
public sealed record Shape(Box Box, Func<int, float> Distance);

/// <summary>The grid of tissues that the regions of the body paint on, and the bent coordinates in which they are drawn.</summary>
/// <remarks>
/// Organs are implicit shapes in a standard body. Size, pose and smooth random bends are put into the coordinates X, Y, Z, so
/// that each organ's formula stays simple. Later paint covers earlier paint where the tissue below allows it.
/// </remarks>
public sealed class Canvas
{
    // How far bends may carry a shape out of its straight box, in mm.
    private const float EllipsoidMarginMm = 26;


    public Canvas(RandomStream random, Lattice lattice)
    {
        Random = random;
        Lattice = lattice;
        Tissues = new Tissue[lattice.Voxels];
        (X, Y, Z, StraightZ) = Pose.Bend(random, lattice);
        Noise = new float[NoiseDetailMm.Length][];
        for (int i = 0; i < Noise.Length; i++)
        {
            Noise[i] = SmoothField.Make(random, lattice, NoiseDetailMm[i]);
        }

        Whole = new Box(0, lattice.Slices, 0, lattice.Rows, 0, lattice.Columns);
    }

    public RandomStream Random { get; }

    public Lattice Lattice { get; }

    public Tissue[] Tissues { get; }

    /// <summary>Bent coordinates of each voxel in the standard body, mm.</summary>
    public float[] X { get; }

    public float[] Y { get; }

    public float[] Z { get; }

    /// <summary>z of each slice before bending, mm of the standard body.</summary>
    public float[] StraightZ { get; }

    /// <summary>Five smooth fields of unit spread that roughen surfaces and make vessels.</summary>
    public float[][] Noise { get; }

    public Box Whole { get; }

    private static ReadOnlySpan<float> NoiseDetailMm => [18, 18, 30, 30, 50];

    /// <summary>The voxels within reach of a shape of half-size <paramref name="reach"/> at <paramref name="centre"/>, or null.</summary>
    public Box? Around(Point centre, Point reach, float marginMm)
    {
        int slice0 = -1, slice1 = -1;
        for (int i = 0; i < StraightZ.Length; i++)
        {
            if (MathF.Abs(StraightZ[i] - centre.Z) < reach.Z + marginMm)
            {
                slice0 = slice0 < 0 ? i : slice0;
                slice1 = i + 1;
            }
        }

        // Bends are small: the middle slice tells which rows and columns are meant.
        int row0 = int.MaxValue, row1 = -1, column0 = int.MaxValue, column1 = -1;
        int first = Lattice.Slices / 2 * Lattice.SliceSize;
        for (int i = 0; slice0 >= 0 && i < Lattice.SliceSize; i++)
        {
            if (MathF.Abs(X[first + i] - centre.X) < reach.X + marginMm && MathF.Abs(Y[first + i] - centre.Y) < reach.Y + marginMm)
            {
                int row = i / Lattice.Columns, column = i % Lattice.Columns;
                (row0, row1) = (Math.Min(row0, row), Math.Max(row1, row + 1));
                (column0, column1) = (Math.Min(column0, column), Math.Max(column1, column + 1));
            }
        }

        return row1 < 0 ? null : new Box(slice0, slice1, row0, row1, column0, column1);
    }

    /// <summary>A random mixture of the five fields with about this amplitude in mm, as a function of the voxel.</summary>
    public Func<int, float> Roughness(float amplitudeMm)
    {
        float[] share = new float[Noise.Length];
        for (int i = 0; i < share.Length; i++)
        {
            share[i] = Random.Normal(0, 1) * amplitudeMm / MathF.Sqrt(share.Length);
        }

        float[][] n = Noise;
        return i => (share[0] * n[0][i]) + (share[1] * n[1][i]) + (share[2] * n[2][i]) + (share[3] * n[3][i]) + (share[4] * n[4][i]);
    }

    /// <summary>An ellipsoid; <paramref name="power"/> above 2 makes it boxier. Null where the grid does not reach it.</summary>
    /// <param name="degrees">Turns about x, y and z, applied z first.</param>
    public Shape? Ellipsoid(
        Point centre, Point radii, Point degrees = default, float roughMm = 0, Box? within = null, float power = 2)
    {
        float reach = Math.Max(radii.X, Math.Max(radii.Y, radii.Z));
        if ((within ?? Around(centre, new Point(reach, reach, reach), EllipsoidMarginMm)) is not Box box)
        {
            return null;
        }

        Func<int, float>? rough = roughMm > 0 ? Roughness(roughMm) : null;
        Ellipsoid ellipsoid = new(centre, radii, degrees, power);
        return new Shape(box, i => ellipsoid.Distance(X[i], Y[i], Z[i]) + (rough?.Invoke(i) ?? 0));
    }

    /// <summary>A tube along points, one shape for each piece, made when asked for: roughness is drawn in that order.</summary>
    /// <param name="radii">One for each point, or one for all.</param>
    /// <param name="flat">Below 1: flattened from front to back.</param>
    public IEnumerable<Shape> Tube(Point[] points, float[] radii, float roughMm = 0, float flat = 1)
    {
        const float marginMm = 22;
        for (int k = 0; k + 1 < points.Length; k++)
        {
            float r0 = radii[k % radii.Length], r1 = radii[(k + 1) % radii.Length];
            TubePiece piece = new(points[k], points[k + 1], r0, r1, flat);
            if (Around(piece.Middle, piece.Reach, marginMm) is not Box box)
            {
                continue;
            }

            Func<int, float>? rough = roughMm > 0 ? Roughness(roughMm) : null;
            yield return new Shape(box, i => piece.Distance(X[i], Y[i], Z[i]) + (rough?.Invoke(i) ?? 0));
        }
    }

    /// <summary>Paints a whole tube.</summary>
    public void PaintTube(Tissue tissue, TissueSet over, Point[] points, float[] radii, float roughMm = 0, float flat = 1)
    {
        foreach (Shape piece in Tube(points, radii, roughMm, flat))
        {
            Paint(tissue, over, piece);
        }
    }

    /// <summary>Paints where the test holds and the tissue below may be covered.</summary>
    public void Paint(Tissue tissue, TissueSet over, Func<int, bool> where) => Paint(tissue, over, Whole, where);

    /// <summary>Paints the part of a shape that lies deeper than <paramref name="depthMm"/> (negative: beyond its surface).</summary>
    public void Paint(Tissue tissue, TissueSet over, Shape shape, float depthMm = 0, Func<int, bool>? also = null)
    {
        Func<int, float> distance = shape.Distance;
        Paint(tissue, over, shape.Box, also is null ? i => distance(i) < -depthMm : i => distance(i) < -depthMm && also(i));
    }

    public void Paint(Tissue tissue, TissueSet over, Box box, Func<int, bool> where) => Parallel.For(box.Slice0, box.Slice1, slice =>
    {
        Tissue[] tissues = Tissues;
        for (int row = box.Row0; row < box.Row1; row++)
        {
            int start = ((slice * Lattice.Rows) + row) * Lattice.Columns;
            for (int i = start + box.Column0; i < start + box.Column1; i++)
            {
                if (over.Has(tissues[i]) && where(i))
                {
                    tissues[i] = tissue;
                }
            }
        }
    });
}
