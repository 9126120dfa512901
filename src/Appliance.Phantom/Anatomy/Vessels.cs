using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Where the aorta runs; other organs are placed by it.</summary>
internal readonly record struct AorticLine(float X, float Y, float Radius);

/// <summary>Aorta, vena cava, their branches, the portal vein, and the oesophagus beside them.</summary>
internal static class Vessels
{
    public static void Paint(Torso torso)
    {
        RandomStream random = torso.Random;
        AorticLine aorta = new(
            random.Between(2, 16), torso.SpineY - torso.SpineHalfDepth - random.Between(8, 13),
            random.Between(torso.Sizes.AortaLeastMm, 13));
        torso.AorticLine = aorta;
        PaintAorta(torso, aorta);
        PaintIliacVessels(torso, aorta);
        PaintVeins(torso, aorta);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            torso.Canvas.PaintTube(
                VenaCava, TissueSet.Of(CavityFat),
                [new(0, aorta.Y - 2, -130), new(side * .35f * torso.HalfWidth, torso.SpineY, -135)], [4]);
        }

        torso.Canvas.PaintTube(
            Oesophagus, TissueSet.Of(CavityFat, Lung),
            [new(6, aorta.Y - 4, 180), new(10, aorta.Y - 8, 10), new(22, aorta.Y - 14, -35)], [random.Between(5, 8)]);
    }

    private static void PaintAorta(Torso torso, AorticLine aorta)
    {
        float x = aorta.X, y = aorta.Y;
        Point[] points =
        [
            new(x + 4, y + 16, 180), new(x + 2, y + 8, 20), new(x, y, -60), new(x + torso.Random.Between(-6, 6), y - 2, -150),
            new(x - 5, y, -235),
        ];
        torso.Canvas.PaintTube(Aorta, TissueSet.Of(CavityFat, Muscle, Lung, Psoas, Liver, Marrow, Vertebra), points, [aorta.Radius]);
    }

    private static void PaintIliacVessels(Torso torso, AorticLine aorta)
    {
        RandomStream random = torso.Random;
        TissueSet over = TissueSet.Of(CavityFat, Psoas);
        float r = aorta.Radius, y = aorta.Y;
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            torso.Canvas.PaintTube(
                Vessel, over,
                [
                    new(aorta.X - 5, y, -235), new(side * random.Between(30, 45), y + 5, -300),
                    new(side * random.Between(60, 75), -20, -380), new(side * random.Between(70, 85), -50, -450),
                ],
                [r * .6f, r * .55f, r * .5f, 6]);
            torso.Canvas.PaintTube(
                VenaCava, over,
                [
                    new(-18, y + 6, -240), new((side * random.Between(30, 45)) + 5, y + 14, -300),
                    new((side * random.Between(60, 75)) + 8, -8, -380),
                ],
                [7, 7, 6]);
        }
    }

    private static void PaintVeins(Torso torso, AorticLine aorta)
    {
        RandomStream random = torso.Random;
        Canvas canvas = torso.Canvas;
        float a = torso.HalfWidth, y = aorta.Y, x = -random.Between(18, 28);
        Point[] cava =
        [
            new(x + 6, y + 6, -245), new(x, y, -170), new(x - 2, y - random.Between(4, 16), -90),
            new(x - 4, y - random.Between(14, 28), -30), new(x + 6, y - 34, 20),
        ];
        float[] radii = [9, random.Between(9, 13), random.Between(10, 14), 12, 12];
        canvas.PaintTube(
            VenaCava, TissueSet.Of(CavityFat, Muscle, Liver, Psoas, HeartMuscle), cava, radii, flat: random.Between(.6, 1));

        Point[] portal = [new(x + 22, y - 16, -150), new(x + 10, y - 26, -115), new(x - 20, y - 34, -85), new(-.45f * a, y - 36, -75)];
        canvas.PaintTube(Vessel, TissueSet.Of(CavityFat, Liver), portal, [5, random.Between(6, 8.5), 6, 4]);
        canvas.PaintTube(
            Vessel, TissueSet.Of(CavityFat),
            [portal[1], new(.2f * a, y - 12, -105), new(.6f * a, .25f * torso.HalfDepth, -90)], [5, 4, 3.5f]);
        canvas.PaintTube(
            Vessel, TissueSet.Of(CavityFat),
            [new(aorta.X, y - aorta.Radius, -95), new(aorta.X, y - 24, -120), new(aorta.X - 4, y - 26, -200)], [4, 4, 3]);
    }
}
