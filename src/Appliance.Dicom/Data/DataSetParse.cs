using System.Buffers.Binary;
using System.Diagnostics;

namespace Appliance.Dicom.Data;

/// <summary>One reading of a data set from bytes that are all there. Values are slices of them, nothing is copied.</summary>
/// <remarks>
/// PS3.5 7.1, 7.5, A.4, 6.2.2. Recursive, one level for a sequence and its items, never deeper than
/// <see cref="Limits.NestingLevels"/>. The first thing that is wrong ends it: methods then return false and
/// <see cref="Malformed"/> says what and where.
/// </remarks>
internal ref partial struct DataSetParse
{
    private readonly ReadOnlyMemory<byte> memory;
    private readonly ReadOnlySpan<byte> bytes;
    private int position;
    private int depth;
    private int elementsLeft;

    /// <summary>Elements of implicit VR whose VR depends on Pixel Representation but that came before it.</summary>
    private List<(DataSet Set, Tag Tag)>? early;

    public DataSetParse(ReadOnlyMemory<byte> memory, int start = 0)
    {
        this.memory = memory;
        bytes = memory.Span;
        position = start;
        elementsLeft = Limits.DataSetElements;
    }

    public Malformed? Malformed { get; private set; }

    public Oddities Oddities { get; private set; }

    public readonly int Position => position;

    /// <summary>Reads to the end of the bytes.</summary>
    public DataSet? ReadToEnd(Layout layout)
    {
        Layout actual = Noted(layout, ElementHeader.ShownBy(bytes[position..], layout));
        DataSet set = new();
        Scope scope = new(set, actual, bytes.Length, UntilDelimiter: false);
        if (!ReadElements(ref scope))
        {
            return null;
        }

        ResolveEarly(scope.PixelsAreSigned);
        return set;
    }

    /// <summary>Reads the elements of group 0002 and stops before the first of another group (PS3.10 7.1).</summary>
    public DataSet? ReadMeta()
    {
        DataSet set = new();
        Layout layout = Noted(Layout.ExplicitLittle, ElementHeader.ShownBy(bytes[position..], Layout.ExplicitLittle));
        Scope scope = new(set, layout, bytes.Length, UntilDelimiter: false);
        while (position < bytes.Length)
        {
            if (bytes.Length - position >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(bytes[position..]) != 0x0002)
            {
                break;
            }

            if (!ReadElement(ref scope))
            {
                return null;
            }
        }

        Oddities |= set.Close();
        return set;
    }

    /// <summary>A data set or item being read: where it ends and what its elements need to know.</summary>
    private record struct Scope(DataSet Set, Layout Layout, int End, bool UntilDelimiter)
    {
        /// <summary>Pixel Representation of this set or, where it has none, of the one around it.</summary>
        public bool? PixelsAreSigned { get; set; }

        public bool IsClosed { get; set; }
    }

    private bool ReadElements(ref Scope scope)
    {
        while (position < scope.End && !scope.IsClosed)
        {
            if (!ReadElement(ref scope))
            {
                return false;
            }
        }

        if (scope.UntilDelimiter && !scope.IsClosed)
        {
            return Fail(MalformedReason.Truncated, position, "an item of undefined length has no end");
        }

        Oddities |= scope.Set.Close();
        return true;
    }

    private bool ReadElement(ref Scope scope)
    {
        int start = position;
        int size = ElementHeader.Read(bytes[position..scope.End], scope.Layout, out ElementHeader header);
        if (size == 0)
        {
            return Fail(MalformedReason.Truncated, start, "the bytes end inside the header of an element");
        }

        position += size;
        if (header.IsDelimiter)
        {
            return ReadDelimiter(ref scope, header, start);
        }

        if (--elementsLeft < 0)
        {
            return Fail(MalformedReason.TooManyElements, start, $"more than {Limits.DataSetElements} elements");
        }

        Tag tag = new(header.Tag);
        Vr vr = (Vr)header.Code;
        if (scope.Layout == Layout.ImplicitLittle)
        {
            vr = ImplicitVr(tag, ref scope);
        }
        else if (!vr.IsKnown())
        {
            if (!header.HasLetters)
            {
                return Fail(MalformedReason.BadVr, start, $"the VR of {tag} is no pair of letters");
            }

            vr = Vr.UN;
            Oddities |= Oddities.UnknownVr;
        }

        if (header.IsUndefined)
        {
            return ReadUndefined(ref scope, tag, vr, start);
        }

        return vr == Vr.UN && scope.Layout == Layout.ExplicitLittle && ImplicitVr(tag, ref scope) is var known and not Vr.UN
            ? ReadKnownUnknown(ref scope, tag, known, header.Length, start)
            : ReadDefined(ref scope, tag, vr, scope.Layout, header.Length, start);
    }

    /// <summary>
    /// UN though PS3.6 has the element: some convert so what they do not know. The value is as in implicit VR little endian (PS3.5
    /// 6.2.2); where it does not read as one of its VR, it stays UN.
    /// </summary>
    private bool ReadKnownUnknown(ref Scope scope, Tag tag, Vr known, uint length, int start)
    {
        (int Position, int Depth, int ElementsLeft) before = (position, depth, elementsLeft);
        int count = scope.Set.Count;
        if (length % (uint)known.WordLength() == 0 && ReadDefined(ref scope, tag, known, Layout.ImplicitLittle, length, start))
        {
            Oddities |= Oddities.UnForKnown;
            return true;
        }

        Debug.Assert(scope.Set.Count == count, "a value that failed was kept");
        Malformed = null;
        (position, depth, elementsLeft) = before;
        return ReadDefined(ref scope, tag, Vr.UN, scope.Layout, length, start);
    }

    private bool ReadDelimiter(ref Scope scope, ElementHeader header, int start)
    {
        if (header.Tag == ElementHeader.ItemEnd && scope.UntilDelimiter)
        {
            scope.IsClosed = true;
            return true;
        }

        if (header.Tag != ElementHeader.Item && header.Length == 0 && !scope.UntilDelimiter)
        {
            Oddities |= Oddities.StrayDelimiter;
            return true;
        }

        return Fail(MalformedReason.StrayDelimiter, start, "an item or delimiter stands where an element has to be");
    }

    /// <param name="layout">Of the value: its byte order and, in a sequence, its VR form.</param>
    private bool ReadDefined(ref Scope scope, Tag tag, Vr vr, Layout layout, uint length, int start)
    {
        if (length > (uint)(scope.End - position))
        {
            MalformedReason reason = scope.End == bytes.Length ? MalformedReason.Truncated : MalformedReason.LengthBeyondEnd;
            return Fail(reason, start, $"{tag} says {length} bytes, {scope.End - position} are left");
        }

        int end = position + (int)length;
        if (vr == Vr.SQ)
        {
            return ReadSequence(ref scope, tag, end, layout);
        }

        ReadOnlyMemory<byte> value = memory[position..end];
        position = end;
        if ((length & 1) == 1)
        {
            Oddities |= Oddities.OddLength;
        }

        if (layout == Layout.ExplicitBig)
        {
            value = ByteOrder.Swapped(value, vr.WordLength());
        }

        Element element = Element.FromBytes(tag, vr, value);
        if (tag == Tags.PixelRepresentation && value.Length >= 2)
        {
            scope.PixelsAreSigned = BinaryPrimitives.ReadUInt16LittleEndian(value.Span) == 1;
        }

        scope.Set.Append(element);
        return true;
    }

    /// <summary>A sequence, encapsulated pixel data, or UN, whose inside is then implicit VR little endian (PS3.5 6.2.2).</summary>
    private bool ReadUndefined(ref Scope scope, Tag tag, Vr vr, int start)
    {
        if (vr is Vr.OB or Vr.OW)
        {
            return ReadFragments(ref scope, tag, vr);
        }

        if (vr is Vr.SQ or Vr.UN)
        {
            return ReadSequence(ref scope, tag, end: -1, vr == Vr.UN ? Layout.ImplicitLittle : scope.Layout);
        }

        return Fail(MalformedReason.UndefinedLength, start, $"{tag} of VR {vr} has undefined length");
    }

    private Vr ImplicitVr(Tag tag, ref Scope scope)
    {
        Vr vr = DataDictionary.VrOf(tag, scope.PixelsAreSigned ?? false);
        if (vr == Vr.US && scope.PixelsAreSigned is null && DataDictionary.DependsOnPixelRepresentation(tag))
        {
            (early ??= []).Add((scope.Set, tag));
        }

        return vr;
    }

    private readonly void ResolveEarly(bool? pixelsAreSigned)
    {
        if (early is null || pixelsAreSigned is not true)
        {
            return;
        }

        foreach ((DataSet set, Tag tag) in early)
        {
            set.Put(Element.FromBytes(tag, Vr.SS, set.GetBytes(tag)));
        }
    }

    private Layout Noted(Layout declared, Layout actual)
    {
        Oddities |= declared == actual ? Oddities.None : Oddities.OtherVrThanDeclared;
        return actual;
    }

    private bool Fail(MalformedReason reason, int offset, string text)
    {
        Malformed ??= new Malformed(reason, offset, text);
        return false;
    }
}
