namespace Appliance.Dicom.Data;

/// <summary>What was bent in a file or data set that could still be read without guessing at values.</summary>
[Flags]
public enum Oddities
{
    None = 0,

    /// <summary>No 128 bytes and "DICM" before the file meta information (PS3.10 7.1).</summary>
    NoPreamble = 1 << 0,

    /// <summary>No file meta information at all: the layout was told from the first element.</summary>
    NoMeta = 1 << 1,

    /// <summary>No (0002,0000): the file meta information ends where group 0002 ends.</summary>
    NoMetaGroupLength = 1 << 2,

    /// <summary>(0002,0000) does not point to the end of group 0002; its end was taken.</summary>
    WrongMetaGroupLength = 1 << 3,

    /// <summary>File meta information without (0002,0010): the layout was told from the first element.</summary>
    NoTransferSyntax = 1 << 4,

    /// <summary>The data set is in implicit VR where the transfer syntax says explicit, or the other way round.</summary>
    OtherVrThanDeclared = 1 << 5,

    /// <summary>A VR that PS3.5 does not have, read as UN with a 32-bit length (PS3.5 7.1.2).</summary>
    UnknownVr = 1 << 6,

    /// <summary>A value of odd length, padded here.</summary>
    OddLength = 1 << 7,

    /// <summary>The same element twice; the last one counts.</summary>
    RepeatedElement = 1 << 8,

    /// <summary>Elements not in ascending order.</summary>
    Disordered = 1 << 9,

    /// <summary>A delimiter where nothing was open, passed over.</summary>
    StrayDelimiter = 1 << 10,

    /// <summary>A directory record whose length goes beyond its sequence, but whose elements do not (PS3.3 F.3).</summary>
    ShortItem = 1 << 11,

    /// <summary>VR UN for an element that PS3.6 has; read with its VR (PS3.5 6.2.2).</summary>
    UnForKnown = 1 << 12,
}
