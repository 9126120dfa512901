using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Appliance.Dicom.Codecs;

/// <summary>One frame as cells in memory: little endian, row by row, colours interleaved, single bits as bytes of 0 or 1.</summary>
/// <remarks>
/// PS3.3 C.7.6.3. The cells are as stored: rescale and look-up tables are not applied, bits above the stored ones not cleared.
/// </remarks>
/// <param name="Photometric">Of these cells: differs from the data set's where decoding undid a colour transform.</param>
/// <param name="BitsAllocated">8, 16 or 32; of floating-point cells 32 or 64.</param>
public sealed record DecodedFrame(
    int Rows,
    int Columns,
    int Samples,
    int BitsAllocated,
    int BitsStored,
    int HighBit,
    bool IsSigned,
    PixelCells Cells,
    string Photometric,
    ReadOnlyMemory<byte> Pixels)
{
    /// <summary>The stored values of integer cells: the stored bits alone, with their sign (PS3.5 8.1.1).</summary>
    /// <param name="values">Rows x columns x samples of them.</param>
    public void CopyStoredValues(Span<int> values)
    {
        Debug.Assert(Cells == PixelCells.Integer && values.Length == Rows * Columns * Samples);
        int left = 31 - HighBit;
        int right = 32 - BitsStored;
        ReadOnlySpan<byte> cells = Pixels.Span;
        switch (BitsAllocated)
        {
            case 8:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Stored(cells[i], left, right);
                }

                break;
            case 16:
                ReadOnlySpan<ushort> words = MemoryMarshal.Cast<byte, ushort>(cells);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Stored(words[i], left, right);
                }

                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Stored(BinaryPrimitives.ReadUInt32LittleEndian(cells[(4 * i)..]), left, right);
                }

                break;
        }
    }

    private int Stored(uint cell, int left, int right) =>
        IsSigned ? (int)(cell << left) >> right : (int)((cell << left) >> right);
}
