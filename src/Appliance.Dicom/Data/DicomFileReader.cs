using System.Buffers.Binary;

namespace Appliance.Dicom.Data;

/// <summary>Reads DICOM files whose bytes are all there (PS3.10 7). Values share memory with them.</summary>
/// <remarks>
/// As tolerant as pydicom where that is safe: no preamble, no file meta information, no group length, no transfer syntax. What
/// was passed over stands in <see cref="DicomFile.Oddities"/>.
/// </remarks>
public static class DicomFileReader
{
    private const int PreambleBytes = 128;

    public static Parsed<DicomFile> Read(ReadOnlyMemory<byte> bytes)
    {
        // 1. The preamble, or what stands in its place.
        Oddities oddities = Oddities.None;
        int start = StartOf(bytes.Span, ref oddities);
        if (start < 0)
        {
            return new Malformed(MalformedReason.NotDicom, 0, "neither \"DICM\" at byte 128 nor a data set at byte 0");
        }

        // 2. File meta information: group 0002, explicit little endian.
        DataSetParse parse = new(bytes, start);
        DataSet? meta = parse.ReadMeta();
        if (meta is null)
        {
            return parse.Malformed!;
        }

        oddities |= parse.Oddities | MetaOddities(meta, start, parse.Position);

        // 3. The transfer syntax, as declared or as the first element shows.
        string? uid = meta.GetString(Tags.TransferSyntaxUID);
        TransferSyntax syntax = uid is not null ? TransferSyntax.Of(uid) : Guess(bytes.Span[parse.Position..]);

        // 4. The data set.
        Parsed<DataSet> set = DataSetReader.Read(bytes, parse.Position, syntax, out Oddities inSet);
        return set.Failed ? set.Malformed : new DicomFile(meta, syntax, set.Value) { Oddities = oddities | inSet };
    }

    /// <summary>The offset of the first element; -1 where this is no DICOM.</summary>
    private static int StartOf(ReadOnlySpan<byte> bytes, ref Oddities oddities)
    {
        if (bytes.Length >= PreambleBytes + 4 && bytes.Slice(PreambleBytes, 4).SequenceEqual("DICM"u8))
        {
            return PreambleBytes + 4;
        }

        oddities |= Oddities.NoPreamble;
        if (bytes.StartsWith("DICM"u8))
        {
            return 4;
        }

        // Without preamble the first element must be one that a file or data set begins with.
        if (bytes.Length < 8)
        {
            return -1;
        }

        ushort little = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        ushort big = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return little is 0x0002 or 0x0004 or 0x0008 || big is 0x0004 or 0x0008 ? 0 : -1;
    }

    private static Oddities MetaOddities(DataSet meta, int start, int end)
    {
        if (meta.Count == 0)
        {
            return Oddities.NoMeta;
        }

        Oddities oddities = meta.HasValue(Tags.TransferSyntaxUID) ? Oddities.None : Oddities.NoTransferSyntax;
        if (meta.GetInteger(Tags.FileMetaInformationGroupLength) is not long length)
        {
            return oddities | Oddities.NoMetaGroupLength;
        }

        return start + 12 + length == end ? oddities : oddities | Oddities.WrongMetaGroupLength;
    }

    private static TransferSyntax Guess(ReadOnlySpan<byte> at)
    {
        if (at.Length < 8)
        {
            return TransferSyntax.ExplicitLittleEndian;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(at) >= 0x0400 && BinaryPrimitives.ReadUInt16BigEndian(at) < 0x0400)
        {
            return TransferSyntax.ExplicitBigEndian;
        }

        return ElementHeader.MayBeExplicit(at) ? TransferSyntax.ExplicitLittleEndian : TransferSyntax.ImplicitLittleEndian;
    }
}
