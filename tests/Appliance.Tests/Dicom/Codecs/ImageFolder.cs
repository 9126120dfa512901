using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>A temporary folder in which another program reads or writes our images; skips the test where that program is absent.</summary>
internal sealed class ImageFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("appliance-codecs-").FullName;

    public ImageFolder(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Any(path => File.Exists(System.IO.Path.Combine(path, program))),
        $"{program} is not installed");

    public string Path(string name) => System.IO.Path.Combine(folder, name);

    public string Write(string name, DicomFile file)
    {
        File.WriteAllBytes(Path(name), DicomFileWriter.Write(file));
        return Path(name);
    }

    /// <summary>Runs the program, which must succeed; returns its standard output.</summary>
    public string Run(string program, params string[] arguments)
    {
        (int status, string text, string error) = Corpus.Run(program, arguments);
        Assert.True(status == 0, $"{program}: {error}");
        return text;
    }

    public void Dispose() => Directory.Delete(folder, true);

    /// <summary>The header of a secondary capture image, without pixel data.</summary>
    public static DataSet Image(int rows, int columns, int samples, int bitsAllocated, int bitsStored)
    {
        DataSet dataSet = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.7")
            .SetString(Tags.SOPInstanceUID, Vr.UI, "2.25.1")
            .SetUInt16(Tags.SamplesPerPixel, (ushort)samples)
            .SetString(Tags.PhotometricInterpretation, Vr.CS, samples == 1 ? "MONOCHROME2" : "RGB")
            .SetUInt16(Tags.Rows, (ushort)rows)
            .SetUInt16(Tags.Columns, (ushort)columns)
            .SetUInt16(Tags.BitsAllocated, (ushort)bitsAllocated)
            .SetUInt16(Tags.BitsStored, (ushort)bitsStored)
            .SetUInt16(Tags.HighBit, (ushort)(bitsStored - 1))
            .SetUInt16(Tags.PixelRepresentation, 0);
        return samples == 1 ? dataSet : dataSet.SetUInt16(Tags.PlanarConfiguration, 0);
    }

    public static DicomFile FileOf(DataSet dataSet, TransferSyntax syntax) => new(
        FileMeta.Create("1.2.840.10008.5.1.4.1.1.7", "2.25.1", syntax, "TEST"), syntax, dataSet);
}
