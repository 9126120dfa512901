using System.Buffers.Binary;
using Appliance.Dicom.Data;

namespace Appliance.Tests.Dicom.Data;

/// <summary>A small image with text, numbers, nested sequences and a private block.</summary>
internal static class SmallDataSet
{
    public const int PixelBytes = 8;

    public static DataSet Create() => new DataSet()
        .SetString(Tags.SpecificCharacterSet, Vr.CS, "ISO_IR 100")
        .SetString(Tags.ImageType, Vr.CS, "ORIGINAL", "PRIMARY")
        .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .SetString(Tags.SOPInstanceUID, Vr.UI, "1.2.3")
        .SetItems(Tags.ReferencedSeriesSequence, Item(1), new DataSet(), Item(2))
        .SetString(Tags.PatientName, Vr.PN, "Doe^Jane")
        .SetString(new Tag(0x0019, 0x0010), Vr.LO, "APPLIANCE TEST")
        .SetBytes(new Tag(0x0019, 0x1001), Vr.UN, new byte[] { 1, 2, 3, 4 })
        .SetDecimal(Tags.ImagePositionPatient, -1.5, 0.1, 1e-20)
        .SetUInt16(Tags.Rows, 2)
        .SetUInt16(Tags.Columns, 2)
        .SetUInt16(Tags.PixelRepresentation, 1)
        .SetInt16(Tags.SmallestImagePixelValue, -5)
        .SetFloat64(Tags.RealWorldValueSlope, 0.25)
        .SetString(Tags.TextValue, Vr.UT, "a text of odd length.")
        .SetBytes(Tags.PixelData, Vr.OW, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });

    private static DataSet Item(int number) => new DataSet()
        .SetIntegerString(Tags.InstanceNumber, number)
        .SetItems(Tags.ReferencedSOPSequence, new DataSet().SetString(Tags.ReferencedSOPInstanceUID, Vr.UI, "1.2.3.4"))
        .SetItems(Tags.PurposeOfReferenceCodeSequence);
}

/// <summary>Sequences within sequences, written by hand: our writer is not asked to do what our reader refuses.</summary>
internal static class Nesting
{
    public static byte[] Bytes(int depth, TransferSyntax syntax, bool isDefined)
    {
        int sequenceHeader = syntax.IsExplicit ? 12 : 8;
        int level = sequenceHeader + 8;
        byte[] bytes = new byte[depth * (isDefined ? level : level + 16)];
        for (int i = 0; i < depth; i++)
        {
            int rest = (depth - i) * level;
            Span<byte> at = bytes.AsSpan(i * level);
            Header(at, 0x0008, 0x1140, syntax.IsExplicit ? "SQ" : null, isDefined ? (uint)(rest - sequenceHeader) : uint.MaxValue);
            Header(at[sequenceHeader..], 0xFFFE, 0xE000, null, isDefined ? (uint)(rest - level) : uint.MaxValue);
            if (!isDefined)
            {
                Span<byte> end = bytes.AsSpan(bytes.Length - ((i + 1) * 16));
                Header(end, 0xFFFE, 0xE00D, null, 0);
                Header(end[8..], 0xFFFE, 0xE0DD, null, 0);
            }
        }

        return bytes;
    }

    private static void Header(Span<byte> at, ushort group, ushort element, string? vr, uint length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, group);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], element);
        if (vr is null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], length);
            return;
        }

        at[4] = (byte)vr[0];
        at[5] = (byte)vr[1];
        BinaryPrimitives.WriteUInt32LittleEndian(at[8..], length);
    }
}
