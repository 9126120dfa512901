using System.Collections;
using BitOperations = System.Numerics.BitOperations;
using System.Text.Json.Serialization;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Comparison;

/// <summary>How well a segmentation meets the truth: 2 |both| / (|found| + |there|) for each organ.</summary>
public sealed record DiceScore
{
    /// <summary>By organ name; an organ that is in neither is left out.</summary>
    public required IReadOnlyDictionary<string, double> Dice { get; init; }

    /// <summary>Voxels of the truth, and voxels found, by organ name.</summary>
    public required IReadOnlyDictionary<string, long> Truth { get; init; }

    public required IReadOnlyDictionary<string, long> Found { get; init; }

    private const double SameSpacing = 0.01;

    /// <exception cref="InvalidDataException">The segmentation is on another grid than the truth.</exception>
    public static DiceScore Of(SegmentationVolume segmentation, TruthVolume truth)
    {
        Dictionary<string, double> dice = [];
        Dictionary<string, long> there = [], found = [];
        foreach (Organ organ in Enum.GetValues<Organ>()[1..])
        {
            SegmentationFrame[] frames = [.. segmentation.Frames.Where(frame => frame.Organ == organ)];
            long inTruth = truth.Count(organ);
            if (inTruth == 0 && frames.Length == 0)
            {
                continue;
            }

            (long inBoth, long inFound) = Count(segmentation, frames, truth, organ);
            string name = Organs.Name(organ);
            dice[name] = inTruth + inFound == 0 ? 0 : 2.0 * inBoth / (inTruth + inFound);
            there[name] = inTruth;
            found[name] = inFound;
        }

        return new DiceScore { Dice = dice, Truth = there, Found = found };
    }

    private static (long Both, long Found) Count(
        SegmentationVolume segmentation, SegmentationFrame[] frames, TruthVolume truth, Organ organ)
    {
        BitArray seen = new(truth.Labels.Length);
        long both = 0, found = 0;
        foreach (SegmentationFrame frame in frames)
        {
            if (Math.Abs(frame.RowMm - truth.PixelMm) > SameSpacing || Math.Abs(frame.ColumnMm - truth.PixelMm) > SameSpacing)
            {
                throw new InvalidDataException("the segmentation is on another grid than the truth");
            }

            foreach (int pixel in SetPixels(segmentation, frame))
            {
                (int row, int column) = Math.DivRem(pixel, segmentation.Columns);
                int voxel = VoxelAt(truth, frame, row, column);
                if (voxel >= 0 && seen[voxel])
                {
                    continue;
                }

                found++;
                if (voxel >= 0)
                {
                    seen[voxel] = true;
                    both += truth.Labels[voxel] == (byte)organ ? 1 : 0;
                }
            }
        }

        return (both, found);
    }

    /// <summary>Index of the truth's voxel under a pixel, or -1 outside of it.</summary>
    private static int VoxelAt(TruthVolume truth, SegmentationFrame frame, int row, int column)
    {
        Vector at = truth.IndexOf(
            frame.First + (frame.RowDirection * (column * frame.ColumnMm)) + (frame.ColumnDirection * (row * frame.RowMm)));
        int x = (int)Math.Round(at.X), y = (int)Math.Round(at.Y), z = (int)Math.Round(at.Z);
        return x >= 0 && x < truth.Columns && y >= 0 && y < truth.Rows && z >= 0 && z < truth.Slices
            ? (((z * truth.Rows) + y) * truth.Columns) + x
            : -1;
    }

    /// <summary>Pixels that are set in a frame; bits run from the least significant (PS3.5 8.1.1).</summary>
    private static IEnumerable<int> SetPixels(SegmentationVolume segmentation, SegmentationFrame frame)
    {
        int pixels = segmentation.Rows * segmentation.Columns;
        long last = frame.FirstBit + pixels;
        for (long at = frame.FirstBit / 8; at * 8 < last; at++)
        {
            for (int bits = segmentation.Bits.Span[(int)at]; bits != 0; bits &= bits - 1)
            {
                long pixel = (at * 8) + BitOperations.TrailingZeroCount(bits) - frame.FirstBit;
                if (pixel >= 0 && pixel < pixels)
                {
                    yield return (int)pixel;
                }
            }
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DiceScore))]
internal sealed partial class DiceJson : JsonSerializerContext;
