using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>What the cells of the pixel data are.</summary>
public enum PixelCells
{
    /// <summary>(7FE0,0010): integers of 1, 8, 16 or 32 bits.</summary>
    Integer,

    /// <summary>(7FE0,0008): 32-bit floating point.</summary>
    Float32,

    /// <summary>(7FE0,0009): 64-bit floating point.</summary>
    Float64,
}

/// <summary>What a data set says about its pixel data, found free of contradiction.</summary>
/// <remarks>PS3.3 C.7.6.3, C.7.6.24, PS3.5 8.1.1.</remarks>
/// <param name="Rows">1..65535.</param>
/// <param name="Columns">1..65535.</param>
/// <param name="Frames">At least 1.</param>
/// <param name="Samples">1, 3 or 4 per pixel.</param>
/// <param name="BitsAllocated">1, 8, 16 or 32; of floating-point cells 32 or 64.</param>
/// <param name="BitsStored">1..<paramref name="BitsAllocated"/>.</param>
/// <param name="HighBit">Of the stored bits; one less than <paramref name="BitsStored"/> but in old images.</param>
/// <param name="IsPlanar">The value holds all of one colour, then all of the next (planar configuration 1).</param>
public sealed record PixelDescription(
    int Rows,
    int Columns,
    int Frames,
    int Samples,
    int BitsAllocated,
    int BitsStored,
    int HighBit,
    bool IsSigned,
    string Photometric,
    bool IsPlanar,
    PixelCells Cells)
{
    private const string HalfChroma = "YBR_FULL_422";

    /// <summary>Bytes of a decoded sample: a bit becomes a byte of 0 or 1.</summary>
    public int SampleBytes => Math.Max(1, BitsAllocated / 8);

    /// <summary>Samples of a decoded frame.</summary>
    public int FrameSamples => Rows * Columns * Samples;

    /// <summary>Bytes of a decoded frame; at most <see cref="Limits.FrameBytes"/>.</summary>
    public int FrameBytes => FrameSamples * SampleBytes;

    /// <summary>Two pixels share their chroma samples, where the pixel data is native (PS3.3 C.7.6.3.1.2).</summary>
    public bool HasHalfChroma => Samples == 3 && Photometric == HalfChroma;

    /// <summary>Bits of one frame in native pixel data; frames of single bits follow one another without a gap.</summary>
    public long NativeFrameBits => (long)Rows * Columns * (HasHalfChroma ? 2 : Samples) * BitsAllocated;

    /// <summary>Reads the image pixel module, and number of frames.</summary>
    /// <returns>The description, or the first contradiction.</returns>
    public static Parsed<PixelDescription> Read(DataSet dataSet)
    {
        // 1. The numbers, each within what the standard and our limits allow.
        PixelCells cells = dataSet.Contains(Tags.PixelData) ? PixelCells.Integer
            : dataSet.Contains(Tags.FloatPixelData) ? PixelCells.Float32
            : dataSet.Contains(Tags.DoubleFloatPixelData) ? PixelCells.Float64
            : PixelCells.Integer;
        if (Number(dataSet, Tags.Rows, 1, ushort.MaxValue) is not int rows
            || Number(dataSet, Tags.Columns, 1, ushort.MaxValue) is not int columns
            || Number(dataSet, Tags.BitsAllocated, 1, 64) is not int allocated)
        {
            return Bad("rows, columns or bits allocated are missing or no numbers an image can have");
        }

        bool isInteger = cells == PixelCells.Integer;
        if (Number(dataSet, Tags.NumberOfFrames, 1, Limits.Frames, 1) is not int frames
            || Number(dataSet, Tags.SamplesPerPixel, 1, 4, 1) is not int samples
            || Number(dataSet, Tags.PlanarConfiguration, 0, 1, 0) is not int planar
            || Number(dataSet, Tags.BitsStored, 1, allocated, isInteger ? null : allocated) is not int stored
            || Number(dataSet, Tags.HighBit, stored - 1, allocated - 1, stored - 1) is not int highBit
            || Number(dataSet, Tags.PixelRepresentation, 0, 1, isInteger ? null : 0) is not int representation)
        {
            return Bad("frames, samples, planar configuration, stored bits or sign contradict one another or the standard");
        }

        PixelDescription description = new(
            rows, columns, frames, samples, allocated, stored, highBit, representation == 1,
            dataSet.GetString(Tags.PhotometricInterpretation) ?? string.Empty, planar == 1 && samples > 1, cells);

        // 2. The numbers against one another.
        return description.Contradiction() is string contradiction ? Bad(contradiction) : description;
    }

    private string? Contradiction()
    {
        bool isKnownWidth = Cells switch
        {
            PixelCells.Float32 => BitsAllocated == 32,
            PixelCells.Float64 => BitsAllocated == 64,
            _ => BitsAllocated is 1 or 8 or 16 or 32,
        };
        if (!isKnownWidth)
        {
            return "bits allocated are none of those that pixel data of its kind can have";
        }

        if (Samples == 2 || (BitsAllocated == 1 && Samples != 1))
        {
            return "samples per pixel are not 1, 3 or 4, or several of single bits";
        }

        if ((PhotometricInterpretation.IsOfSeveralSamples(Photometric) && Samples == 1)
            || (PhotometricInterpretation.IsOfOneSample(Photometric) && Samples != 1))
        {
            return "photometric interpretation needs another number of samples per pixel";
        }

        if (HasHalfChroma && ((Columns & 1) == 1 || BitsAllocated != 8 || IsPlanar))
        {
            return "half chroma needs an even number of columns and interleaved bytes";
        }

        return (long)Rows * Columns * Samples * SampleBytes > Limits.FrameBytes ? "a frame has more bytes than this device decodes" : null;
    }

    /// <summary>The value where it lies in the range; the default where the element is absent or empty; else null.</summary>
    private static int? Number(DataSet dataSet, Tag tag, int least, int most, int? absent = null) =>
        !dataSet.HasValue(tag) ? absent
        : dataSet.GetInteger(tag) is long value && value >= least && value <= most ? (int)value
        : null;

    private static Malformed Bad(string text) => new(MalformedReason.BadPixelDescription, 0, $"pixel data: {text}");
}
