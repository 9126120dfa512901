using Appliance.Dicom.Data;
using Appliance.Tests.Dicom.Data.Judges;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

/// <summary>Every element of every file that both pydicom and dcmtk read, as they read it: VR, value, nesting.</summary>
public sealed class JudgedValuesTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_value_that_we_read_is_the_one_that_pydicom_reads()
    {
        CorpusFile[] files = [.. Corpus.Files().Where(file => file.IsReadByBoth)];
        Verdict verdict = Compare("pydicom", [.. files.Select(Read)], [.. files.Select(file => file.FullName)], _ => true);

        Assert.Equal(356, files.Length);
        verdict.Is(50_481, (Differences.PrivateDictionary, 2966), (Differences.PrivateGroupLength, 30));
    }

    [Fact]
    public void Every_value_that_we_read_is_the_one_that_dcmtk_reads()
    {
        CorpusFile[] files = [.. Corpus.Files().Where(file => file.IsReadByBoth)];
        Verdict verdict = Compare("dcmtk", [.. files.Select(Read)], [.. files.Select(file => file.FullName)], _ => true);

        verdict.Is(
            52_660,
            (Differences.CharacterSetOfDump, 360),
            (Differences.UnKept, 72),
            (Differences.UnKeptSequence, 18),
            (Differences.SixteenDigits, 24),
            (Differences.PixelSequence, 11),
            (Differences.PrivateDictionary, 510));
    }

    [Fact]
    public void What_we_write_has_the_same_values_to_pydicom() =>
        WriteAndCompare("pydicom").Is(47_609, (Differences.PrivateDictionary, 2966));

    [Fact]
    public void What_we_write_has_the_same_values_to_dcmtk() => WriteAndCompare("dcmtk").Is(
        49_848,
        (Differences.CharacterSetOfDump, 360),
        (Differences.SixteenDigits, 24),
        (Differences.PixelSequence, 11),
        (Differences.PrivateDictionary, 510));

    [Fact]
    public void Files_that_a_judge_refuses_are_read_or_refused_with_a_reason()
    {
        Dictionary<string, string> expected = new()
        {
            ["MR_truncated.dcm"] = "Truncated",
            ["rtplan_truncated.dcm"] = "Truncated",
            ["no_meta.dcm"] = "NotDicom",
            ["color3d_jpeg_baseline.dcm"] = "NotDicom",
            ["SC_rgb_jpeg.dcm"] = "read",
        };

        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            Corpus.Files().Where(file => !file.IsReadByBoth)
                .Select(file => (Path.GetFileName(file.Name), DicomFileReader.Read(file.Bytes()).Malformed?.Reason.ToString() ?? "read"))
                .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private Verdict WriteAndCompare(string judge)
    {
        CorpusFile[] files = [.. Corpus.Files().Where(file => file.IsReadByBoth)];
        string folder = Directory.CreateTempSubdirectory("appliance-written-").FullName;
        try
        {
            DicomFile[] read = [.. files.Select(Read)];
            string[] written = [.. read.Select((_, i) => Path.Combine(folder, $"{i}.dcm"))];
            for (int i = 0; i < files.Length; i++)
            {
                using FileStream stream = File.Create(written[i]);
                DicomFileWriter.Write(read[i] with { Syntax = SyntaxToWrite(read[i].Syntax) }, stream);
            }

            // File meta information is ours, group lengths are not written (PS3.5 7.2).
            return Compare(judge, read, written, path => !path.StartsWith("0002") && !path.EndsWith("0000"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DicomFile Read(CorpusFile file)
    {
        Parsed<DicomFile> read = DicomFileReader.Read(file.Bytes());
        Assert.False(read.Failed, $"{file.Name}: {read.Malformed}");
        return read.Value;
    }

    private static TransferSyntax SyntaxToWrite(TransferSyntax syntax) => syntax.IsBigEndian ? TransferSyntax.ExplicitLittleEndian : syntax;

    private Verdict Compare(string judge, DicomFile[] ours, string[] files, Func<string, bool> isCompared)
    {
        IReadOnlyList<Dictionary<string, DumpLine>> theirs = Judge.Dump(judge, files);
        Verdict verdict = new();
        for (int i = 0; i < files.Length; i++)
        {
            if (theirs[i].Remove("error", out DumpLine? error))
            {
                verdict.Unread++;
                output.WriteLine($"{judge} cannot read {files[i]}: {error.Value}");
                continue;
            }

            Dictionary<string, DumpLine> lines = OurDump.Of(ours[i]);
            bool IsKeptSequence(string path)
            {
                string sequence = path[..path.LastIndexOf('.')];
                return theirs[i].TryGetValue(sequence, out DumpLine? line)
                    ? line.Vr == "UN"
                    : sequence.Contains('.') && IsKeptSequence(sequence[..sequence.LastIndexOf('.')]);
            }

            foreach (string path in lines.Keys.Union(theirs[i].Keys).Where(isCompared))
            {
                verdict.Count(judge, files[i], path, lines.GetValueOrDefault(path), theirs[i].GetValueOrDefault(path), IsKeptSequence);
            }
        }

        output.WriteLine(verdict.ToString());
        return verdict;
    }

    private sealed class Verdict
    {
        public int Equal { get; private set; }

        public int Unread { get; set; }

        public SortedDictionary<string, int> Explained { get; } = new(StringComparer.Ordinal);

        public List<string> Unexplained { get; } = [];

        public void Count(string judge, string file, string path, DumpLine? ours, DumpLine? theirs, Func<string, bool> isKeptSequence)
        {
            if (ours is not null && theirs is not null && ours.Vr == theirs.Vr && ours.Value == theirs.Value)
            {
                Equal++;
            }
            else if (Differences.Explain(judge, path, ours, theirs, isKeptSequence) is string reason)
            {
                Explained[reason] = Explained.GetValueOrDefault(reason) + 1;
            }
            else
            {
                Unexplained.Add($"{Path.GetFileName(file)} {path}: ours {ours?.Vr} {ours?.Value}, {judge} {theirs?.Vr} {theirs?.Value}");
            }
        }

        public void Is(int equal, params (string Reason, int Count)[] explained)
        {
            Assert.Empty(Unexplained);
            Assert.Equal(0, Unread);
            Assert.Equal(equal, Equal);
            Assert.Equal(explained.ToDictionary(pair => pair.Reason, pair => pair.Count), new Dictionary<string, int>(Explained));
        }

        public override string ToString() =>
            $"{Equal} elements equal, {Unexplained.Count} unexplained"
            + string.Concat(Explained.Select(pair => $"\n{pair.Value} explained: {pair.Key}"));
    }
}
