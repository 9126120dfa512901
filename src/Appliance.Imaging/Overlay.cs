using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>The organs of one slice over its grey values (<see cref="OrganPaint"/>). One caller at a time: scratch is used again.</summary>
/// <param name="rows">Of the source images, as <paramref name="columns"/>.</param>
internal sealed class Overlay(PictureNotes notes, int rows, int columns)
{
    private readonly int[] organs = new int[notes.Organs.Count];
    private readonly int[] colours = new int[notes.Organs.Count];
    private short[] masks = [];

    /// <param name="rgb">[row][column][3] with <paramref name="stride"/> bytes for each row; columns beyond the image stay.</param>
    public unsafe void Paint(ReadOnlySpan<float> hu, ReadOnlySpan<byte> labels, Span<byte> rgb, int stride)
    {
        int count = Find(labels), size = (rows + 2) * (columns + 2);
        if (masks.Length < count * size)
        {
            masks = GC.AllocateUninitializedArray<short>(count * size);
        }

        fixed (float* grey = hu)
        fixed (byte* slice = labels, target = rgb)
        fixed (short* smoothed = masks)
        fixed (int* values = organs, tints = colours)
        {
            View<byte> source = new(slice, labels.Length);
            View<short> between = new(smoothed, masks.Length);
            View<int> found = new(values, count);
            OrganPaint.Smooth smooth = new() { Labels = source, Organs = found, Target = between, Width = columns, Height = rows };
            CpuLaunch.Tuned(smooth, columns + 2, rows + 2, 0, count);
            OrganPaint.Blend blend = new()
            {
                Hu = new View<float>(grey, hu.Length),
                Labels = source,
                Masks = between,
                Organs = found,
                Colours = new View<int>(tints, count),
                Target = new View<byte>(target, rgb.Length),
                Stride = stride,
                Width = columns,
                Height = rows,
                Count = count,
                Centre = (float)notes.WindowCenter - 0.5f,
                WindowWidth = (float)notes.WindowWidth - 1,
            };
            CpuLaunch.Lanes(blend, columns, rows, 0, 1);
        }
    }

    /// <summary>The organs that this slice has, first in the tables; how many they are.</summary>
    private int Find(ReadOnlySpan<byte> labels)
    {
        int count = 0;
        foreach (NotedOrgan organ in notes.Organs)
        {
            if (labels.Contains(organ.Value))
            {
                IReadOnlyList<byte> rgb = organ.Rgb;
                (organs[count], colours[count++]) = (organ.Value, rgb[0] | rgb[1] << 8 | rgb[2] << 16);
            }
        }

        return count;
    }
}
