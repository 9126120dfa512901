using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Bladder and prostate; and fluid in the belly or behind the lungs of a few bodies.</summary>
internal static class SmallPelvis
{
    public static void Paint(Torso torso)
    {
        PaintBladder(torso);
        PaintProstate(torso);
        PaintFluid(torso);
    }

    private static void PaintBladder(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float size = random.Between(.45, 1.4);
        Point centre = new(random.Between(-8, 8), -torso.HalfDepth * random.Between(.15, .45), -395 + (18 * size));
        Point radii = new(random.Between(34, 46) * size, random.Between(28, 42) * size, random.Between(24, 38) * size);
        if (canvas.Ellipsoid(centre, radii, new(random.Between(-15, 15), 0, 0), 2.5f, power: 2.3f) is not Shape bladder)
        {
            return;
        }

        canvas.Paint(
            SoftTissue,
            TissueSet.Of(CavityFat, ColonWall, Colon, ColonAir, BowelWall, SmallBowel, BowelAir, Psoas, Muscle, Vessel, VenaCava),
            bladder, -random.Between(2, 5));
        canvas.Paint(Bladder, TissueSet.Of(CavityFat, SoftTissue), bladder);
    }

    private static void PaintProstate(Torso torso)
    {
        RandomStream random = torso.Random;
        Point centre = new(random.Between(-5, 5), -torso.HalfDepth * .05f, random.Between(-430, -410));
        Point radii = new(random.Between(22, 32), random.Between(18, 26), random.Between(18, 26));
        if (torso.Canvas.Ellipsoid(centre, radii, default, 2) is Shape prostate)
        {
            torso.Canvas.Paint(Prostate, TissueSet.Of(CavityFat, SoftTissue, Muscle), prostate);
        }
    }

    private static void PaintFluid(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        if (random.Chance(.07))
        {
            float level = random.Between(.3, 1);
            canvas.Paint(Fluid, TissueSet.Of(CavityFat), i =>
                torso.Cavity[i] < -2 && torso.IsBelowDiaphragm(i) && canvas.Noise[4][i] > level);
        }

        if (random.Chance(.06))
        {
            float frontY = random.Between(0, 30), topZ = random.Between(-60, 0);
            canvas.Paint(Fluid, TissueSet.Of(Lung), i => Thorax.IsChest(torso, i) && canvas.Y[i] > frontY && canvas.Z[i] < topZ);
        }
    }
}
