using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>Real files and their decoded pixels in the layouts of index.tsv.</summary>
internal static class PixelFiles
{
    /// <summary>The file's bytes; ct-abdomen-20 is not in the archive but next to it.</summary>
    public static byte[] Bytes(CorpusFile file) => File.Exists(file.FullName)
        ? file.Bytes()
        : File.ReadAllBytes(Path.Combine(Corpus.Checkout, "..", "shared", "data", file.Name));

    /// <summary>The file of that name, or end of a path.</summary>
    public static DicomFile Read(string name)
    {
        CorpusFile file = Corpus.Files().First(file => file.Name.EndsWith(name, StringComparison.Ordinal));
        Parsed<DicomFile> parsed = DicomFileReader.Read(Bytes(file));
        return parsed.Value ?? throw new InvalidOperationException($"{name}: {parsed.Malformed}");
    }

    /// <summary>All frames one after another in a layout of index.tsv.</summary>
    public static Parsed<byte[]> AllFrames(DicomFile file, string layout)
    {
        Parsed<PixelDataReader> reader = PixelDataReader.Open(file.DataSet, file.Syntax);
        if (reader.Failed)
        {
            return reader.Malformed;
        }

        List<byte[]> frames = [];
        for (int i = 0; i < reader.Value.Description.Frames; i++)
        {
            Parsed<DecodedFrame> frame = reader.Value.Decode(i);
            if (frame.Failed)
            {
                return frame.Malformed;
            }

            frames.Add(layout switch
            {
                "planar" => Planes(frame.Value),
                "interleaved 4:2:2" => HalfChroma(frame.Value.Pixels.Span),
                _ => frame.Value.Pixels.ToArray(),
            });
        }

        byte[] all = [.. frames.SelectMany(frame => frame)];
        return layout == "packed bits" ? Packed(all) : all;
    }

    private static byte[] Planes(DecodedFrame frame)
    {
        int size = frame.BitsAllocated / 8;
        byte[] planes = new byte[frame.Pixels.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            int cell = i / size;
            int plane = cell % frame.Samples;
            planes[(((plane * frame.Rows * frame.Columns) + (cell / frame.Samples)) * size) + (i % size)] = frame.Pixels.Span[i];
        }

        return planes;
    }

    private static byte[] HalfChroma(ReadOnlySpan<byte> pixels)
    {
        byte[] pairs = new byte[pixels.Length / 6 * 4];
        for (int from = 0, to = 0; from < pixels.Length; from += 6, to += 4)
        {
            (pairs[to], pairs[to + 1], pairs[to + 2], pairs[to + 3]) = (pixels[from], pixels[from + 3], pixels[from + 1], pixels[from + 2]);
        }

        return pairs;
    }

    private static byte[] Packed(byte[] bits)
    {
        byte[] packed = new byte[(bits.Length + 7) / 8];
        for (int i = 0; i < bits.Length; i++)
        {
            packed[i / 8] |= (byte)(bits[i] << (i % 8));
        }

        return packed;
    }
}
