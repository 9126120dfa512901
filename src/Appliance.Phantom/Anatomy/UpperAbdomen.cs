using static Appliance.Phantom.Anatomy.Tissue;
using static Appliance.Phantom.Anatomy.Torso;

namespace Appliance.Phantom.Anatomy;

/// <summary>Stomach, spleen and liver, in the order in which they give way to each other.</summary>
internal static class UpperAbdomen
{
    public static void Paint(Torso torso)
    {
        PaintStomach(torso);
        PaintSpleen(torso);
        PaintLiver(torso);
    }

    private static void PaintStomach(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float a = torso.HalfWidth, b = torso.HalfDepth, size = random.Between(torso.Sizes.StomachLeast, torso.Sizes.StomachMost);
        Point[] points =
        [
            new(random.Between(.40, .55) * a, random.Between(-.05, .25) * b, random.Between(-50, -25)),
            new(random.Between(.38, .55) * a, random.Between(-.5, -.15) * b, random.Between(-110, -75)),
            new(random.Between(.05, .3) * a, random.Between(-.6, -.3) * b, random.Between(-150, -105)),
            new(random.Between(-.25, -.08) * a, random.Between(-.45, -.2) * b, random.Between(-140, -105)),
        ];
        float[] radii =
            [random.Between(26, 44) * size, random.Between(20, 38) * size, random.Between(15, 28) * size, random.Between(9, 16) * size];
        float fluidLevelY = random.Between(-70, 20);
        bool Fits(int i) => torso.Cavity[i] < -2 && torso.IsBelowDiaphragm(i);
        foreach (Shape piece in canvas.Tube(points, radii, 2.5f))
        {
            canvas.Paint(StomachWall, TissueSet.Of(CavityFat), piece, 0, Fits);
            canvas.Paint(Stomach, TissueSet.Of(StomachWall, CavityFat), piece, random.Between(3, 5), Fits);
        }

        canvas.Paint(StomachAir, TissueSet.Of(Stomach), i => canvas.Y[i] < fluidLevelY);
    }

    private static void PaintSpleen(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float size = random.Between(torso.Sizes.SpleenLeast, torso.Sizes.SpleenMost);
        Point centre = new(
            random.Between(.62, .78) * torso.HalfWidth, random.Between(.25, .5) * torso.HalfDepth, random.Between(-115, -65));
        Point radii = new(random.Between(22, 32) * size, random.Between(38, 55) * size, random.Between(38, 58) * size);
        Point turn = new(random.Between(-25, 25), random.Between(-20, 35), random.Between(-35, 10));
        if (canvas.Ellipsoid(centre, radii, turn, 2.2f) is not Shape body)
        {
            return;
        }

        // The hollow that faces the stomach and kidney.
        Point hollowAt = new(
            centre.X - (random.Between(30, 48) * size), centre.Y - random.Between(5, 25), centre.Z + random.Between(-10, 10));
        Point hollowRadii = new(random.Between(30, 38) * size, random.Between(38, 48) * size, random.Between(45, 60) * size);
        Shape hollow = canvas.Ellipsoid(hollowAt, hollowRadii, within: body.Box)!;
        canvas.Paint(Spleen, TissueSet.Of(CavityFat, StomachWall, Stomach, StomachAir, Muscle, ErectorSpinae), body, 0, i =>
            hollow.Distance(i) > 0 && torso.Cavity[i] < -2 && torso.IsBelowDiaphragm(i));
    }

    private static void PaintLiver(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y;
        float a = torso.HalfWidth, b = torso.HalfDepth;
        Shape right = canvas.Ellipsoid(
            new(-random.Between(.45, .58) * a, random.Between(-.12, .12) * b, random.Between(-95, -60)),
            new(random.Between(.46, .62) * a, random.Between(.72, .95) * b, random.Between(70, 105)),
            new(0, random.Between(-10, 15), random.Between(-12, 12)), 3, canvas.Whole, random.Between(2, 2.6))!;
        Shape left = canvas.Ellipsoid(
            new(random.Between(-.05, .25) * a, -random.Between(.30, .55) * b, random.Between(-70, -35)),
            new(random.Between(.32, .58) * a, random.Between(.30, .48) * b, random.Between(30, 52)),
            new(random.Between(-15, 15), random.Between(-5, 25), random.Between(-15, 15)), 3, canvas.Whole)!;
        Shape lower = canvas.Ellipsoid(
            new(-random.Between(.62, .75) * a, random.Between(-.1, .25) * b, random.Between(-165, -110)),
            new(random.Between(24, 36), random.Between(36, 56), random.Between(40, 75)), default, 2, canvas.Whole)!;
        float joinLeft = random.Between(8, 22), joinLower = random.Between(6, 16);

        float spaceWidth = random.Between(36, 46), spaceDepth = random.Between(34, 46), inset = random.Between(1, 4),
            behind = random.Between(18, 40);
        canvas.Paint(Liver, TissueSet.Of(CavityFat, StomachWall, Stomach, StomachAir), i =>
            torso.Cavity[i] < -inset && torso.IsBelowDiaphragm(i)
            && Squared(x[i] / spaceWidth) + Squared((y[i] - torso.SpineY) / spaceDepth) > 1
            && y[i] < torso.SpineY + behind + (MathF.Abs(x[i]) * .1f)
            && Joined(Joined(right.Distance(i), left.Distance(i), joinLeft), lower.Distance(i), joinLower) < 0);
    }

    /// <summary>The smaller of two distances, rounded over <paramref name="mm"/> where they are about equal.</summary>
    private static float Joined(float one, float other, float mm)
    {
        float share = Math.Clamp(.5f + (.5f * (other - one) / mm), 0, 1);
        return (other * (1 - share)) + (one * share) - (mm * share * (1 - share));
    }
}
