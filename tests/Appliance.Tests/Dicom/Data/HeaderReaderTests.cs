using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class HeaderReaderTests
{
    private static readonly TransferSyntax[] Syntaxes = [TransferSyntax.ExplicitLittleEndian, TransferSyntax.ImplicitLittleEndian];

    [Fact]
    public void A_header_is_complete_when_the_first_bytes_of_the_pixel_data_have_arrived()
    {
        foreach (TransferSyntax syntax in Syntaxes)
        {
            byte[] bytes = DataSetWriter.Write(SmallDataSet.Create(), syntax);
            int pixels = (int)PlaceOf(bytes, syntax).Offset;
            HeaderReader reader = new(syntax);

            Assert.Equal(HeaderState.Reading, reader.Take(bytes.AsSpan(0, pixels)));
            Assert.Equal(HeaderState.Complete, reader.Take(bytes.AsSpan(pixels, 12)));
            Assert.Equal("Doe^Jane", reader.Header!.GetString(Tags.PatientName));
            Assert.Equal(1L, reader.Header!.GetItem(Tags.ReferencedSeriesSequence)!.GetInteger(Tags.InstanceNumber));
            Assert.False(reader.Header!.Contains(Tags.PixelData));
        }
    }

    [Fact]
    public void Any_portions_give_the_same_header()
    {
        byte[] bytes = DataSetWriter.Write(SmallDataSet.Create(), TransferSyntax.ExplicitLittleEndian);
        for (int portion = 1; portion < 40; portion++)
        {
            HeaderReader reader = Feed(bytes, TransferSyntax.ExplicitLittleEndian, portion);

            Assert.Equal(HeaderState.Complete, reader.State);
            Assert.Equal(SmallDataSet.Create().Count - 1, reader.Header!.Count);
            Assert.Equal(PlaceOf(bytes, TransferSyntax.ExplicitLittleEndian), reader.PixelData);
        }
    }

    [Fact]
    public void Headers_of_the_corpus_are_those_of_the_whole_files()
    {
        int complete = 0;
        int whole = 0;
        foreach (CorpusFile file in Corpus.Files().Where(file => file.IsReadByBoth))
        {
            byte[] bytes = file.Bytes();
            Parsed<DicomFile> read = DicomFileReader.Read(bytes);
            int start = StartOfDataSet(bytes, read.Value!);
            HeaderReader reader = Feed(bytes.AsSpan(start), read.Value!.Syntax, 1000 + (file.Name.Length * 7));
            if (reader.End() == HeaderState.WholeObjectNeeded)
            {
                whole++;
                continue;
            }

            Assert.True(reader.State == HeaderState.Complete, $"{file.Name}: {reader.Malformed}");
            DataSet expected = read.Value.DataSet.Copy();
            foreach (Tag tag in expected.Select(element => element.Tag).Where(tag => tag.Value >= 0x7FE00008).ToArray())
            {
                expected.Remove(tag);
            }

            Assert.True(
                DataSetWriter.Write(expected, TransferSyntax.ExplicitLittleEndian)
                    .AsSpan()
                    .SequenceEqual(DataSetWriter.Write(reader.Header!, TransferSyntax.ExplicitLittleEndian)),
                file.Name);
            Assert.Equal(read.Value.DataSet.Contains(Tags.PixelData), reader.PixelData?.Tag == Tags.PixelData);
            complete++;
        }

        Assert.Equal((351, 5), (complete, whole));
    }

    [Fact]
    public void A_data_set_without_pixels_is_complete_at_its_end()
    {
        DataSet set = new DataSet().SetString(Tags.PatientID, Vr.LO, "1");
        HeaderReader reader = Feed(DataSetWriter.Write(set, TransferSyntax.ImplicitLittleEndian), TransferSyntax.ImplicitLittleEndian, 5);

        Assert.Equal(HeaderState.Reading, reader.State);
        Assert.Equal(HeaderState.Complete, reader.End());
        Assert.Null(reader.PixelData);
        Assert.Equal("1", reader.Header!.GetString(Tags.PatientID));
    }

    [Fact]
    public void A_header_beyond_its_limit_is_refused_before_it_is_kept()
    {
        DataSet set = new DataSet().SetBytes(Tags.EncapsulatedDocument, Vr.OB, new byte[100_000]);
        byte[] bytes = DataSetWriter.Write(set, TransferSyntax.ExplicitLittleEndian);
        HeaderReader reader = new(TransferSyntax.ExplicitLittleEndian, maxHeaderBytes: 5000);

        Assert.Equal(HeaderState.Malformed, reader.Take(bytes.AsSpan(0, 100)));
        Assert.Equal(MalformedReason.TooLong, reader.Malformed!.Reason);
    }

    [Fact]
    public void A_data_set_that_ends_inside_its_header_is_malformed_wherever_it_is_cut()
    {
        foreach (TransferSyntax syntax in Syntaxes)
        {
            byte[] bytes = DataSetWriter.Write(SmallDataSet.Create(), syntax);
            int pixels = (int)PlaceOf(bytes, syntax).Offset;
            for (int length = 0; length < pixels; length++)
            {
                HeaderReader reader = Feed(bytes.AsSpan(0, length), syntax, 16);
                HeaderState state = reader.End();

                Assert.True(state == HeaderState.Complete || reader.Malformed!.Reason == MalformedReason.Truncated, $"{length}: {state}");
            }
        }
    }

    [Fact]
    public void A_deflated_data_set_is_needed_whole() =>
        Assert.Equal(HeaderState.WholeObjectNeeded, new HeaderReader(TransferSyntax.Deflated).Take([1, 2, 3]));

    [Fact]
    public void Nesting_of_undefined_length_is_refused_beyond_its_limit()
    {
        byte[] bytes = Nesting.Bytes(1000, TransferSyntax.ExplicitLittleEndian, isDefined: false);
        HeaderReader reader = Feed(bytes, TransferSyntax.ExplicitLittleEndian, 64);

        Assert.Equal(HeaderState.Malformed, reader.State);
        Assert.Equal(MalformedReason.NestedTooDeep, reader.Malformed!.Reason);
    }

    private static HeaderReader Feed(ReadOnlySpan<byte> bytes, TransferSyntax syntax, int portion)
    {
        HeaderReader reader = new(syntax);
        for (int at = 0; at < bytes.Length; at += portion)
        {
            reader.Take(bytes.Slice(at, Math.Min(portion, bytes.Length - at)));
        }

        return reader;
    }

    private static PixelDataPlace PlaceOf(byte[] bytes, TransferSyntax syntax)
    {
        int headerBytes = syntax.IsExplicit ? 12 : 8;
        int value = bytes.Length - SmallDataSet.PixelBytes;
        return new PixelDataPlace(Tags.PixelData, Vr.OW, value - headerBytes, value, SmallDataSet.PixelBytes);
    }

    /// <summary>Where the data set of a file starts: what the reader shares memory with tells it.</summary>
    private static int StartOfDataSet(byte[] bytes, DicomFile file)
    {
        bool hasPreamble = (file.Oddities & Oddities.NoPreamble) == 0;
        int at = hasPreamble ? 132 : 0;
        while (at < bytes.Length && bytes[at] == 2 && bytes[at + 1] == 0)
        {
            bool isLong = bytes[at + 4] == 'O' && bytes[at + 5] == 'B';
            at += isLong ? 12 + BitConverter.ToInt32(bytes, at + 8) : 8 + BitConverter.ToUInt16(bytes, at + 6);
        }

        return at;
    }
}
