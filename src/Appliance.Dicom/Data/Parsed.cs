using System.Diagnostics.CodeAnalysis;

namespace Appliance.Dicom.Data;

/// <summary>Why bytes are not what the standard says. Named, so that events and tests can tell them apart.</summary>
public enum MalformedReason
{
    /// <summary>The bytes end inside an element, an item or its header.</summary>
    Truncated,

    /// <summary>A value is longer than the stream, or than the item or sequence that holds it.</summary>
    LengthBeyondEnd,

    /// <summary>Sequences nested deeper than <see cref="Limits.NestingLevels"/>.</summary>
    NestedTooDeep,

    /// <summary>More elements than <see cref="Limits.DataSetElements"/>.</summary>
    TooManyElements,

    /// <summary>A header, or inflated data, longer than its limit.</summary>
    TooLong,

    /// <summary>Undefined length where the standard has none.</summary>
    UndefinedLength,

    /// <summary>Something else where an item or a delimiter has to be.</summary>
    NotAnItem,

    /// <summary>An item or delimiter where an element has to be.</summary>
    StrayDelimiter,

    /// <summary>The two bytes of the VR are no letters (PS3.5 7.1.2).</summary>
    BadVr,

    /// <summary>The deflated stream is broken (RFC 1951).</summary>
    BadDeflate,

    /// <summary>Neither file meta information nor a data set at the start.</summary>
    NotDicom,

    /// <summary>The image pixel module contradicts itself or the standard (PS3.3 C.7.6.3).</summary>
    BadPixelDescription,

    /// <summary>Compressed or native pixel data is broken, cut short, or another image than the data set describes.</summary>
    BadPixelStream,

    /// <summary>The items of an A-ASSOCIATE PDU contradict PS3.8 9.3, or one is missing.</summary>
    BadAssociatePdu,

    /// <summary>A command set without command field, or with elements of another group than 0000 (PS3.7 6.3).</summary>
    BadCommandSet,

    /// <summary>Pixel data in a transfer syntax that this build does not decode, or whose library is absent.</summary>
    TransferSyntax,
}

/// <summary>Bytes that cannot be read, as a value. The text never holds a value of an element, so it may be logged.</summary>
/// <param name="Offset">Where, in bytes from the start of what was read (of the inflated bytes where it was deflated).</param>
/// <param name="Text">One sentence in plain English.</param>
public sealed record Malformed(MalformedReason Reason, long Offset, string Text)
{
    public override string ToString() => $"{Reason} at byte {Offset}: {Text}";
}

/// <summary>A value, or what is wrong with the bytes.</summary>
public readonly struct Parsed<T>
    where T : class
{
    private Parsed(T? value, Malformed? malformed)
    {
        Value = value;
        Malformed = malformed;
    }

    public T? Value { get; }

    public Malformed? Malformed { get; }

    [MemberNotNullWhen(true, nameof(Malformed))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Malformed is not null;

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Malformed malformed) => new(null, malformed);
}
