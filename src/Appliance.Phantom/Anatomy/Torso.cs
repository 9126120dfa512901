namespace Appliance.Phantom.Anatomy;

/// <summary>One person's trunk from the lungs to the hips, drawn from random numbers, on a grid.</summary>
/// <remarks>
/// Regions are painted in the order of <see cref="Grow"/>, each in a file of its own; every region draws its numbers from the
/// one stream in a fixed order, so that a seed always grows the same body. Lengths are mm of the standard body.
/// </remarks>
public sealed class Torso
{
    private Torso(RandomStream random, Lattice lattice, OrganSizes sizes)
    {
        Sizes = sizes;
        Canvas = new Canvas(random, lattice);
        Random = random;
        HalfWidth = random.Between(125, 162);
        HalfDepth = HalfWidth * random.Between(.60, .78);
        Cavity = new float[lattice.Voxels];
        Diaphragm = new float[lattice.Voxels];
    }

    public Canvas Canvas { get; }

    /// <summary>The tissue of each voxel.</summary>
    public Tissue[] Tissues => Canvas.Tissues;

    internal RandomStream Random { get; }

    internal OrganSizes Sizes { get; }

    /// <summary>Half the width and depth of the trunk at its muscles.</summary>
    internal float HalfWidth { get; }

    internal float HalfDepth { get; }

    /// <summary>Thickness of the fat at the sides; set by the body wall.</summary>
    internal float SideFat { get; set; }

    /// <summary>Half-depth of the muscles by z; set by the body wall.</summary>
    internal Func<float, float> WallDepth { get; set; } = _ => 0;

    /// <summary>Distance to the inner surface of the body wall for each voxel, negative inside the cavity.</summary>
    internal float[] Cavity { get; }

    /// <summary>z of the diaphragm above or below each voxel.</summary>
    internal float[] Diaphragm { get; }

    /// <summary>Centre of the vertebral bodies (y), their half-width and half-depth; set by the body wall.</summary>
    internal float SpineY { get; set; }

    internal float SpineHalfWidth { get; set; }

    internal float SpineHalfDepth { get; set; }

    /// <summary>Course of the aorta; set by the vessels.</summary>
    internal AorticLine AorticLine { get; set; }

    /// <summary>Grows a body on the grid.</summary>
    /// <param name="lesions">How many tumours the liver holds; null: as the random numbers say, none in half of the bodies.</param>
    public static Torso Grow(RandomStream random, Lattice lattice, OrganSizes sizes, int? lesions = null)
    {
        // 1. Size, pose and bends; then outer layers, so that organs may cover them.
        Torso torso = new(random, lattice, sizes);
        BodyWall.Paint(torso);

        // 2. The frame: spine, hips, chest.
        Spine.Paint(torso);
        HipBones.Paint(torso);
        Thorax.Paint(torso);

        // 3. Organs below the diaphragm, then vessels and glands among them.
        UpperAbdomen.Paint(torso);
        Kidneys.Paint(torso);
        Vessels.Paint(torso);
        Glands.Paint(torso);
        LiverInside.Paint(torso, lesions);

        // 4. Bowel fills what is left; the small pelvis; fluid where it does not belong.
        Bowel.Paint(torso);
        SmallPelvis.Paint(torso);

        // 5. Arms, table, blanket.
        Surroundings.Paint(torso);
        return torso;
    }

    /// <summary>Below the diaphragm by more than 1.5 mm.</summary>
    internal bool IsBelowDiaphragm(int voxel) => Canvas.Z[voxel] < Diaphragm[voxel] - 1.5f;

    internal static float Squared(float value) => value * value;
}
