using static Appliance.Phantom.Anatomy.Tissue;
using static Appliance.Phantom.Anatomy.Torso;

namespace Appliance.Phantom.Anatomy;

/// <summary>Sacrum, wings of the hip bones, hip joints and the upper ends of the thigh bones.</summary>
internal static class HipBones
{
    private const float CrestReachZ = -230;

    public static void Paint(Torso torso)
    {
        if (torso.Canvas.StraightZ[0] >= CrestReachZ)
        {
            return;
        }

        PaintSacrum(torso);
        float wingX = torso.Random.Between(62, 74);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            PaintWing(torso, side, wingX);
            PaintHip(torso, side);
        }
    }

    private static void PaintSacrum(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z;
        float width = torso.Random.Between(48, 58), depth = torso.Random.Between(16, 22);
        float Sacral(int i) => MathF.Sqrt(
            Squared(x[i] / (width - (Math.Clamp(-300 - z[i], 0, 120) * .38f)))
            + Squared((y[i] - torso.SpineY - (Math.Clamp(-300 - z[i], 0, 80) * .35f)) / depth)) - 1;
        canvas.Paint(Pelvis, TissueSet.All, i => z[i] is < -298 and > -415 && Sacral(i) < 0);
        canvas.Paint(Marrow, TissueSet.All, i => z[i] is < -298 and > -415 && Sacral(i) < -.2f);
    }

    private static void PaintWing(Torso torso, int side, float wingX)
    {
        Canvas canvas = torso.Canvas;
        float[] x = canvas.X, y = canvas.Y, z = canvas.Z;
        float b = torso.HalfDepth, spineY = torso.SpineY, half = torso.Random.Between(4, 8);
        float OffPlate(int i) => MathF.Abs((side * x[i]) - (wingX + (Math.Clamp(z[i] + 400, 0, 160) * .30f)) + (.35f * (y[i] - spineY)));
        bool IsWing(int i) => z[i] < -245 + (y[i] * .1f) && z[i] > -400 && y[i] < spineY + 25 && y[i] > -b * .55f
            && (z[i] + 300) / -60 > -.9f
            && MathF.Abs(y[i] - (b * .1f)) < (Math.Clamp((z[i] + 400) / 160, 0, 1) * b * .9f * .8f) + 18;
        canvas.Paint(Pelvis, TissueSet.All, i => IsWing(i) && OffPlate(i) < half);
        canvas.Paint(Marrow, TissueSet.All, i => IsWing(i) && OffPlate(i) < half - 3);
    }

    private static void PaintHip(Torso torso, int side)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        Point centre = new(side * random.Between(82, 96), random.Between(-12, 12), -418);
        float radius = random.Between(22, 27);
        if (canvas.Ellipsoid(centre, new(radius, radius, radius)) is Shape head)
        {
            Shape socket = canvas.Ellipsoid(new(side * 88, 0, -412), new(36, 36, 30), within: head.Box)!;
            canvas.Paint(Pelvis, TissueSet.All, socket);
            canvas.Paint(SoftTissue, TissueSet.All, socket, 6);
            canvas.Paint(Femur, TissueSet.All, head);
            canvas.Paint(Marrow, TissueSet.All, head, 4);
        }

        Point[] thigh = [new(side * 90, 0, -418), new(side * 128, 8, -450), new(side * 126, 4, -520)];
        canvas.PaintTube(Femur, TissueSet.All, thigh, [14, 18, 16]);
        canvas.PaintTube(Marrow, TissueSet.All, thigh, [9, 13, 10]);
        Point pubis = new(side * random.Between(12, 20), -torso.HalfDepth * .55f, -430);
        canvas.PaintTube(Pelvis, TissueSet.All, [pubis, new(side * 70, -torso.HalfDepth * .2f, -425)], [9]);
        canvas.PaintTube(Pelvis, TissueSet.All, [new(side * 45, 30, -470), new(side * 75, 5, -430)], [11, 14]);
    }
}
