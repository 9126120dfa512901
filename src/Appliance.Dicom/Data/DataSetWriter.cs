using System.Diagnostics;
using System.IO.Compression;

namespace Appliance.Dicom.Data;

/// <summary>Writes data sets: sequences and items with defined length, fragments as they are.</summary>
/// <remarks>
/// Private sequences in implicit VR are the exception: only an undefined length shows there that they are sequences.
/// PS3.5 7.1, 7.5, A.1, A.2, A.4, A.5. Two walks: the first counts (every length is known before the first byte), the second
/// writes into bytes of exactly that size or into a stream. Group lengths (gggg,0000) from group 0008 on are left out:
/// retired, and wrong as soon as a length changes (PS3.5 7.2). Explicit big endian is written by nobody any more: not offered.
/// </remarks>
public static class DataSetWriter
{
    /// <param name="syntax">Not explicit big endian.</param>
    public static byte[] Write(DataSet set, TransferSyntax syntax) => Write([], set, syntax);

    /// <summary>The data set behind some bytes that come first.</summary>
    internal static byte[] Write(ReadOnlySpan<byte> head, DataSet set, TransferSyntax syntax)
    {
        if (syntax.IsDeflated)
        {
            using MemoryStream stream = new();
            stream.Write(head);
            Write(set, syntax, stream);
            return stream.ToArray();
        }

        DataSetLengths lengths = new(syntax.IsExplicit);
        ByteOutput output = new(new byte[head.Length + lengths.Measure(set)], null);
        output.Bytes(head);
        new DataSetOutput(output, lengths).Write(set);
        Debug.Assert(output.Used == output.Buffer.Length, "counted and written lengths differ");
        return output.Buffer;
    }

    /// <summary>Writes to a stream through a small buffer: large values go from their own memory.</summary>
    public static void Write(DataSet set, TransferSyntax syntax, Stream stream)
    {
        Debug.Assert(!syntax.IsBigEndian, "explicit big endian is not written");
        if (syntax.IsDeflated)
        {
            WriteDeflated(set, stream);
            return;
        }

        DataSetLengths lengths = new(syntax.IsExplicit);
        lengths.Measure(set);
        ByteOutput output = new(new byte[ByteOutput.StreamBufferBytes], stream);
        new DataSetOutput(output, lengths).Write(set);
        output.Flush();
    }

    /// <summary>The bytes that <see cref="Write(DataSet, TransferSyntax)"/> gives, not deflated.</summary>
    public static long LengthOf(DataSet set, TransferSyntax syntax) => new DataSetLengths(syntax.IsExplicit).Measure(set);

    /// <summary>Deflated bytes are made even by a NUL at the end (PS3.5 A.5).</summary>
    private static void WriteDeflated(DataSet set, Stream stream)
    {
        using MemoryStream deflated = new();
        using (DeflateStream deflate = new(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            Write(set, TransferSyntax.ExplicitLittleEndian, deflate);
        }

        if ((deflated.Length & 1) == 1)
        {
            deflated.WriteByte(0);
        }

        deflated.WriteTo(stream);
    }
}
