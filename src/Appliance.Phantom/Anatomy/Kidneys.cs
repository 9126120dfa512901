using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Kidneys with cortex, medulla and renal pelvis, the fat around them, a cyst now and then, and the adrenals.</summary>
internal static class Kidneys
{
    public static void Paint(Torso torso)
    {
        PaintOne(torso, -1, RightCortex, RightMedulla, RightRenalPelvis);
        PaintOne(torso, 1, LeftCortex, LeftMedulla, LeftRenalPelvis);
    }

    private static void PaintOne(Torso torso, int side, Tissue cortex, Tissue medulla, Tissue renalPelvis)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float size = random.Between(.82, 1.2);
        Point centre = new(
            side * random.Between(.36, .50) * torso.HalfWidth, torso.SpineY + random.Between(-10, 14),
            side < 0 ? random.Between(-170, -125) : random.Between(-155, -105));
        Point radii = new(random.Between(24, 30) * size, random.Between(22, 27) * size, random.Between(46, 60) * size);
        Point turn = new(random.Between(-5, 25), side * random.Between(-5, 25), side * random.Between(-40, 10));
        const double removed = .03;
        if (canvas.Ellipsoid(centre, radii, turn, 1.6f) is not Shape whole || random.Chance(removed))
        {
            return;
        }

        TissueSet gaveWay = TissueSet.Of(StomachWall, Stomach, StomachAir);
        float fat = random.Between(3, 12);
        TissueSet around = random.Chance(torso.Sizes.FreeKidneyShare)
            ? new(gaveWay.Bits | TissueSet.Of(Liver, Spleen, ErectorSpinae).Bits)
            : gaveWay;
        canvas.Paint(CavityFat, around, whole, -fat);
        Point hilusAt = new(
            centre.X - (side * random.Between(.75, 1.0) * radii.X), centre.Y - (random.Between(.2, .7) * radii.Y), centre.Z);
        Point hilusRadii = new(random.Between(.65, .85) * radii.X, random.Between(.5, .8) * radii.Y, random.Between(.35, .55) * radii.Z);
        Shape hilus = canvas.Ellipsoid(hilusAt, hilusRadii, within: whole.Box)!;
        bool IsBody(int i) => hilus.Distance(i) > -2;
        canvas.Paint(
            cortex, TissueSet.Of(CavityFat, Liver, Spleen, StomachWall, Stomach, StomachAir, Psoas, Muscle, ErectorSpinae),
            whole, 0, IsBody);
        canvas.Paint(medulla, TissueSet.Of(cortex), whole, random.Between(5, 8), i =>
            MathF.Abs(canvas.Noise[0][i]) < 1 && whole.Distance(i) < 0 && IsBody(i));

        Shape sinus = canvas.Ellipsoid(
            new(centre.X - (side * .45f * radii.X), centre.Y - (.2f * radii.Y), centre.Z),
            new(.45f * radii.X, .4f * radii.Y, .5f * radii.Z), within: whole.Box)!;
        canvas.Paint(random.Chance(.75) ? CavityFat : renalPelvis, TissueSet.Of(cortex, medulla), whole, 6, i =>
            sinus.Distance(i) < 0 && hilus.Distance(i) > 0);
        canvas.Paint(renalPelvis, TissueSet.Of(CavityFat, medulla), sinus, 3, i => MathF.Abs(canvas.Noise[1][i]) < .5f);
        PaintCyst(torso, centre, TissueSet.Of(cortex, medulla, CavityFat));
        Point adrenalAt = new(centre.X - (side * 8), centre.Y - random.Between(2, 14), centre.Z + radii.Z + random.Between(0, 12));
        Point adrenalRadii = new(random.Between(10, 14), 5, random.Between(9, 14));
        if (canvas.Ellipsoid(adrenalAt, adrenalRadii, new(0, 0, side * 30)) is Shape adrenal)
        {
            canvas.Paint(Adrenal, TissueSet.Of(CavityFat), adrenal);
        }
    }

    private static void PaintCyst(Torso torso, Point centre, TissueSet over)
    {
        RandomStream random = torso.Random;
        if (!random.Chance(.2))
        {
            return;
        }

        Point at = centre + new Point(random.Between(-25, 25), random.Between(-22, 22), random.Between(-40, 40));
        float radius = random.Between(5, 18);
        if (torso.Canvas.Ellipsoid(at, new(radius, radius, radius)) is Shape cyst)
        {
            torso.Canvas.Paint(Cyst, over, cyst);
        }
    }
}
