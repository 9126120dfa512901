using System.Diagnostics;
using System.Runtime.CompilerServices;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

/// <summary>The independent judges of our objects: dciodvfy, dsrdump, and pydicom run by the scripts in Judges/.</summary>
internal sealed class Judge : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("appliance-objects-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public string PathOf(string name) => Path.Combine(folder, name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    public string Write(string name, DataSet dataSet) => Write(name, DicomFileWriter.Write(new DicomFile(
        FileMeta.Create(
            dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, TransferSyntax.ExplicitLittleEndian, "TEST"),
        TransferSyntax.ExplicitLittleEndian,
        dataSet)));

    /// <summary>dciodvfy knows the object by its IOD and checks it; each line that starts with Error is one.</summary>
    public static void DciodvfyFindsNoError(string file)
    {
        string output = Run("dciodvfy", file).Output;
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        string[] lines = output.Split('\n');
        Assert.DoesNotContain(lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains(lines, line => line is "Segmentation" or "SCImage" or "Comprehensive3DSR" or "GrayscaleSoftcopyPresentationState");
    }

    /// <summary>A script of Judges/ under pydicom: what it prints, exit status 0.</summary>
    public static string Pydicom(string script, params string[] arguments)
    {
        (int status, string output) = Run("/usr/bin/python3", [Path.Combine(Here(), "Judges", script), .. arguments]);
        Assert.True(status == 0, output);
        return output;
    }

    /// <summary>Skips the test where the judges are not installed.</summary>
    public static void AreHere()
    {
        const string python = "/usr/lib/python3/dist-packages/";
        string[] tools = ["/usr/bin/dciodvfy", "/usr/bin/dsrdump", python + "pydicom", python + "numpy"];
        foreach (string tool in tools)
        {
            Assert.SkipUnless(File.Exists(tool) || Directory.Exists(tool),
                $"{tool} is not installed (apt-get install dicom3tools dcmtk python3-pydicom)");
        }
    }

    public static (int Status, string Output) Run(string tool, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
