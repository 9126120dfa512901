using System.Buffers.Binary;
using System.IO.Compression;
using Appliance.Dicom;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Data;

public sealed class MalformedTests(ITestOutputHelper output)
{
    private static readonly TransferSyntax Explicit = TransferSyntax.ExplicitLittleEndian;
    private static readonly TransferSyntax Implicit = TransferSyntax.ImplicitLittleEndian;

    [Fact]
    public void A_file_cut_at_any_byte_is_refused_or_ends_between_two_elements()
    {
        foreach (TransferSyntax syntax in new[] { Explicit, Implicit, TransferSyntax.Deflated })
        {
            DataSet set = SmallDataSet.Create();
            byte[] bytes = DicomFileWriter.Write(new DicomFile(FileMeta.Create("1.2", "1.2.3", syntax), syntax, set));
            int whole = 0;
            for (int length = 0; length < bytes.Length; length++)
            {
                Parsed<DicomFile> read = DicomFileReader.Read(bytes.AsMemory(0, length));
                whole += read.Failed ? 0 : 1;
                if (!read.Failed && !syntax.IsDeflated)
                {
                    byte[] again = DataSetWriter.Write(read.Value.DataSet, syntax);
                    Assert.True(bytes.AsSpan(0, length).EndsWith(again), $"cut at {length}: something is read that is not there");
                }
            }

            // One place for each element at the outermost level: 16 of the data set, 6 and the group length of the meta information.
            Assert.InRange(whole, 1, set.Count + 7);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nesting_of_a_thousand_levels_is_refused(bool isDefined)
    {
        foreach (TransferSyntax syntax in new[] { Explicit, Implicit })
        {
            Parsed<DataSet> read = DataSetReader.Read(Nesting.Bytes(1000, syntax, isDefined), syntax);

            Assert.Equal(MalformedReason.NestedTooDeep, read.Malformed?.Reason);
        }
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read()
    {
        Assert.False(DataSetReader.Read(Nesting.Bytes(Limits.NestingLevels, Explicit, isDefined: false), Explicit).Failed);
        Assert.False(DataSetReader.Read(Nesting.Bytes(Limits.NestingLevels, Implicit, isDefined: true), Implicit).Failed);
        Assert.True(DataSetReader.Read(Nesting.Bytes(Limits.NestingLevels + 1, Implicit, isDefined: true), Implicit).Failed);
    }

    [Theory]
    [InlineData("1000 1000 4C4F 0800 41424344", MalformedReason.Truncated, 0)]
    [InlineData("1000 1000 4C4F 0200 4141 E07F 1000 4F57 0000 FFFFFF7F 0000", MalformedReason.Truncated, 10)]
    [InlineData("0800 4011 5351 0000 1000 0000 FEFF 00E0 4000 0000 0000 0000 0000 0000", MalformedReason.Truncated, 12)]
    [InlineData("0800 4011 5351 0000 0800 0000 FEFF 00E0 4000 0000 1000 1000 4C4F 0000", MalformedReason.LengthBeyondEnd, 12)]
    [InlineData("0800 4011 5351 0000 1000 0000 FEFF 00E0 0800 0000 1000 1000 4C4F 0800 1000 2000", MalformedReason.LengthBeyondEnd, 20)]
    [InlineData("0800 4011 5351 0000 FFFFFFFF 1000 1000 4C4F 0000", MalformedReason.NotAnItem, 12)]
    [InlineData("1000 1000 5554 0000 FFFFFFFF", MalformedReason.UndefinedLength, 0)]
    [InlineData("1000 1000 4C4F 0000 1000 2000 4C31 0000 0000 0000", MalformedReason.BadVr, 8)]
    [InlineData("FEFF 00E0 0000 0000", MalformedReason.StrayDelimiter, 0)]
    [InlineData("E07F 1000 4F42 0000 FFFFFFFF FEFF 00E0 0000 0000", MalformedReason.Truncated, 20)]
    [InlineData("E07F 1000 4F42 0000 FFFFFFFF FEFF 00E0 FFFFFFFF", MalformedReason.Truncated, 12)]
    public void What_is_wrong_is_named_and_placed(string hex, MalformedReason reason, long offset)
    {
        Parsed<DataSet> read = DataSetReader.Read(Convert.FromHexString(hex.Replace(" ", "")), Explicit);

        Assert.Equal((reason, offset), (read.Malformed?.Reason, read.Malformed?.Offset));
    }

    [Fact]
    public void A_broken_deflated_stream_is_refused()
    {
        Parsed<DataSet> read = DataSetReader.Read(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, TransferSyntax.Deflated);

        Assert.Equal(MalformedReason.BadDeflate, read.Malformed?.Reason);
    }

    [Fact]
    public void What_inflates_beyond_its_limit_is_refused()
    {
        using MemoryStream bomb = new();
        using (DeflateStream deflate = new(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (long written = 0; written <= Limits.InflatedBytes; written += zeros.Length)
            {
                deflate.Write(zeros);
            }
        }

        Assert.Equal(MalformedReason.TooLong, DataSetReader.Read(bomb.ToArray(), TransferSyntax.Deflated).Malformed?.Reason);
    }

    [Fact]
    public void More_elements_than_the_limit_are_refused()
    {
        byte[] bytes = new byte[(Limits.DataSetElements + 1) * 8];
        for (int at = 0; at < bytes.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), 0x00100010);
        }

        Assert.Equal(MalformedReason.TooManyElements, DataSetReader.Read(bytes, Implicit).Malformed?.Reason);
    }

    [Fact]
    public void Elements_in_falling_order_are_sorted_once_and_of_two_the_last_stays()
    {
        byte[] bytes = Convert.FromHexString("2000130049530200342020001300495302003520100020004C4F02004142");
        DataSet read = DataSetReader.Read(bytes, Explicit, out Oddities oddities).Value!;

        Assert.Equal([Tags.PatientID, Tags.InstanceNumber], read.Select(element => element.Tag));
        Assert.Equal(5L, read.GetInteger(Tags.InstanceNumber));
        Assert.Equal(Oddities.Disordered | Oddities.RepeatedElement, oddities);
    }

    /// <summary>Seeds are printed with the failure; a run is the same each time.</summary>
    [Fact]
    public void Random_changes_of_real_files_never_throw()
    {
        CorpusFile[] files = [.. Corpus.Files().Where(file => new FileInfo(file.FullName).Length is > 0 and < 40_000)];
        int refused = 0;
        const int Runs = 6000;
        for (int seed = 0; seed < Runs; seed++)
        {
            Random random = new(seed);
            byte[] bytes = Mutate(files[seed % files.Length].Bytes(), random);
            try
            {
                Parsed<DicomFile> read = DicomFileReader.Read(bytes);
                refused += read.Failed ? 1 : 0;
                if (!read.Failed)
                {
                    Touch(read.Value.DataSet);
                    DicomFileWriter.Write(read.Value with { Syntax = read.Value.Syntax.IsExplicit ? Explicit : Implicit });
                }

                HeaderReader header = new(seed % 2 == 0 ? Explicit : Implicit);
                header.Take(bytes.AsSpan(Math.Min(bytes.Length, 132)));
                header.End();
            }
            catch (Exception thrown)
            {
                Assert.Fail($"seed {seed}, {files[seed % files.Length].Name}: {thrown}");
            }
        }

        output.WriteLine($"{Runs} mutated files, seeds 0 to {Runs - 1}: {refused} refused, the others read");
        Assert.InRange(refused, 1, Runs - 1);
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int cut = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
        bytes = bytes[..cut];
        for (int changes = random.Next(1, 12); changes > 0 && bytes.Length > 0; changes--)
        {
            // Most of the structure is at the start; 0xFF and 0xFE make undefined lengths and delimiters likely.
            int at = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 1500));
            bytes[at] = random.Next(3) switch
            {
                0 => 0xFF,
                1 => (byte)random.Next(256),
                _ => (byte)(bytes[at] ^ (1 << random.Next(8))),
            };
        }

        return bytes;
    }

    private static void Touch(DataSet set)
    {
        foreach (Element element in set)
        {
            set.GetString(element.Tag);
            set.GetStrings(element.Tag);
            set.GetDoubles(element.Tag);
            set.GetInteger(element.Tag);
            foreach (DataSet item in element.Items ?? [])
            {
                Touch(item);
            }
        }
    }
}
