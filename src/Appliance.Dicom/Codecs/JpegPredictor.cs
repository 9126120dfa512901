using System.Diagnostics;

namespace Appliance.Dicom.Codecs;

/// <summary>Differences to samples: the seven predictors of JPEG's lossless process.</summary>
/// <remarks>
/// ISO/IEC 10918-1 table H.1 and H.1.2.1. a is the sample to the left, b the one above, c the one above a; all arithmetic is
/// modulo 2^16. Components are interleaved, so that the neighbour to the left is <c>stride</c> samples back.
/// </remarks>
internal static class JpegPredictor
{
    /// <summary>
    /// The first row of a scan or restart interval: its first sample has half the range before it, the others their left
    /// neighbour.
    /// </summary>
    public static void FirstRow(ReadOnlySpan<short> differences, Span<ushort> row, int stride, int half)
    {
        for (int i = 0; i < stride; i++)
        {
            row[i] = (ushort)(differences[i] + half);
        }

        FromLeft(differences, row, stride);
    }

    /// <summary>Any later row: its first sample is predicted by the one above, the others as <paramref name="selection"/> says.</summary>
    /// <param name="selection">1..7.</param>
    public static void Row(ReadOnlySpan<short> differences, ReadOnlySpan<ushort> above, Span<ushort> row, int stride, int selection)
    {
        Debug.Assert(differences.Length == row.Length && above.Length == row.Length && selection is >= 1 and <= 7);
        for (int i = 0; i < stride; i++)
        {
            row[i] = (ushort)(differences[i] + above[i]);
        }

        switch (selection)
        {
            case 1:
                FromLeft(differences, row, stride);
                break;
            case 2:
                for (int i = stride; i < row.Length; i++)
                {
                    row[i] = (ushort)(differences[i] + above[i]);
                }

                break;
            case 3:
                for (int i = stride; i < row.Length; i++)
                {
                    row[i] = (ushort)(differences[i] + above[i - stride]);
                }

                break;
            default:
                FromThree(differences, above, row, stride, selection);
                break;
        }
    }

    private static void FromLeft(ReadOnlySpan<short> differences, Span<ushort> row, int stride)
    {
        for (int i = stride; i < row.Length; i++)
        {
            row[i] = (ushort)(differences[i] + row[i - stride]);
        }
    }

    private static void FromThree(
        ReadOnlySpan<short> differences, ReadOnlySpan<ushort> above, Span<ushort> row, int stride, int selection)
    {
        for (int i = stride; i < row.Length; i++)
        {
            int a = row[i - stride];
            int b = above[i];
            int c = above[i - stride];
            int prediction = selection switch
            {
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) >> 1,
            };
            row[i] = (ushort)(differences[i] + prediction);
        }
    }
}
