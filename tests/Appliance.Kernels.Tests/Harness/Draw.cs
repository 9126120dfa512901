namespace Appliance.Kernels.Tests.Harness;

/// <summary>Random inputs with the extremes of their type among them.</summary>
public static class Draw
{
    public static short[] Shorts(this Random random, int count, int low = short.MinValue, int high = short.MaxValue)
    {
        short[] values = new short[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (short)Extreme(random, low, high);
        }

        return values;
    }

    public static ushort[] UShorts(this Random random, int count) => [.. random.Shorts(count).Select(value => (ushort)value)];

    public static byte[] Bytes(this Random random, int count, int high = 255)
    {
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (byte)Extreme(random, 0, high);
        }

        return values;
    }

    public static int[] Ints(this Random random, int count, int low, int high)
    {
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Extreme(random, low, high);
        }

        return values;
    }

    public static float[] Floats(this Random random, int count, float low, float high)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.Next(16) == 0 ? (random.Next(2) == 0 ? low : high) : low + ((high - low) * random.NextSingle());
        }

        return values;
    }

    /// <summary>Labels in blobs, so that insides, borders and neighbours of all kinds occur.</summary>
    public static byte[] Labels(this Random random, Harness.Shape shape, int classes)
    {
        byte[] labels = new byte[shape.Count];
        for (int i = 0; i < shape.Count; i++)
        {
            int before = i % shape.X > 0 ? i - 1 : i >= shape.X ? i - shape.X : i;
            labels[i] = random.Next(3) > 0 && before < i ? labels[before] : (byte)random.Next(classes + 1);
        }

        return labels;
    }

    private static int Extreme(Random random, int low, int high) => random.Next(16) switch
    {
        0 => low,
        1 => high,
        _ => random.Next(low, high + 1),
    };
}
