using System.Text;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class SourceHeaderTests
{
    [Theory]
    [InlineData("ISO_IR 100")]
    [InlineData("ISO_IR 192")]
    [InlineData("ISO_IR 144")]
    public void A_kept_header_has_the_same_texts_and_none_of_the_bulk(string characterSet)
    {
        string text = characterSet == "ISO_IR 144" ? "Брюшная полость" : "Lebergefäße";
        DataSet written = new DataSet()
            .SetString(Tags.SpecificCharacterSet, Vr.CS, characterSet)
            .SetString(Tags.SeriesDescription, Vr.LO, text)
            .SetItems(Tags.ProcedureCodeSequence, new DataSet().SetString(Tags.CodeMeaning, Vr.LO, text))
            .SetBytes(new Tag(0x0029, 0x1010), Vr.OB, Encoding.ASCII.GetBytes("private"))
            .SetBytes(Tags.PixelData, Vr.OW, new byte[1000]);
        byte[] file = DataSetWriter.Write(written, TransferSyntax.ExplicitLittleEndian);
        DataSet read = DataSetReader.Read(file, TransferSyntax.ExplicitLittleEndian).Value!;

        DataSet kept = SourceHeader.Keep(read);
        Array.Clear(file); // What is kept must not look into the file's memory.
        Assert.Equal(characterSet, kept.GetString(Tags.SpecificCharacterSet));
        Assert.Equal(text, kept.GetString(Tags.SeriesDescription));
        Assert.Equal(text, kept.GetItem(Tags.ProcedureCodeSequence)?.GetString(Tags.CodeMeaning));
        Assert.Equal(3, kept.Count);
    }
}
