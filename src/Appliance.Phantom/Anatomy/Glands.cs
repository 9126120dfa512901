using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Pancreas, gallbladder and duodenum.</summary>
internal static class Glands
{
    public static void Paint(Torso torso)
    {
        PaintPancreas(torso);
        PaintGallbladder(torso);
        PaintDuodenum(torso);
    }

    private static void PaintPancreas(Torso torso)
    {
        RandomStream random = torso.Random;
        float a = torso.HalfWidth, y = torso.AorticLine.Y;
        Point[] points =
        [
            new(-random.Between(.18, .3) * a, y - random.Between(14, 28), random.Between(-150, -120)),
            new(0, y - random.Between(24, 34), random.Between(-125, -105)),
            new(random.Between(.2, .35) * a, y - random.Between(8, 24), random.Between(-112, -90)),
            new(random.Between(.5, .65) * a, random.Between(.1, .3) * torso.HalfDepth, random.Between(-100, -75)),
        ];
        float[] radii = [random.Between(12, 18), random.Between(8, 13), random.Between(8, 13), random.Between(7, 12)];
        TissueSet over = random.Chance(.3) ? TissueSet.Of(CavityFat, Vessel) : TissueSet.Of(CavityFat);
        torso.Canvas.PaintTube(Pancreas, over, points, radii, 2.5f);
    }

    private static void PaintGallbladder(Torso torso)
    {
        RandomStream random = torso.Random;
        const double stillThere = .85;
        if (!random.Chance(stillThere))
        {
            return;
        }

        Point centre = new(
            -random.Between(.28, .48) * torso.HalfWidth, -random.Between(.15, .5) * torso.HalfDepth, random.Between(-145, -95));
        Point radii = new(random.Between(9, 18), random.Between(12, 22), random.Between(16, 32));
        if (torso.Canvas.Ellipsoid(centre, radii, new(random.Between(-30, 30), 0, random.Between(-30, 30)), 1.2f) is Shape bladder)
        {
            torso.Canvas.Paint(Gallbladder, TissueSet.Of(CavityFat, Liver), bladder, 0, i =>
                torso.Cavity[i] < -3 && torso.IsBelowDiaphragm(i));
        }
    }

    private static void PaintDuodenum(Torso torso)
    {
        RandomStream random = torso.Random;
        float a = torso.HalfWidth, b = torso.HalfDepth, y = torso.AorticLine.Y;
        Point[] points =
        [
            new(-random.Between(.12, .22) * a, -.3f * b, -118), new(-random.Between(.28, .36) * a, -.1f * b, -135),
            new(-.3f * a, y - 8, -175), new(0, y - 16, -182), new(.2f * a, y - 22, -150),
        ];
        const float wallMm = 2.5f;
        foreach (Shape piece in torso.Canvas.Tube(points, [random.Between(8, 14)], 2))
        {
            torso.Canvas.Paint(BowelWall, TissueSet.Of(CavityFat), piece);
            torso.Canvas.Paint(Duodenum, TissueSet.Of(CavityFat, BowelWall), piece, wallMm);
        }
    }
}
