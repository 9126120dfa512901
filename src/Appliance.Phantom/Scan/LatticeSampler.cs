using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Scan;

/// <summary>Slices through a lattice, in any direction: HU by linear interpolation, organs by the vote of the eight voxels
/// around.</summary>
/// <remarks>The vote weighs each voxel as the interpolation does: borders come out smooth, not as steps of the lattice.</remarks>
internal sealed class LatticeSampler
{
    private const int Corners = 8;

    private readonly Lattice lattice;
    private readonly float[] hu;
    private readonly Organ[] organs;
    private readonly SeriesGeometry geometry;
    private readonly Vector first;
    private readonly Vector alongRow;
    private readonly Vector alongColumn;
    private readonly Vector alongNormal;
    private readonly int[] corner;

    public LatticeSampler(Lattice lattice, float[] hu, Organ[] organs, SeriesGeometry geometry)
    {
        this.lattice = lattice;
        this.hu = hu;
        this.organs = organs;
        this.geometry = geometry;
        first = InLattice(geometry.First - new Vector(lattice.FirstX, lattice.FirstY, lattice.FirstZ));
        alongRow = InLattice(geometry.RowDirection * geometry.PixelMm);
        alongColumn = InLattice(geometry.ColumnDirection * geometry.PixelMm);
        alongNormal = InLattice(geometry.Normal * geometry.SliceMm);
        corner = [.. Enumerable.Range(0, Corners).Select(c =>
            (c & 1) + ((c >> 1 & 1) * lattice.Columns) + ((c >> 2) * lattice.SliceSize))];
    }

    public void Sample(int slice, Span<float> signal, Span<Organ> truth)
    {
        for (int row = 0; row < geometry.Rows; row++)
        {
            int at = row * geometry.Columns;
            SampleRow(first + (alongNormal * slice) + (alongColumn * row),
                signal.Slice(at, geometry.Columns), truth.Slice(at, geometry.Columns));
        }
    }

    private void SampleRow(Vector start, Span<float> signal, Span<Organ> truth)
    {
        Span<float> weights = stackalloc float[Corners];
        for (int column = 0; column < signal.Length; column++)
        {
            (int x, float fx) = Split((float)(start.X + (alongRow.X * column)), lattice.Columns);
            (int y, float fy) = Split((float)(start.Y + (alongRow.Y * column)), lattice.Rows);
            (int z, float fz) = Split((float)(start.Z + (alongRow.Z * column)), lattice.Slices);
            int origin = (((z * lattice.Rows) + y) * lattice.Columns) + x;
            float gx = 1 - fx, gy = 1 - fy, gz = 1 - fz;
            weights[0] = gx * gy * gz;
            weights[1] = fx * gy * gz;
            weights[2] = gx * fy * gz;
            weights[3] = fx * fy * gz;
            weights[4] = gx * gy * fz;
            weights[5] = fx * gy * fz;
            weights[6] = gx * fy * fz;
            weights[7] = fx * fy * fz;
            float sum = 0;
            bool same = true;
            for (int c = 0; c < Corners; c++)
            {
                sum += weights[c] * hu[origin + corner[c]];
                same &= organs[origin + corner[c]] == organs[origin];
            }

            signal[column] = sum;
            truth[column] = same ? organs[origin] : Vote(origin, weights);
        }
    }

    private Organ Vote(int origin, ReadOnlySpan<float> weights)
    {
        Span<float> votes = stackalloc float[Organs.Count];
        votes.Clear();
        Organ winner = Organ.Background;
        for (int c = 0; c < Corners; c++)
        {
            Organ organ = organs[origin + corner[c]];
            votes[(int)organ] += weights[c];
            winner = votes[(int)organ] > votes[(int)winner] ? organ : winner;
        }

        return winner;
    }

    private Vector InLattice(Vector mm) => new(mm.X / lattice.Pitch, mm.Y / lattice.Pitch, mm.Z / lattice.PitchZ);

    private static (int Whole, float Part) Split(float at, int count)
    {
        float inside = Math.Clamp(at, 0, count - 1);
        int whole = Math.Min((int)inside, count - 2);
        return (whole, inside - whole);
    }
}
