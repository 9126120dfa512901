using Appliance.Tests.House;

namespace Appliance.Tests.Dicom.Data.Judges;

/// <summary>pydicom or dcmtk, asked once for many files (dump.py).</summary>
internal static class Judge
{
    /// <summary>Debian's Python with pydicom, which the judges need beside dcmtk; skips the test where one is absent.</summary>
    public static string Python()
    {
        const string Interpreter = "/usr/bin/python3";
        Xunit.Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/pydicom/__init__.py"), "python3-pydicom is not installed");
        Xunit.Assert.SkipUnless(File.Exists("/usr/bin/dcm2xml"), "dcmtk is not installed");
        return Interpreter;
    }

    /// <summary>The elements of each file by path; a file that the judge cannot read has the one path "error".</summary>
    public static IReadOnlyList<Dictionary<string, DumpLine>> Dump(string judge, IReadOnlyList<string> files)
    {
        string folder = Directory.CreateTempSubdirectory("appliance-judge-").FullName;
        try
        {
            string list = Path.Combine(folder, "list");
            string result = Path.Combine(folder, "result");
            File.WriteAllLines(list, files);
            string script = Path.Combine(Checkout.Root, "tests", "Appliance.Tests", "Dicom", "Data", "Judges", "dump.py");
            (int status, _, string error) = Corpus.Run(Python(), script, judge, list, result);
            Xunit.Assert.True(status == 0, error);
            Dictionary<string, DumpLine>[] dumps = [.. files.Select(_ => new Dictionary<string, DumpLine>())];
            foreach (string line in File.ReadAllText(result).TrimEnd('\n').Split('\n'))
            {
                string[] columns = line.Split('\t');
                dumps[int.Parse(columns[0])][columns[1]] = new DumpLine(columns[1], columns[2], columns[3], columns[4]);
            }

            return dumps;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
