namespace Appliance.Imaging;

/// <summary>What the network said of every grid voxel: class probabilities and the winning class.</summary>
/// <remarks>Probabilities lie [z][y][x][class] with a fixed stride, so that restoring reads one run of floats for each voxel.</remarks>
public sealed class ClassScores
{
    /// <summary>Floats for each voxel; classes beyond the app's are 0 and never win.</summary>
    public const int Stride = 12;

    public ClassScores(int slices, int rows, int columns, int classes)
    {
        Slices = slices;
        Rows = rows;
        Columns = columns;
        Classes = classes;
        Labels = new byte[slices * rows * columns];
        Probabilities = new float[(long)slices * rows * columns * Stride];
    }

    public int Slices { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Classes { get; }

    /// <summary>argmax, the network's own class numbers: [z][y][x].</summary>
    public byte[] Labels { get; }

    /// <summary>softmax: [z][y][x][Stride].</summary>
    public float[] Probabilities { get; }

    /// <summary>The class of the highest score, the lowest index on a tie. Logits lie [class][pixel].</summary>
    public static void Argmax(ReadOnlySpan<float> logits, Span<byte> labels)
    {
        int pixels = labels.Length;
        labels.Clear();
        for (int i = 0; i < pixels; i++)
        {
            float best = logits[i];
            for (int at = i + pixels, organ = 1; at < logits.Length; at += pixels, organ++)
            {
                if (logits[at] > best)
                {
                    best = logits[at];
                    labels[i] = (byte)organ;
                }
            }
        }
    }

    /// <summary>Takes in the logits [class][y][x] of one slice. Slices may come in any order and at the same time.</summary>
    public void Put(int slice, ReadOnlySpan<float> logits)
    {
        int pixels = Rows * Columns;
        Span<byte> labels = Labels.AsSpan(slice * pixels, pixels);
        Argmax(logits, labels);
        Span<float> probabilities = Probabilities.AsSpan(slice * pixels * Stride, pixels * Stride);
        for (int i = 0; i < pixels; i++)
        {
            Span<float> voxel = probabilities.Slice(i * Stride, Stride);
            float highest = logits[(labels[i] * pixels) + i];
            float sum = 0;
            for (int organ = 0, at = i; organ < Classes; organ++, at += pixels)
            {
                voxel[organ] = MathF.Exp(logits[at] - highest);
                sum += voxel[organ];
            }

            for (int organ = 0; organ < Classes; organ++)
            {
                voxel[organ] /= sum;
            }
        }
    }
}
