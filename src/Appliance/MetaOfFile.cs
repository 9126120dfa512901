using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>What the file meta information of a file of ours says (PS3.10 7.1), without reading the data set.</summary>
/// <param name="DataSetOffset">Where the data set begins, in bytes.</param>
public sealed record MetaOfFile(string SopClassUid, string SopInstanceUid, TransferSyntax Syntax, int DataSetOffset)
{
    private const int PreambleBytes = 128;

    // "DICM", then the element (0002,0000) UL of 12 bytes whose value is the length of the rest of the group.
    private const int GroupLengthOffset = PreambleBytes + 4 + 8;
    private const int FixedBytes = GroupLengthOffset + 4;

    /// <summary>Reads from the start of the stream.</summary>
    /// <exception cref="InvalidDataException">Not a file that the journal wrote: the disk has been tampered with or failed.</exception>
    public static MetaOfFile Read(Stream stream)
    {
        byte[] fixedPart = new byte[FixedBytes];
        if (stream.ReadAtLeast(fixedPart, FixedBytes, throwOnEndOfStream: false) < FixedBytes
            || !fixedPart.AsSpan(PreambleBytes, 4).SequenceEqual("DICM"u8))
        {
            throw new InvalidDataException("a file of the journal has no DICOM preamble");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart.AsSpan(GroupLengthOffset));
        if (length > stream.Length - FixedBytes)
        {
            throw new InvalidDataException("a file of the journal ends inside its file meta information");
        }

        byte[] group = new byte[length];
        stream.ReadExactly(group);
        return Of(DataSetReader.Read(group, TransferSyntax.ExplicitLittleEndian).Value, FixedBytes + (int)length);
    }

    private static MetaOfFile Of(DataSet? meta, int offset) =>
        meta?.GetString(Tags.MediaStorageSOPClassUID) is string sopClass
        && meta.GetString(Tags.MediaStorageSOPInstanceUID) is string sopInstance
        && meta.GetString(Tags.TransferSyntaxUID) is string syntax
            ? new MetaOfFile(sopClass, sopInstance, TransferSyntax.Of(syntax), offset)
            : throw new InvalidDataException("a file of the journal has incomplete file meta information");
}
