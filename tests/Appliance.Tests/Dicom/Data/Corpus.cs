using System.Diagnostics;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

/// <summary>The real DICOM files of ../shared/data: one row of index.tsv each, unpacked once into out/dicomdata.</summary>
internal static class Corpus
{
    private static readonly Lock Once = new();
    private static string? unpacked;

    public static string Checkout => House.Checkout.Root;

    /// <summary>Skips the test where the shared data, or Debian's Python, is absent.</summary>
    public static IReadOnlyList<CorpusFile> Files()
    {
        string index = Path.Combine(Checkout, "..", "shared", "data", "index.tsv");
        Assert.SkipUnless(File.Exists(index), "../shared/data is not here: no real DICOM files to read");
        string[] lines = File.ReadAllLines(index);
        string[] names = lines[0].Split('\t');
        string folder = Unpack();
        return [.. lines.Skip(1).Select(line => new CorpusFile(folder, names, line.Split('\t')))];
    }

    /// <summary>One of them by its name, where somebody has unpacked them; skips the test where nobody has.</summary>
    public static string Unpacked(string name)
    {
        string path = Path.Combine("/tmp/dicomdata", name);
        Assert.SkipUnless(File.Exists(path), $"{path} is not here: bash ../shared/tools/data/unpack /tmp/dicomdata");
        return path;
    }

    /// <summary>Runs a program to its end and returns its exit status, standard output and standard error.</summary>
    public static (int Status, string Output, string Error) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static string Unpack()
    {
        lock (Once)
        {
            if (unpacked is null)
            {
                string target = Path.Combine(Checkout, "out", "dicomdata");
                (int status, _, string error) = Run(Path.Combine(Checkout, "..", "shared", "tools", "data", "unpack"), target);
                Assert.True(status == 0, error);
                unpacked = target;
            }

            return unpacked;
        }
    }
}

/// <summary>One row of index.tsv.</summary>
internal sealed class CorpusFile(string folder, string[] names, string[] columns)
{
    public string Name => columns[0];

    public string FullName => Path.Combine(folder, columns[0]);

    public string this[string column] => columns[Array.IndexOf(names, column)];

    /// <summary>Both judges read it (pydicom perhaps only when told to ignore that there is no header).</summary>
    public bool IsReadByBoth => this["pydicom"].StartsWith('y') && this["dcmdump"] == "y";

    public byte[] Bytes() => File.ReadAllBytes(FullName);
}
