using System.Numerics.Tensors;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>What the network said of every grid voxel: class probabilities and the winning class.</summary>
public sealed class ClassScores
{
    /// <summary>A label is a byte, and 255 is the mark of a mixed cell (<see cref="LabelRestore"/>).</summary>
    public const int MaximumClasses = 255;

    public ClassScores(int slices, int rows, int columns, int classes)
    {
        Slices = slices;
        Rows = rows;
        Columns = columns;
        Classes = classes;
        Labels = new byte[slices * rows * columns];
        Probabilities = GC.AllocateUninitializedArray<float>(checked(slices * rows * columns * classes));
    }

    public int Slices { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Classes { get; }

    /// <summary>argmax, the network's own class numbers: [z][y][x].</summary>
    public byte[] Labels { get; }

    /// <summary>softmax: [z][class][y][x].</summary>
    public float[] Probabilities { get; }

    /// <summary>The class of the highest score, the lowest index on a tie. Logits lie [class][pixel].</summary>
    public static unsafe void Argmax(ReadOnlySpan<float> logits, Span<byte> labels)
    {
        fixed (float* source = logits)
        fixed (byte* target = labels)
        {
            Kernels.Argmax.Labels kernel = new()
            {
                Source = new View<float>(source, logits.Length),
                Target = new View<byte>(target, labels.Length),
                ClassStride = labels.Length,
                Classes = logits.Length / labels.Length,
                Width = labels.Length,
                Height = 1,
            };
            CpuLaunch.Tuned(kernel, labels.Length, 1, 0, 1);
        }
    }

    /// <summary>Takes in the scores of one slice.</summary>
    public void Put(int slice, ClassScores one)
    {
        one.Labels.CopyTo(Labels, slice * one.Labels.Length);
        one.Probabilities.CopyTo(Probabilities, slice * one.Probabilities.Length);
    }

    /// <summary>Gives a slice the mean of the slices below and above.</summary>
    public void PutBetween(int slice)
    {
        int pixels = Rows * Columns, size = pixels * Classes;
        Mean(
            Probabilities.AsSpan((slice - 1) * size, size), Probabilities.AsSpan((slice + 1) * size, size),
            Probabilities.AsSpan(slice * size, size), Labels.AsSpan(slice * pixels, pixels));
    }

    /// <summary>Of a slice half way between two others: the mean of their probabilities.</summary>
    /// <param name="between">Takes it.</param>
    public static ClassScores Between(ClassScores lower, ClassScores upper, ClassScores between)
    {
        Mean(lower.Probabilities, upper.Probabilities, between.Probabilities, between.Labels);
        return between;
    }

    private static void Mean(ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, Span<float> between, Span<byte> labels)
    {
        TensorPrimitives.Add(lower, upper, between);
        TensorPrimitives.Multiply(between, 0.5f, between);
        Argmax(between, labels);
    }

    /// <summary>Takes in the logits [class][y][x] of one slice. Slices may come in any order and at the same time.</summary>
    public unsafe void Put(int slice, ReadOnlySpan<float> logits)
    {
        int pixels = Rows * Columns, size = pixels * Classes;
        Argmax(logits, Labels.AsSpan(slice * pixels, pixels));
        fixed (float* source = logits, target = Probabilities.AsSpan(slice * size, size))
        {
            Softmax.Probabilities kernel = new()
            {
                Source = new View<float>(source, logits.Length),
                Target = new View<float>(target, size),
                ClassStride = pixels,
                Classes = Classes,
                Width = pixels,
                Height = 1,
            };
            CpuLaunch.Lanes(kernel, pixels, 1, 0, 1);
        }
    }
}
