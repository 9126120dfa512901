namespace Appliance.Phantom.Anatomy;

/// <summary>Size, turn, offset, tilt and smooth bends of one body: from the grid to coordinates in the standard body.</summary>
internal static class Pose
{
    public static (float[] X, float[] Y, float[] Z, float[] StraightZ) Bend(RandomStream random, Lattice lattice)
    {
        float size = random.Between(.86, 1.14);
        float sizeX = size * random.Between(.93, 1.07), sizeY = size * random.Between(.93, 1.07), sizeZ = size * random.Between(.93, 1.07);
        (float sin, float cos) = MathF.SinCos(random.Normal(0, 3.5) * MathF.PI / 180);
        float offX = random.Normal(0, 12), offY = random.Normal(0, 12);
        float wideBend = random.Between(2, 9), fineBend = random.Between(.5, 2.5);
        float tiltX = random.Normal(0, .05) * .5f, tiltY = random.Normal(0, .05) * .5f;
        float[] straight = new float[lattice.Slices];
        for (int i = 0; i < straight.Length; i++)
        {
            straight[i] = lattice.ZAt(i) / sizeZ;
        }

        float[] bentX = Bends(), bentY = Bends(), bentZ = Bends();
        Parallel.For(0, lattice.Slices, slice =>
        {
            int i = slice * lattice.SliceSize;
            for (int row = 0; row < lattice.Rows; row++)
            {
                float y = lattice.YAt(row) - offY;
                for (int column = 0; column < lattice.Columns; column++, i++)
                {
                    float x = lattice.XAt(column) - offX;
                    bentX[i] += (((cos * x) + (sin * y)) / sizeX) + (tiltX * straight[slice]);
                    bentY[i] += (((-sin * x) + (cos * y)) / sizeY) + (tiltY * straight[slice]);
                    bentZ[i] += straight[slice];
                }
            }
        });
        return (bentX, bentY, bentZ, straight);

        float[] Bends()
        {
            float[] bends = SmoothField.Make(random, lattice, 90, wideBend);
            SmoothField.Add(random, lattice, 36, fineBend, bends);
            return bends;
        }
    }
}
