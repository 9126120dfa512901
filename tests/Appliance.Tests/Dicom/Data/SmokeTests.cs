using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class SmokeTests(ITestOutputHelper output)
{
    [Fact]
    public void Files_of_the_corpus_have_the_elements_that_pydicom_counted()
    {
        int bad = 0;
        foreach (CorpusFile file in Corpus.Files())
        {
            Parsed<DicomFile> read = DicomFileReader.Read(file.Bytes());
            string result = read.Failed ? read.Malformed.ToString() : read.Value.DataSet.Count(e => e.Tag.Group != 2).ToString();
            if (!file.IsReadByBoth) { output.WriteLine($"[{file["pydicom"]}/{file["dcmdump"]}] {file.Name}: {file["elements"]} ours {result}"); }
            else if (result != file["elements"]) { bad++; output.WriteLine($"{file.Name}: {file["elements"]} ours {result}"); }
            if (!read.Failed)
            {
                var again = DicomFileReader.Read(DicomFileWriter.Write(read.Value with { Syntax = read.Value.Syntax.IsBigEndian ? TransferSyntax.ExplicitLittleEndian : read.Value.Syntax }));
                if (again.Failed) { output.WriteLine("again: " + again.Malformed + file.Name); bad++; }
            }
        }
        Assert.Equal(0, bad);
    }
}
