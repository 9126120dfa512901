using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Colon along its usual frame, loops of small bowel wherever there is room, and the vessels of the mesentery.</summary>
internal static class Bowel
{
    public static void Paint(Torso torso)
    {
        PaintColon(torso);
        PaintLoops(torso);
        float[][] n = torso.Canvas.Noise;
        float thin = torso.Random.Between(.05, .12);
        torso.Canvas.Paint(Vessel, TissueSet.Of(CavityFat), i =>
            MathF.Abs(n[1][i]) < thin && MathF.Abs(n[2][i]) < thin * 1.6f && torso.Cavity[i] < -4);
    }

    private static bool Fits(Torso torso, int voxel) => torso.Cavity[voxel] < -1 && torso.IsBelowDiaphragm(voxel);

    private static void PaintColon(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float calibre = random.Between(12, 26);
        Point[] frame = ColonFrame(torso);
        for (int k = 0; k < frame.Length; k++)
        {
            frame[k] += new Point(random.Normal(0, 7), random.Normal(0, 6), random.Normal(0, 8));
        }

        float[] radii = new float[frame.Length];
        for (int k = 0; k < radii.Length; k++)
        {
            radii[k] = calibre * random.Between(.6, 1.4);
        }

        foreach (Shape piece in canvas.Tube(frame, radii, 3.5f))
        {
            canvas.Paint(ColonWall, TissueSet.Of(CavityFat), piece, 0, i => Fits(torso, i));
            canvas.Paint(Colon, TissueSet.Of(ColonWall, CavityFat), piece, random.Between(2, 4), i => Fits(torso, i));
        }

        float level = random.Between(-1.2, 1.2), frontY = random.Between(-60, 10), rise = random.Between(0, 1.5);
        canvas.Paint(ColonAir, TissueSet.Of(Colon), i =>
            canvas.Noise[0][i] + (canvas.Noise[2][i] * .5f) + (canvas.Y[i] < frontY ? rise : 0) > level);
    }

    private static Point[] ColonFrame(Torso torso)
    {
        RandomStream random = torso.Random;
        float a = torso.HalfWidth, b = torso.HalfDepth;
        return
        [
            new(-.70f * a, .10f * b, -300),
            new(-random.Between(.62, .75) * a, .1f * b, -230),
            new(-random.Between(.6, .74) * a, random.Between(-.1, .3) * b, random.Between(-180, -150)),
            new(-.45f * a, -.5f * b, random.Between(-190, -150)),
            new(0, -.68f * b, random.Between(-230, -140)),
            new(.4f * a, -.6f * b, random.Between(-170, -120)),
            new(random.Between(.66, .8) * a, random.Between(-.1, .3) * b, random.Between(-110, -60)),
            new(random.Between(.7, .8) * a, .25f * b, -190),
            new(.74f * a, .2f * b, -270),
            new(.5f * a, 0, -320),
            new(.1f * a, .1f * b, -340),
            new(-.1f * a, .3f * b, -365),
            new(0, torso.SpineY + 8, -400),
            new(0, torso.SpineY, -470),
        ];
    }

    private static void PaintLoops(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        const float wallMm = 2.5f;
        int count = random.Integer(15, 90);
        float calibre = random.Between(7, 13);
        for (int k = 0; k < count; k++)
        {
            Point start = new(
                random.Between(-.62, .66) * torso.HalfWidth, random.Between(-.8, .15) * torso.HalfDepth, random.Between(-370, -120));
            Point middle = start + new Point(random.Normal(0, 22), random.Normal(0, 14), random.Normal(0, 16));
            Point end = middle + new Point(random.Normal(0, 16), random.Normal(0, 16), random.Normal(0, 16));
            foreach (Shape piece in canvas.Tube([start, middle, end], [calibre * random.Between(.7, 1.3)], 1.5f))
            {
                canvas.Paint(BowelWall, TissueSet.Of(CavityFat), piece, 0, i => Fits(torso, i));
                canvas.Paint(SmallBowel, TissueSet.Of(BowelWall), piece, wallMm, i => Fits(torso, i));
            }
        }

        float level = random.Between(.8, 3);
        canvas.Paint(BowelAir, TissueSet.Of(SmallBowel), i => canvas.Noise[1][i] > level);
    }
}
