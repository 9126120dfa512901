using System.Globalization;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>clamp((HU - offset) / width, -1, 1).</summary>
internal sealed record HuScale(float Offset, float Width)
{
    public unsafe void Apply(ReadOnlySpan<float> hu, Span<float> channel)
    {
        fixed (float* source = hu, target = channel)
        {
            NetworkInput.Normalised kernel = new()
            {
                Source = new View<float>(source, hu.Length),
                Target = new View<float>(target, channel.Length),
                Width = hu.Length,
                Height = 1,
                Offset = Offset,
                HuWidth = Width,
            };
            CpuLaunch.Lanes(kernel, hu.Length, 1, 0, 1);
        }
    }

    /// <summary>Reads "clamp((HU - 50) / 250, -1, 1)" or "clamp(HU / 1000, -1, 1)"; null for anything else.</summary>
    public static HuScale? Parse(string text)
    {
        const string Head = "clamp(", Tail = ", -1, 1)";
        if (!text.StartsWith(Head, StringComparison.Ordinal) || !text.EndsWith(Tail, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = text[Head.Length..^Tail.Length].Split(" / ");
        string of = parts[0] == "HU" ? "0" : parts[0].StartsWith("(HU - ", StringComparison.Ordinal) ? parts[0][6..].TrimEnd(')') : "";
        return parts.Length == 2
            && float.TryParse(of, NumberStyles.Float, CultureInfo.InvariantCulture, out float offset)
            && float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float width) && width > 0
            ? new HuScale(offset, width)
            : null;
    }
}
