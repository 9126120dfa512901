using Appliance.Imaging.Launch;
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
            Compute.Shared.Do((smooth, blend), Issue);
        }
    }

    /// <summary>What lies between the two stays on the machine; columns beyond the image are the legend's and stay too.</summary>
    private static void Issue(LaunchQueue on, in (OrganPaint.Smooth Smooth, OrganPaint.Blend Blend) asked)
    {
        (OrganPaint.Smooth smooth, OrganPaint.Blend blend) = asked;
        View<short> between = on.Launcher.IsGpu ? on.Scratch<short>(smooth.Target.Length) : smooth.Target;
        (smooth.Labels, smooth.Organs, smooth.Target) = (on.In(smooth.Labels), on.In(smooth.Organs), between);
        on.Tuned(smooth, smooth.Width + 2L, smooth.Height + 2L, blend.Count);
        (blend.Labels, blend.Organs, blend.Masks) = (smooth.Labels, smooth.Organs, between);
        (blend.Hu, blend.Colours, blend.Target) = (on.In(blend.Hu), on.In(blend.Colours), on.InOut(blend.Target));
        on.Lanes(blend, blend.Width, blend.Height, 1);
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
