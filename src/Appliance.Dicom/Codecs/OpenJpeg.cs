using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Codecs;

/// <summary>The functions of OpenJPEG that decode a codestream from memory, as its C header declares them.</summary>
/// <remarks>openjpeg.h 2.5, Debian's libopenjp2-7. A BOOL is an int; the library keeps no state outside of its objects.</remarks>
internal static unsafe partial class OpenJpeg
{
    public const string LibraryName = "libopenjp2.so.7";

    /// <summary>opj_dparameters_t holds two paths of 4096 characters, which nothing here uses; twice that is room enough.</summary>
    public const int DecoderParametersBytes = 16384;

    private static readonly Malformed? Absence = Absent(LibraryName);

    /// <summary>OPJ_CODEC_FORMAT.</summary>
    public enum Format
    {
        Codestream = 0,
        Jp2File = 2,
    }

    /// <summary>Null where the library is there.</summary>
    public static Malformed? WhyUnavailable => Absence;

    internal static Malformed? Absent(string library) => NativeLibrary.TryLoad(library, out _)
        ? null
        : new Malformed(
            MalformedReason.TransferSyntax, 0, $"JPEG 2000 is not decoded: {library} is not installed (Debian: apt install libopenjp2-7)");

    [LibraryImport(LibraryName, EntryPoint = "opj_create_decompress")]
    public static partial nint CreateDecompress(Format format);

    [LibraryImport(LibraryName, EntryPoint = "opj_destroy_codec")]
    public static partial void DestroyCodec(nint codec);

    [LibraryImport(LibraryName, EntryPoint = "opj_set_default_decoder_parameters")]
    public static partial void SetDefaultDecoderParameters(byte* parameters);

    [LibraryImport(LibraryName, EntryPoint = "opj_setup_decoder")]
    public static partial int SetupDecoder(nint codec, byte* parameters);

    [LibraryImport(LibraryName, EntryPoint = "opj_decoder_set_strict_mode")]
    public static partial int SetStrictMode(nint codec, int strict);

    [LibraryImport(LibraryName, EntryPoint = "opj_read_header")]
    public static partial int ReadHeader(nint stream, nint codec, out Image* image);

    [LibraryImport(LibraryName, EntryPoint = "opj_decode")]
    public static partial int Decode(nint codec, nint stream, Image* image);

    [LibraryImport(LibraryName, EntryPoint = "opj_end_decompress")]
    public static partial int EndDecompress(nint codec, nint stream);

    [LibraryImport(LibraryName, EntryPoint = "opj_image_destroy")]
    public static partial void DestroyImage(Image* image);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_create")]
    private static partial nint CreateStream(nuint bufferBytes, int isInput);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_destroy")]
    public static partial void DestroyStream(nint stream);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_set_user_data")]
    private static partial void SetUserData(nint stream, void* data, void* free);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_set_user_data_length")]
    private static partial void SetUserDataLength(nint stream, ulong bytes);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_set_read_function")]
    private static partial void SetReadFunction(nint stream, delegate* unmanaged[Cdecl]<byte*, nuint, Source*, nuint> read);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_set_skip_function")]
    private static partial void SetSkipFunction(nint stream, delegate* unmanaged[Cdecl]<long, Source*, long> skip);

    [LibraryImport(LibraryName, EntryPoint = "opj_stream_set_seek_function")]
    private static partial void SetSeekFunction(nint stream, delegate* unmanaged[Cdecl]<long, Source*, int> seek);

    /// <summary>
    /// A stream over <paramref name="source"/>, which must stay where it is until the stream is destroyed; 0 where there is no
    /// memory.
    /// </summary>
    public static nint OpenStream(Source* source)
    {
        // As large as the codestream, so that it is read by one call; the library asks for no more than 16 MB at once.
        nint stream = CreateStream((nuint)Math.Clamp(source->Length, 1024, 16 << 20), 1);
        if (stream != 0)
        {
            SetUserData(stream, source, null);
            SetUserDataLength(stream, (ulong)source->Length);
            SetReadFunction(stream, &Read);
            SetSkipFunction(stream, &Skip);
            SetSeekFunction(stream, &Seek);
        }

        return stream;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(byte* buffer, nuint bytes, Source* source)
    {
        long count = (long)Math.Min((ulong)bytes, (ulong)(source->Length - source->Position));
        if (count == 0)
        {
            return unchecked((nuint)(-1));
        }

        Buffer.MemoryCopy(source->Bytes + source->Position, buffer, (long)bytes, count);
        source->Position += count;
        return (nuint)count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long bytes, Source* source)
    {
        if (bytes < 0 || bytes > source->Length - source->Position)
        {
            return -1;
        }

        source->Position += bytes;
        return bytes;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long position, Source* source)
    {
        if (position < 0 || position > source->Length)
        {
            return 0;
        }

        source->Position = position;
        return 1;
    }

    /// <summary>What the callbacks read from.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Source
    {
        public byte* Bytes;
        public long Length;
        public long Position;
    }

    /// <summary>opj_image_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public uint X0;
        public uint Y0;
        public uint X1;
        public uint Y1;
        public uint ComponentCount;
        public int ColourSpace;
        public Component* Components;
        public byte* IccProfile;
        public uint IccProfileLength;
    }

    /// <summary>opj_image_comp_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Component
    {
        public uint Dx;
        public uint Dy;
        public uint Width;
        public uint Height;
        public uint X0;
        public uint Y0;
        public uint Precision;
        public uint BitsPerPixel;
        public uint IsSigned;
        public uint ResolutionsDecoded;
        public uint Factor;
        public int* Data;
        public ushort Alpha;
    }
}
