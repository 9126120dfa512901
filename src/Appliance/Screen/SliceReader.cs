using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;

namespace Appliance.Daemon.Screen;

/// <summary>Pixels of one image of the journal as rescaled values of 16 bits, in memory that it uses again.</summary>
/// <remarks>
/// For the eye, not for the analysis: what has no rescale (MR, US) is shown as stored, and of colours only the brightness. One caller at
/// a time.
/// </remarks>
public sealed class SliceReader
{
    /// <summary>What is added to each value, so that air is not below zero: the ray caster's grey is a multiple of the value.</summary>
    public const int Lift = 1024;

    private byte[] file = [];
    private byte[] cells = [];
    private int[] stored = [];

    /// <summary>Every <paramref name="shrink"/>-th row and column into <paramref name="target"/>.</summary>
    /// <returns>False where it cannot be shown, or has not that shape.</returns>
    /// <exception cref="IOException">It has gone.</exception>
    public bool Read(string path, int rows, int columns, int shrink, Span<short> target)
    {
        if (Load(path) is not DicomFile image || PixelDataReader.Open(image.DataSet, image.Syntax).Value is not PixelDataReader reader)
        {
            return false;
        }

        PixelDescription it = reader.Description;
        if (it.Rows != rows || it.Columns != columns || it.Cells != PixelCells.Integer || it.BitsAllocated < 8)
        {
            return false;
        }

        Grow(ref cells, it.FrameBytes);
        Grow(ref stored, it.FrameSamples);
        if (reader.DecodeInto(0, cells.AsSpan(0, it.FrameBytes)) is not null)
        {
            return false;
        }

        DecodedFrame frame = new(
            it.Rows, it.Columns, it.Samples, it.BitsAllocated, it.BitsStored, it.HighBit, it.IsSigned, it.Cells, it.Photometric,
            cells.AsMemory(0, it.FrameBytes));
        frame.CopyStoredValues(stored.AsSpan(0, it.FrameSamples));
        double slope = image.DataSet.GetDouble(Tags.RescaleSlope) is double given and not 0 ? given : 1;
        double intercept = (image.DataSet.GetDouble(Tags.RescaleIntercept) ?? 0) + Lift;
        if (it.Photometric == "MONOCHROME1")
        {
            (slope, intercept) = (-slope, intercept + (slope * ((1L << it.BitsStored) - 1)));
        }

        Rescale(it, shrink, slope, intercept, target);
        return true;
    }

    private void Rescale(PixelDescription it, int shrink, double slope, double intercept, Span<short> target)
    {
        // The second of three samples is green, or of YBR a colour; the first is brightness or red. Either is good enough to see shapes.
        int at = 0, sample = it.Samples > 1 && it.Photometric == "RGB" ? 1 : 0;
        for (int y = 0; y + shrink <= it.Rows; y += shrink)
        {
            ReadOnlySpan<int> row = stored.AsSpan(y * it.Columns * it.Samples, it.Columns * it.Samples);
            for (int x = sample; x + (shrink * it.Samples) <= row.Length + sample; x += shrink * it.Samples)
            {
                target[at++] = (short)Math.Clamp((row[x] * slope) + intercept, short.MinValue, short.MaxValue);
            }
        }
    }

    private DicomFile? Load(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        int length = (int)Math.Min(stream.Length, int.MaxValue);
        Grow(ref file, length);
        stream.ReadExactly(file.AsSpan(0, length));
        return DicomFileReader.Read(file.AsMemory(0, length)).Value;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateUninitializedArray<T>(length);
        }
    }
}
