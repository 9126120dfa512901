using System.Buffers.Binary;

namespace Appliance.Dicom.Data;

/// <summary>The second walk of <see cref="DataSetWriter"/>: elements into bytes.</summary>
internal sealed class DataSetOutput(ByteOutput output, DataSetLengths lengths)
{
    public void Write(DataSet set)
    {
        foreach (Element element in set)
        {
            if (DataSetLengths.IsWritten(element))
            {
                Write(element);
            }
        }
    }

    private void Write(Element element)
    {
        if (element.Items is IReadOnlyList<DataSet> items)
        {
            uint length = lengths.Take();
            bool isOpenEnded = lengths.IsOpenEnded(element);
            Header(element, isOpenEnded ? ElementHeader.Undefined : length);
            for (int i = 0; i < items.Count; i++)
            {
                Marker(ElementHeader.Item, lengths.Take());
                Write(items[i]);
            }

            if (isOpenEnded)
            {
                Marker(ElementHeader.SequenceEnd, 0);
            }
        }
        else if (element.Fragments is IReadOnlyList<ReadOnlyMemory<byte>> fragments)
        {
            Header(element, ElementHeader.Undefined);
            for (int i = 0; i < fragments.Count; i++)
            {
                int odd = fragments[i].Length & 1;
                Marker(ElementHeader.Item, (uint)(fragments[i].Length + odd));
                output.Bytes(fragments[i].Span);
                output.Take(odd).Clear();
            }

            Marker(ElementHeader.SequenceEnd, 0);
        }
        else
        {
            Header(element, (uint)element.ValueBytes);
            Value(element);
        }
    }

    private void Value(Element element)
    {
        if (element.Parts is not IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            output.Bytes(element.Value.Span);
            return;
        }

        for (int i = 0; i < parts.Count; i++)
        {
            output.Bytes(parts[i].Span);
        }
    }

    private void Header(Element element, uint length)
    {
        bool isLong = DataSetLengths.HasLongHeader(element);
        Span<byte> at = output.Take(lengths.IsExplicit && isLong ? 12 : 8);
        TagInto(at, element.Tag.Value);
        if (!lengths.IsExplicit)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], length);
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(at[4..], (ushort)DataSetLengths.VrWritten(element));
        if (isLong)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at[6..], 0);
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], length);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at[6..], (ushort)length);
        }
    }

    private void Marker(uint tag, uint length)
    {
        Span<byte> at = output.Take(8);
        TagInto(at, tag);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], length);
    }

    private static void TagInto(Span<byte> at, uint tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)tag);
    }
}
