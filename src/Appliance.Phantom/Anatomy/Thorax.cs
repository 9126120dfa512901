using static Appliance.Phantom.Anatomy.Tissue;
using static Appliance.Phantom.Anatomy.Torso;

namespace Appliance.Phantom.Anatomy;

/// <summary>Diaphragm, lungs, heart, ribs and breastbone.</summary>
internal static class Thorax
{
    public static void Paint(Torso torso)
    {
        ShapeDiaphragm(torso);
        PaintLungs(torso);
        PaintHeart(torso);
        PaintLungVesselsAndDiaphragm(torso);
        PaintRibs(torso);
        PaintSternum(torso);
    }

    /// <summary>In the chest: above the diaphragm and inside the body wall.</summary>
    public static bool IsChest(Torso torso, int voxel) =>
        torso.Cavity[voxel] < 2 && torso.Canvas.Z[voxel] > torso.Diaphragm[voxel];

    private static void ShapeDiaphragm(Torso torso)
    {
        RandomStream random = torso.Random;
        Lattice lattice = torso.Canvas.Lattice;
        float[] x = torso.Canvas.X, y = torso.Canvas.Y, diaphragm = torso.Diaphragm;
        float a = torso.HalfWidth, b = torso.HalfDepth;
        float right = random.Between(60, 100), left = random.Between(45, 85), rim = random.Between(-125, -85),
            slope = random.Between(.25, .5);
        Parallel.For(0, lattice.Slices, slice =>
        {
            for (int i = slice * lattice.SliceSize; i < (slice + 1) * lattice.SliceSize; i++)
            {
                diaphragm[i] = rim
                    + (right * MathF.Exp(-(Squared((x[i] + (.5f * a)) / (.48f * a)) + Squared((y[i] + (.1f * b)) / (.75f * b)))))
                    + (left * MathF.Exp(-(Squared((x[i] - (.52f * a)) / (.42f * a)) + Squared((y[i] + (.05f * b)) / (.75f * b)))))
                    - (Math.Clamp(y[i], -40, 200) * slope);
            }
        });
    }

    private static void PaintLungs(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        float[] x = canvas.X, y = canvas.Y;
        float half = torso.Random.Between(24, 34);
        canvas.Paint(Lung, TissueSet.Of(CavityFat, Muscle), i => IsChest(torso, i));
        canvas.Paint(CavityFat, TissueSet.Of(Lung), i => IsChest(torso, i)
            && (MathF.Abs(x[i]) < half + (8 * canvas.Noise[3][i])
                || (Squared(y[i] - torso.SpineY) / 1600) + Squared(x[i] / 44) < 1));
    }

    private static void PaintHeart(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        Point centre = new(random.Between(20, 38), -torso.HalfDepth * random.Between(.15, .4), random.Between(25, 55));
        Point radii = new(random.Between(48, 64), random.Between(38, 52), random.Between(42, 60));
        Point turn = new(random.Between(-20, 20), random.Between(-20, 30), random.Between(-30, 10));
        if (canvas.Ellipsoid(centre, radii, turn, 2) is not Shape heart)
        {
            return;
        }

        bool Above(int i) => canvas.Z[i] > torso.Diaphragm[i] - 4;
        canvas.Paint(CavityFat, TissueSet.Of(Lung), heart, -3, Above);
        canvas.Paint(HeartMuscle, TissueSet.Of(CavityFat, Lung, Muscle), heart, 0, Above);
        canvas.Paint(Blood, TissueSet.Of(HeartMuscle), heart, random.Between(8, 14), Above);
    }

    private static void PaintLungVesselsAndDiaphragm(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        canvas.Paint(LungVessel, TissueSet.Of(Lung), i => MathF.Abs(canvas.Noise[0][i]) < .10f && MathF.Abs(canvas.Noise[2][i]) < .16f);
        float half = torso.Random.Between(1.2, 2.4);
        canvas.Paint(Muscle, TissueSet.Of(CavityFat, Lung), i =>
            torso.Cavity[i] < 2 && MathF.Abs(canvas.Z[i] - torso.Diaphragm[i]) < half);
    }

    private static void PaintRibs(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z, cavity = torso.Cavity;
        float phase = random.Between(0, 30), period = random.Between(25, 33), share = random.Between(.26, .38);
        float slope = random.Between(.45, .75), sideSlope = random.Between(.1, .3);
        float arch = -random.Between(150, 200), archSlope = random.Between(.9, 1.4);
        float depth = random.Between(3.5, 6), half = random.Between(3.0, 4.2);
        float ArchZ(int i) =>
            arch + (Math.Max(-y[i], 0) * archSlope * Math.Clamp(1 - (MathF.Abs(x[i]) / (torso.HalfWidth * 1.1f)), .25f, 1));
        bool IsRib(int i) => MathF.Abs(cavity[i] - depth) < half && MathF.Abs(x[i]) > 12 && z[i] > ArchZ(i)
            && Spine.Remainder(z[i] + (slope * y[i]) - (MathF.Abs(x[i]) * sideSlope) + phase, period) / period < share;
        canvas.Paint(Rib, TissueSet.All, IsRib);
        canvas.Paint(Cartilage, TissueSet.All, i => y[i] < -torso.HalfDepth * .65f && IsRib(i));
        canvas.Paint(Marrow, TissueSet.Of(Rib), i => MathF.Abs(cavity[i] - 5) < 1.5f && IsRib(i));
    }

    private static void PaintSternum(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z;
        float width = random.Between(14, 20), depth = random.Between(8, 12), half = random.Between(5, 8), bottom = random.Between(-40, 0);
        canvas.Paint(Sternum, TissueSet.All, i =>
            z[i] > bottom && MathF.Abs(x[i]) < width && MathF.Abs(y[i] + torso.WallDepth(z[i]) - depth) < half);
    }
}
