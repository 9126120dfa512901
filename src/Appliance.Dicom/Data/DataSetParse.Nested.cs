namespace Appliance.Dicom.Data;

/// <content>Sequences, items and fragments (PS3.5 7.5, A.4).</content>
internal ref partial struct DataSetParse
{
    /// <param name="end">Where the sequence ends; -1 when a delimiter ends it.</param>
    private bool ReadSequence(ref Scope scope, Tag tag, int end, Layout layout)
    {
        if (++depth > Limits.NestingLevels)
        {
            return Fail(MalformedReason.NestedTooDeep, position, $"sequences nested deeper than {Limits.NestingLevels} levels");
        }

        List<DataSet>? items = null;
        bool untilDelimiter = end < 0;
        int bound = untilDelimiter ? scope.End : end;
        while (untilDelimiter || position < bound)
        {
            int start = position;
            int size = ElementHeader.Read(bytes[position..bound], layout, out ElementHeader header);
            if (size == 0)
            {
                return Fail(MalformedReason.Truncated, start, $"the bytes end inside the sequence {tag}");
            }

            position += size;
            if (header.Tag == ElementHeader.SequenceEnd)
            {
                if (!untilDelimiter)
                {
                    Oddities |= Oddities.StrayDelimiter;
                    continue;
                }

                break;
            }

            if (header.Tag != ElementHeader.Item)
            {
                return Fail(MalformedReason.NotAnItem, start, $"something else than an item in the sequence {tag}");
            }

            if (ReadItem(ref scope, header, tag, bound, layout, start) is not DataSet item)
            {
                return false;
            }

            (items ??= new List<DataSet>(1)).Add(item);
        }

        depth--;
        scope.Set.Append(Element.FromItems(tag, items is null ? [] : items));
        return true;
    }

    private DataSet? ReadItem(ref Scope scope, ElementHeader header, Tag tag, int bound, Layout layout, int start)
    {
        int end = header.IsUndefined ? bound : (int)Math.Min(bound, position + (long)header.Length);
        if (!header.IsUndefined && header.Length > (uint)(bound - position))
        {
            // Directories are edited without their lengths; each element in the item is still checked against the end.
            if (tag != Tags.DirectoryRecordSequence)
            {
                MalformedReason reason = bound == bytes.Length ? MalformedReason.Truncated : MalformedReason.LengthBeyondEnd;
                Fail(reason, start, $"an item says {header.Length} bytes, {bound - position} are left");
                return null;
            }

            Oddities |= Oddities.ShortItem;
        }

        if (--elementsLeft < 0)
        {
            Fail(MalformedReason.TooManyElements, start, $"more than {Limits.DataSetElements} elements");
            return null;
        }

        DataSet item = new();
        item.Inherit(scope.Set);
        Layout actual = Noted(layout, ElementHeader.ImplicitWhereNoVr(bytes[position..end], layout));
        Scope inner = new(item, actual, end, header.IsUndefined) { PixelsAreSigned = scope.PixelsAreSigned };
        return ReadElements(ref inner) ? item : null;
    }

    private bool ReadFragments(ref Scope scope, Tag tag, Vr vr)
    {
        List<ReadOnlyMemory<byte>> fragments = new(2);
        while (true)
        {
            int start = position;
            int size = ElementHeader.Read(bytes[position..scope.End], scope.Layout, out ElementHeader header);
            if (size == 0)
            {
                return Fail(MalformedReason.Truncated, start, $"the fragments of {tag} have no end");
            }

            position += size;
            if (header.Tag == ElementHeader.SequenceEnd)
            {
                scope.Set.Append(Element.FromFragments(tag, vr, fragments));
                return true;
            }

            if (header.Tag != ElementHeader.Item)
            {
                return Fail(MalformedReason.NotAnItem, start, $"something else than a fragment in {tag}");
            }

            if (header.Length > (uint)(scope.End - position))
            {
                return Fail(MalformedReason.Truncated, start, $"a fragment says {header.Length} bytes, {scope.End - position} are left");
            }

            if (--elementsLeft < 0)
            {
                return Fail(MalformedReason.TooManyElements, start, $"more than {Limits.DataSetElements} fragments");
            }

            fragments.Add(memory.Slice(position, (int)header.Length));
            position += (int)header.Length;
        }
    }
}
