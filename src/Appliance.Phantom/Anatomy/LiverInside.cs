using static Appliance.Phantom.Anatomy.Tissue;

namespace Appliance.Phantom.Anatomy;

/// <summary>Vessels, fissure and tumours of the liver.</summary>
internal static class LiverInside
{
    public static void Paint(Torso torso, int? lesions)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        int[] liver = Voxels(canvas.Tissues);
        float thin = random.Between(.08, .22);
        float[][] n = canvas.Noise;
        canvas.Paint(LiverVessel, TissueSet.Of(Liver), i => MathF.Abs(n[0][i]) < thin && MathF.Abs(n[2][i]) < thin * 1.5f);
        canvas.Paint(LiverVessel, TissueSet.Of(Liver), i => MathF.Abs(n[1][i]) < thin && MathF.Abs(n[3][i]) < thin * 1.5f);
        if (random.Chance(.5))
        {
            PaintFissure(torso);
        }

        // Tumours sit anywhere in the liver as it was painted; those that the fissure took are not painted back.
        int count = random.Chance(.55) && liver.Length > 0 ? random.Integer(1, 7) : 0;
        count = liver.Length > 0 ? lesions ?? count : 0;
        for (int k = 0; k < count; k++)
        {
            PaintTumour(torso, liver[random.Integer(0, liver.Length)]);
        }
    }

    private static int[] Voxels(Tissue[] tissues)
    {
        int[] voxels = new int[tissues.AsSpan().Count(Liver)];
        int at = 0;
        for (int i = 0; i < tissues.Length; i++)
        {
            if (tissues[i] == Liver)
            {
                voxels[at++] = i;
            }
        }

        return voxels;
    }

    private static void PaintFissure(Torso torso)
    {
        RandomStream random = torso.Random;
        float[] x = torso.Canvas.X, y = torso.Canvas.Y, z = torso.Canvas.Z;
        float b = torso.HalfDepth;
        float atX = random.Between(-.05, .2) * torso.HalfWidth, half = random.Between(1.5, 4);
        float backY = random.Between(-.4, -.1) * b, topZ = random.Between(-80, -40);
        torso.Canvas.Paint(CavityFat, TissueSet.Of(Liver, LiverVessel), i =>
            MathF.Abs(x[i] - atX + (.25f * (y[i] + 40))) < half && y[i] > -.75f * b && y[i] < backY && z[i] < topZ);
    }

    private static void PaintTumour(Torso torso, int voxel)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        float radius = MathF.Exp(random.Between(Math.Log(5), Math.Log(34)));
        Point radii = new(radius * random.Between(.7, 1.3), radius * random.Between(.7, 1.3), radius * random.Between(.7, 1.3));
        Point turn = new(random.Between(0, 90), random.Between(0, 90), random.Between(0, 90));
        if (canvas.Ellipsoid(new(canvas.X[voxel], canvas.Y[voxel], canvas.Z[voxel]), radii, turn, radius * .10f) is Shape tumour)
        {
            canvas.Paint(Tumour, TissueSet.Of(Liver, LiverVessel), tumour);
        }
    }
}
