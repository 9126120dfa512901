using static Appliance.Phantom.Anatomy.Tissue;
using static Appliance.Phantom.Anatomy.Torso;

namespace Appliance.Phantom.Anatomy;

/// <summary>What is in the picture beside the trunk: arms of a few, the table and its blanket of most.</summary>
internal static class Surroundings
{
    public static void Paint(Torso torso)
    {
        int backRow = BackRow(torso.Canvas);
        if (torso.Random.Chance(.18))
        {
            PaintArms(torso);
        }

        if (backRow >= 0 && torso.Random.Chance(.85))
        {
            PaintTable(torso, torso.Canvas.Lattice.YAt(backRow));
        }
    }

    private static int BackRow(Canvas canvas)
    {
        int back = -1;
        for (int i = 0; i < canvas.Tissues.Length; i++)
        {
            if (canvas.Tissues[i] != Air)
            {
                back = Math.Max(back, i / canvas.Lattice.Columns % canvas.Lattice.Rows);
            }
        }

        return back;
    }

    private static void PaintArms(Torso torso)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        bool[] body = Array.ConvertAll(canvas.Tissues, tissue => tissue != Air);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float atX = side * (torso.HalfWidth + torso.SideFat + random.Between(38, 55)), atY = random.Between(-30, 30);
            float radius = random.Between(28, 42), fat = random.Between(4, 9), muscle = random.Between(18, 22);
            float Arm(int i) => MathF.Sqrt(Squared(canvas.X[i] - atX) + Squared(canvas.Y[i] - atY)) - radius;
            canvas.Paint(Fat, TissueSet.All, i => !body[i] && Arm(i) < 0);
            canvas.Paint(Muscle, TissueSet.All, i => !body[i] && Arm(i) < -fat);
            canvas.Paint(Femur, TissueSet.All, i => !body[i] && Arm(i) < -muscle);
        }
    }

    private static void PaintTable(Torso torso, float backY)
    {
        Canvas canvas = torso.Canvas;
        RandomStream random = torso.Random;
        Lattice lattice = canvas.Lattice;
        float topY = backY + random.Between(0, 25), curve = random.Between(0, .0022);
        float half = random.Between(1.5, 4), halfWidth = random.Between(120, 260), blanket = random.Between(8, 40);

        // The table stands straight in the room: the grid's own coordinates, not the bent ones.
        float Below(int i) =>
            lattice.YAt(i / lattice.Columns % lattice.Rows) - (topY - (curve * Squared(lattice.XAt(i % lattice.Columns))));
        canvas.Paint(Table, TissueSet.Of(Air), i =>
            MathF.Abs(Below(i)) < half && MathF.Abs(lattice.XAt(i % lattice.Columns)) < halfWidth);
        if (random.Chance(.5))
        {
            canvas.Paint(Blanket, TissueSet.Of(Air), i => Below(i) is > 0 && Below(i) < blanket);
        }
    }
}
