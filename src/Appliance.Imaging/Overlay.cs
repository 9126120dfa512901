namespace Appliance.Imaging;

/// <summary>Paints labels over a picture: a translucent fill and a smooth, anti-aliased contour just inside each organ.</summary>
/// <remarks>
/// The 0/1 mask of an organ is smoothed over 5 x 5 pixels; where the result f crosses 1/2 is its outline, and (f - 1/2) over the
/// slope of f is about the distance from it in pixels. Both fill and contour are drawn from that distance, so they have no steps.
/// </remarks>
internal sealed class Overlay
{
    /// <summary>So little that the grey values below stay readable.</summary>
    private const float FillOpacity = 0.2f, LineOpacity = 0.95f;

    /// <summary>Pixels: the line's middle lies this far inside, so that neighbours' lines lie side by side.</summary>
    private const float LineDepth = 0.8f, HalfLineWidth = 0.7f;

    /// <summary>Beyond this many pixels from its outline an organ is only filled.</summary>
    private const int Reach = 2;

    private const int Border = Reach + 1, Full = 256;

    private readonly int rows;
    private readonly int columns;
    private readonly short[] across;
    private readonly short[] smooth;

    public Overlay(int rows, int columns)
    {
        this.rows = rows;
        this.columns = columns;
        across = new short[(rows + (2 * Border)) * (columns + (2 * Border))];
        smooth = new short[across.Length];
    }

    /// <param name="rgb">[row][column][3] with <paramref name="stride"/> bytes for each row.</param>
    public void Paint(ReadOnlySpan<byte> labels, byte organ, ReadOnlySpan<byte> colour, Span<byte> rgb, int stride)
    {
        if (BoxOf(labels, organ) is not (int top, int bottom, int left, int right))
        {
            return;
        }

        Smooth(labels, organ, top, bottom, left, right);
        int pitch = columns + (2 * Border);
        for (int y = Math.Max(0, top - 1); y <= Math.Min(rows - 1, bottom + 1); y++)
        {
            for (int x = Math.Max(0, left - 1); x <= Math.Min(columns - 1, right + 1); x++)
            {
                int at = ((y + Border) * pitch) + x + Border;
                int value = smooth[at];
                if (value == 0)
                {
                    continue;
                }

                bool inside = labels[(y * columns) + x] == organ;
                float opacity = value == Full ? FillOpacity : Opacity(at, pitch, inside);
                Blend(rgb.Slice((y * stride) + (x * 3), 3), colour, opacity);
            }
        }
    }

    private float Opacity(int at, int pitch, bool inside)
    {
        float slopeX = (smooth[at + 1] - smooth[at - 1]) / 2f, slopeY = (smooth[at + pitch] - smooth[at - pitch]) / 2f;
        float slope = MathF.Max(MathF.Sqrt((slopeX * slopeX) + (slopeY * slopeY)), 16);
        float distance = (smooth[at] - (Full / 2)) / slope;
        float fill = Math.Clamp(distance + 0.5f, inside ? 0.5f : 0, 1) * FillOpacity;
        float line = Math.Clamp(HalfLineWidth + 0.5f - MathF.Abs(distance - LineDepth), 0, 1) * LineOpacity;
        return fill + (line * (1 - fill));
    }

    /// <summary>Binomial 1 4 6 4 1 along rows, then along columns: 0 outside to 256 inside; outside the image nothing.</summary>
    private void Smooth(ReadOnlySpan<byte> labels, byte organ, int top, int bottom, int left, int right)
    {
        int pitch = columns + (2 * Border);
        int from = left - Reach, to = right + Reach;
        for (int y = top - Border - Reach; y <= bottom + Border + Reach; y++)
        {
            if (y < -Border || y >= rows + Border)
            {
                continue;
            }

            Span<short> line = across.AsSpan((y + Border) * pitch, pitch);
            line[(from - 1 + Border)..(to + 2 + Border)].Clear();
            if (y < top || y > bottom)
            {
                continue;
            }

            ReadOnlySpan<byte> source = labels.Slice(y * columns, columns);
            for (int x = left; x <= right; x++)
            {
                if (source[x] == organ)
                {
                    int at = x + Border;
                    line[at - 2] += 1;
                    line[at - 1] += 4;
                    line[at] += 6;
                    line[at + 1] += 4;
                    line[at + 2] += 1;
                }
            }
        }

        for (int y = top - Border; y <= bottom + Border; y++)
        {
            for (int x = from - 1; x <= to + 1; x++)
            {
                int at = ((y + Border) * pitch) + x + Border;
                smooth[at] = (short)(Row(at, -2) + (4 * Row(at, -1)) + (6 * Row(at, 0)) + (4 * Row(at, 1)) + Row(at, 2));
            }
        }

        int Row(int at, int off) => (uint)(at + (off * pitch)) < (uint)across.Length ? across[at + (off * pitch)] : 0;
    }

    private (int Top, int Bottom, int Left, int Right)? BoxOf(ReadOnlySpan<byte> labels, byte organ)
    {
        int first = labels.IndexOf(organ);
        if (first < 0)
        {
            return null;
        }

        (int top, int bottom, int left, int right) = (first / columns, labels.LastIndexOf(organ) / columns, columns, -1);
        for (int y = top; y <= bottom; y++)
        {
            ReadOnlySpan<byte> line = labels.Slice(y * columns, columns);
            int x = line.IndexOf(organ);
            if (x >= 0)
            {
                left = Math.Min(left, x);
                right = Math.Max(right, line.LastIndexOf(organ));
            }
        }

        return (top, bottom, left, right);
    }

    private static void Blend(Span<byte> pixel, ReadOnlySpan<byte> colour, float opacity)
    {
        for (int i = 0; i < 3; i++)
        {
            pixel[i] = (byte)(pixel[i] + ((colour[i] - pixel[i]) * opacity) + 0.5f);
        }
    }
}
