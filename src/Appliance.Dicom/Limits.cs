namespace Appliance.Dicom;

/// <summary>Bounds of everything that comes over the wire or out of a file. What goes beyond is refused, never followed.</summary>
public static partial class Limits
{
    /// <summary>Sequences within sequences. A TID 1500 report has 10 levels; real objects stay below 20.</summary>
    public const int NestingLevels = 64;

    /// <summary>
    /// Elements and items of one data set, nested ones included: an enhanced image of 20,000 frames has 1.5 million. It bounds
    /// the memory that a stream of empty elements (8 bytes each) can take up.
    /// </summary>
    public const int DataSetElements = 2_000_000;

    /// <summary>A header before the pixels: CT has 10 KB, an enhanced image of 2,000 frames 6 MB.</summary>
    public const int HeaderBytes = 32 << 20;

    /// <summary>A deflated data set when inflated (PS3.5 A.5). It is used for small objects; 500 slices of 512x512 fit.</summary>
    public const int InflatedBytes = 1 << 28;

    /// <summary>The length of an explicit element with a 16-bit length field, even (PS3.5 7.1.2).</summary>
    public const int ShortValueBytes = 0xFFFE;

    /// <summary>
    /// Frames of a segmentation that we make: 1,000 slices with 100 segments. Each costs some 600 bytes of header, and
    /// viewers read the header of all frames before they show one.
    /// </summary>
    public const int SegmentationFrames = 100_000;

    /// <summary>Pixel data of a segmentation that we make: what one array holds, well below the 4 GiB of a value length.</summary>
    public const int SegmentationPixelDataBytes = 0x7FFF_0000;

    /// <summary>One decoded frame: a radiograph of 8192 x 8192 pixels of 16 bits has 128 MB. It keeps sizes within 32 bits.</summary>
    public const int FrameBytes = 256 << 20;

    /// <summary>Frames of one object; an enhanced CT of a whole body has 3,000.</summary>
    public const int Frames = 1 << 20;

    /// <summary>All decoded frames of an object when it is decompressed to be sent on; it must fit one array and one value field.</summary>
    public const int DecompressedBytes = 1 << 30;

    /// <summary>Tiles of a JPEG 2000 codestream: 8192 x 8192 pixels in tiles of 128. Each costs kilobytes before its first byte.</summary>
    public const int Jpeg2000Tiles = 4_096;
}
