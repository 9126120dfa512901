using System.Globalization;
using System.Security.Cryptography;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>Every pixel of the real files against hashes made by pydicom, dcmtk, GDCM and Pillow.</summary>
public sealed class PixelHashTests(ITestOutputHelper output)
{
    /// <summary>Files with a hash that we do not reproduce, and why that is right.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["sample-op.dcm"] = "a baseline (lossy) JPEG codestream under the UID of the lossless process",
        ["badVR.dcm"] = "number of frames is \"1A\", while the value field has room for 15: a contradiction, not a frame",
    };

    [Fact]
    public void Every_real_file_in_a_supported_syntax_decodes_to_the_pixels_of_the_other_decoders()
    {
        List<string> failures = [];
        SortedDictionary<string, int> equal = [];
        int exceptions = 0;
        foreach (CorpusFile file in Corpus.Files().Where(file => file["pixels_sha256"].Length > 0))
        {
            Parsed<DicomFile> parsed = DicomFileReader.Read(PixelFiles.Bytes(file));
            if (parsed.Failed)
            {
                failures.Add($"{file.Name}: not read: {parsed.Malformed}");
                continue;
            }

            if (!PixelDataReader.Supports(parsed.Value.Syntax))
            {
                continue;
            }

            string? difference = Difference(file, parsed.Value);
            if (difference is null)
            {
                equal[parsed.Value.Syntax.Name] = equal.GetValueOrDefault(parsed.Value.Syntax.Name) + 1;
            }
            else if (Exceptions.TryGetValue(Path.GetFileName(file.Name), out string? why))
            {
                exceptions++;
                output.WriteLine($"exception: {file.Name}: {difference}: {why}");
            }
            else
            {
                failures.Add($"{file.Name}: {difference}");
            }
        }

        foreach ((string syntax, int count) in equal)
        {
            output.WriteLine($"{count,4} {syntax}");
        }

        output.WriteLine($"{equal.Values.Sum(),4} files with equal pixels, {exceptions} explained exceptions");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
        Assert.Equal(Exceptions.Count, exceptions);
    }

    [Fact]
    public void Every_real_file_in_another_syntax_is_refused_for_its_transfer_syntax()
    {
        int refused = 0;
        foreach (CorpusFile file in Corpus.Files().Where(file => file["pixels_sha256"].Length > 0))
        {
            Parsed<DicomFile> parsed = DicomFileReader.Read(PixelFiles.Bytes(file));
            if (!parsed.Failed && !PixelDataReader.Supports(parsed.Value.Syntax))
            {
                Assert.Equal(MalformedReason.TransferSyntax, PixelDataReader.Decode(parsed.Value, 0).Malformed?.Reason);
                Assert.True(Transcode.ToExplicitLittleEndian(parsed.Value).Malformed?.Reason == MalformedReason.TransferSyntax, file.Name);
                refused++;
            }
        }

        output.WriteLine($"{refused} files refused");
        Assert.True(refused > 20);
    }

    private static string? Difference(CorpusFile file, DicomFile dicom)
    {
        Parsed<byte[]> pixels = PixelFiles.AllFrames(dicom, file["pixels_layout"]);
        if (pixels.Failed)
        {
            return pixels.Malformed.ToString();
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(pixels.Value));
        if (hash == file["pixels_sha256"])
        {
            return null;
        }

        string sizes = $"{pixels.Value.Length} bytes, expected {file["pixels_bytes"]}";
        return file["lossy"] == "y" && IsClose(file, dicom, pixels.Value) ? null : $"other pixels ({sizes})";
    }

    /// <summary>Lossy JPEG 2000: decoders may differ by rounding, so that minimum, maximum and mean may by one.</summary>
    private static bool IsClose(CorpusFile file, DicomFile dicom, byte[] pixels)
    {
        bool isSigned = dicom.DataSet.GetInteger(Tags.PixelRepresentation) == 1;
        double[] cells = dicom.DataSet.GetInteger(Tags.BitsAllocated) == 16
            ? [.. Enumerable.Range(0, pixels.Length / 2).Select(i => isSigned
                ? BitConverter.ToInt16(pixels, 2 * i)
                : (double)BitConverter.ToUInt16(pixels, 2 * i))]
            : [.. pixels.Select(value => (double)value)];
        return pixels.Length == Number(file["pixels_bytes"])
            && Math.Abs(cells.Min() - Number(file["pixels_min"])) <= 1
            && Math.Abs(cells.Max() - Number(file["pixels_max"])) <= 1
            && Math.Abs(cells.Average() - Number(file["pixels_mean"])) <= 0.05;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
