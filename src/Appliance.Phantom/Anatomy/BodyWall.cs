using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Skin, fat, muscle and the cavity inside them: three nested super-ellipses that change along the body.</summary>
internal static class BodyWall
{
    public static void Paint(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z;
        float frontFat = random.Between(2, 38), sideFat = random.Between(2, 34), backFat = random.Between(3, 30);
        float thrift = random.Between(.6, 1.0);
        (sideFat, frontFat, backFat) = (sideFat * thrift, frontFat * thrift, backFat * thrift);
        float power = random.Between(2.0, 2.6), waist = random.Between(.0, .10), hips = random.Between(5, 25),
            flank = random.Between(0, .06);
        Func<int, float> halfWidth = i => (torso.HalfWidth * (1 - (waist * Bell((z[i] + 190) / 70)))) + (HipBlend(z[i]) * hips);
        torso.SideFat = sideFat;
        torso.WallDepth = at => torso.HalfDepth * (1 - (flank * Bell((at + 190) / 80)));

        Func<int, float> roughMuscle = canvas.Roughness(1.5f);
        float wall = random.Between(7, 18), hipWall = random.Between(25, 45);
        Func<int, float> roughCavity = canvas.Roughness(1.2f);
        float[] skin = new float[canvas.Lattice.Voxels], muscle = new float[canvas.Lattice.Voxels], cavity = torso.Cavity;
        Parallel.For(0, canvas.Lattice.Slices, slice =>
        {
            for (int i = slice * canvas.Lattice.SliceSize; i < (slice + 1) * canvas.Lattice.SliceSize; i++)
            {
                float a = halfWidth(i), b = torso.WallDepth(z[i]), least = Math.Min(a, b);
                float walls = wall + (HipBlend(z[i]) * hipWall);
                skin[i] = (Norm(x[i], y[i], a + sideFat, b + (y[i] < 0 ? frontFat : backFat), power) - 1) * least;
                muscle[i] = ((Norm(x[i], y[i], a, b, power) - 1) * least) + roughMuscle(i);
                cavity[i] = ((Norm(x[i], y[i], a - walls, b - (wall * .9f), power) - 1) * least) + roughCavity(i);
            }
        });

        float skinMm = random.Between(2, 3.5);
        canvas.Paint(Fat, TissueSet.All, i => skin[i] < 0);
        canvas.Paint(Skin, TissueSet.All, i => skin[i] < 0 && skin[i] > -skinMm);
        canvas.Paint(Muscle, TissueSet.All, i => muscle[i] < 0);
        canvas.Paint(Fat, TissueSet.Of(Muscle), i => muscle[i] < -3 && canvas.Noise[2][i] > 1.3f);
        canvas.Paint(CavityFat, TissueSet.All, i => cavity[i] < 0);
        torso.SpineY = torso.HalfDepth * random.Between(.36, .52);
        torso.SpineHalfWidth = random.Between(17, 24);
        torso.SpineHalfDepth = random.Between(13, 19);
    }

    /// <summary>0 above the hips, 1 below them.</summary>
    private static float HipBlend(float z) => Math.Clamp((z + 300) / -60, 0, 1);

    private static float Bell(float t) => MathF.Exp(-t * t);

    private static float Norm(float x, float y, float a, float b, float power) =>
        MathF.Pow(MathF.Pow(MathF.Abs(x) / a, power) + MathF.Pow(MathF.Abs(y / b), power), 1 / power);
}
