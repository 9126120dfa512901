using static Appliance.Phantom.Anatomy.Tissue;
using static Appliance.Phantom.Anatomy.Torso;

namespace Appliance.Phantom.Anatomy;

/// <summary>Vertebrae with discs, arches and canal, and the muscles along them.</summary>
internal static class Spine
{
    private const float VertebraMm = 30;
    private const float SacrumTopZ = -300;

    public static void Paint(Torso torso)
    {
        PaintMuscles(torso);
        PaintVertebrae(torso);
    }

    private static void PaintMuscles(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y;
        float spineY = torso.SpineY;
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Point centre = new(side * random.Between(28, 36), spineY + random.Between(30, 42), -150);
            Point radii = new(random.Between(22, 32), random.Between(17, 26), 900);
            canvas.Paint(ErectorSpinae, TissueSet.Of(CavityFat, Muscle, Fat), canvas.Ellipsoid(centre, radii, within: canvas.Whole)!);
        }

        float wide = torso.SpineHalfWidth + random.Between(14, 26), deep = torso.SpineHalfDepth + random.Between(8, 16);
        canvas.Paint(Muscle, TissueSet.Of(CavityFat), i =>
            Squared(x[i] / wide) + Squared((y[i] - spineY - 8) / deep) < 1 && y[i] > spineY - torso.SpineHalfDepth - 4);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Point[] points =
            [
                new(side * random.Between(22, 28), spineY, -90),
                new(side * random.Between(34, 42), spineY + 2, -180),
                new(side * random.Between(44, 56), spineY - 5, -260),
                new(side * random.Between(60, 80), spineY - 40, -360),
                new(side * 75, spineY - 60, -430),
            ];
            float[] radii = [6, random.Between(13, 20), random.Between(17, 25), random.Between(16, 24), random.Between(12, 18)];
            canvas.PaintTube(Psoas, TissueSet.Of(CavityFat, Muscle), points, radii, 1.5f);
        }
    }

    private static void PaintVertebrae(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z;
        float halfWidth = torso.SpineHalfWidth, halfDepth = torso.SpineHalfDepth, spineY = torso.SpineY;
        float phase = random.Between(0, VertebraMm);
        float Level(int i) => Remainder(z[i] + phase, VertebraMm) / VertebraMm;
        float Vertebral(int i) => MathF.Sqrt(Squared(x[i] / halfWidth) + Squared((y[i] - spineY) / halfDepth)) - 1
            + (.10f * MathF.Sin(Level(i) * MathF.PI));
        bool IsFree(int i) => z[i] >= SacrumTopZ;

        canvas.Paint(Vertebra, TissueSet.All, i => IsFree(i) && Vertebral(i) < 0);
        canvas.Paint(Marrow, TissueSet.All, i => IsFree(i) && Vertebral(i) < -.17f);
        float discFrom = random.Between(.80, .86);
        canvas.Paint(Disc, TissueSet.All, i => IsFree(i) && Level(i) > discFrom && Vertebral(i) < 0);

        float canalWidth = random.Between(9, 12), canalY = spineY + halfDepth + random.Between(8, 10), canalDepth = random.Between(7, 9);
        float archWidth = random.Between(17, 22), archDepth = random.Between(14, 18), back = spineY + halfDepth;
        canvas.Paint(Vertebra, TissueSet.All, i =>
            IsFree(i) && Squared(x[i] / archWidth) + Squared((y[i] - back - 10) / archDepth) < 1 && Level(i) < .7f);
        float processDepth = random.Between(4, 6), processWidth = random.Between(32, 46);
        canvas.Paint(Vertebra, TissueSet.All, i => IsFree(i) && MathF.Abs(y[i] - back - 4) < processDepth
            && MathF.Abs(x[i]) < processWidth && Level(i) is > .25f and < .55f);
        float spinousDepth = random.Between(30, 44);
        canvas.Paint(Vertebra, TissueSet.All, i => IsFree(i) && MathF.Abs(x[i]) < 4
            && y[i] > back + 12 && y[i] < back + spinousDepth && Level(i) < .65f);
        canvas.Paint(SpinalCanal, TissueSet.All, i =>
            IsFree(i) && Squared(x[i] / canalWidth) + Squared((y[i] - canalY) / canalDepth) < 1);
    }

    /// <summary>The remainder that is never negative.</summary>
    internal static float Remainder(float value, float divisor) => value - (divisor * MathF.Floor(value / divisor));
}
