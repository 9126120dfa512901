namespace Appliance.Phantom.Anatomy;

/// <summary>A regular grid in the patient: x grows to the left, y to the back, z to the head (LPS), in mm.</summary>
/// <param name="Pitch">Distance of rows and of columns in mm.</param>
/// <param name="PitchZ">Distance of slices in mm.</param>
/// <param name="FirstX">Centre of the first voxel in mm; likewise FirstY, FirstZ.</param>
public sealed record Lattice(
    int Slices, int Rows, int Columns, float Pitch, float PitchZ, float FirstX, float FirstY, float FirstZ)
{
    /// <summary>Pitch of the grid on which the network works, in mm.</summary>
    public const float NetworkPitchMm = 3;

    /// <summary>Rows and columns of the network's grid.</summary>
    public const int NetworkSize = 128;

    public int SliceSize => Rows * Columns;

    public int Voxels => Slices * Rows * Columns;

    /// <summary>The network's grid: 128 x 128 at 3 mm, centred.</summary>
    public static Lattice Network(int slices, float firstZ) => new(
        slices, NetworkSize, NetworkSize, NetworkPitchMm, NetworkPitchMm,
        -(NetworkSize - 1) / 2f * NetworkPitchMm, -(NetworkSize - 1) / 2f * NetworkPitchMm, firstZ);

    /// <summary>
    /// A slab of 56 to 95 slices of the network's grid somewhere in the trunk, three in four of them at the upper
    /// abdomen.
    /// </summary>
    public static Lattice RandomSlab(RandomStream random)
    {
        int slices = random.Integer(56, 96);
        float top = 160 - (slices * NetworkPitchMm);
        float bottom = random.Between(-480, top);
        if (random.Chance(0.75))
        {
            bottom = Math.Min(random.Between(-330, -140), top);
        }

        return Network(slices, bottom);
    }

    public float XAt(int column) => FirstX + (column * Pitch);

    public float YAt(int row) => FirstY + (row * Pitch);

    public float ZAt(int slice) => FirstZ + (slice * PitchZ);
}
