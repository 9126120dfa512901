using System.Text.Json;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Pictures that are drawn on the box from the journal; Skia is the judge of what a browser would show.</summary>
public sealed class StudyPicturesTests : IDisposable
{
    private const int Rows = 16, Columns = 24, Slices = 5;
    private const string StudyUid = "1.2.3", SeriesUid = "1.2.3.4", NeverShown = "DOE^JANE";

    private static readonly string Key = JournalEntry.Hash(StudyUid)[..Appliance.Daemon.Limits.StudyKeyDigits];
    private static readonly string Series = JournalEntry.Hash(SeriesUid);

    private readonly Scratch scratch = new();
    private readonly FakeTimeProvider time = new();
    private readonly Journal journal;
    private readonly StudyPictures pictures;

    public StudyPicturesTests()
    {
        journal = new Journal(scratch.Folder, []);
        pictures = new StudyPictures(journal.Studies, time);
    }

    public void Dispose()
    {
        pictures.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public void Slices_stand_in_their_place_along_the_patient_whatever_the_order_in_which_they_came()
    {
        foreach (int slice in (int[])[3, 0, 4, 1, 2])
        {
            Store(Slice(slice));
        }

        Assert.Equal(Slices, Describe().GetProperty("slices").GetInt32());
        for (int slice = 0; slice < Slices; slice++)
        {
            using SKBitmap shown = Draw($"{slice}", "c=100&w=200&exact");

            // The slice is as many Hounsfield units bright as 40 times its place.
            Assert.Equal((Columns, Rows), (shown.Width, shown.Height));
            Assert.Equal(slice * 40 * 255 / 200, shown.GetPixel(3, 3).Red);
        }
    }

    [Theory]
    [InlineData("c=0&w=400&exact", 127 + 51)]
    [InlineData("c=80&w=2&exact", 127)]
    [InlineData("c=1000&w=100&exact", 0)]
    [InlineData("c=-1000&w=100&exact", 255)]
    [InlineData("c=nonsense&w=-5&exact", 255)]
    public void The_window_decides_which_grey_a_value_is(string query, int expected)
    {
        Store(Slice(2));
        Store(Slice(1));

        using SKBitmap shown = Draw("1", query);

        Assert.Equal(expected, shown.GetPixel(3, 3).Red);
    }

    [Fact]
    public void While_somebody_scrolls_the_picture_is_a_JPEG_of_the_same_grey()
    {
        Store(Slice(2));

        (string type, byte[] file) = pictures.Answer($"/v1/studies/{Key}/{Series}/0", Query("c=100&w=200"))!.Value;
        using SKBitmap shown = SKBitmap.Decode(file);

        Assert.Equal("image/jpeg", type);
        Assert.InRange(shown.GetPixel(3, 3).Red, 98, 106);
    }

    [Fact]
    public void Organs_lie_where_the_segmentation_has_them_in_its_colours_with_the_volumes_of_the_report()
    {
        DicomFile[] sources = [.. Enumerable.Range(0, Slices).Select(Slice)];
        foreach (DicomFile source in sources)
        {
            Store(source);
        }

        Assert.Equal(JsonValueKind.Null, Describe().GetProperty("organs").ValueKind);
        Assert.Null(pictures.Answer($"/v1/studies/{Key}/{Series}/0/colours", Query("")));
        Analyse(sources);

        JsonElement organ = Assert.Single(Describe().GetProperty("organs").EnumerateArray());
        using SKBitmap slice2 = Draw("2/colours", "");
        using SKBitmap slice3 = Draw("3/colours", "");

        Assert.Equal(("Liver", 12.5), (organ.GetProperty("name").GetString(), organ.GetProperty("ml").GetDouble()));
        Assert.Equal("#dd543c", organ.GetProperty("colour").GetString());
        Assert.Equal(new SKColor(0xdd, 0x54, 0x3c, 255), slice2.GetPixel(8, 4));
        Assert.InRange(slice2.GetPixel(12, 8).Alpha, 60, 140);
        Assert.Equal(0, slice2.GetPixel(7, 4).Alpha);
        Assert.Equal(0, slice3.GetPixel(12, 8).Alpha);
    }

    [Fact]
    public void Nothing_that_the_page_is_told_of_a_study_names_a_patient()
    {
        Store(Slice(0));

        (string _, byte[] told) = pictures.Answer($"/v1/studies/{Key}", Query(""))!.Value;
        string text = System.Text.Encoding.UTF8.GetString(told);

        Assert.DoesNotContain(NeverShown, text, StringComparison.Ordinal);
        Assert.DoesNotContain(StudyUid, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/studies/0000000000000000")]
    [InlineData("/v1/studies/..")]
    [InlineData("/v1/studies/*")]
    [InlineData("/v1/studies/KEY/SERIES/1")]
    [InlineData("/v1/studies/KEY/SERIES/99999")]
    [InlineData("/v1/studies/KEY/SERIES/-1")]
    [InlineData("/v1/studies/KEY/results-SERIES/0")]
    [InlineData("/v1/studies/KEY/../0")]
    public void What_is_not_there_is_not_shown(string path)
    {
        Store(Slice(0));
        string asked = path.Replace("KEY", Key, StringComparison.Ordinal).Replace("SERIES", Series, StringComparison.Ordinal);

        Assert.Null(pictures.Answer(asked, Query("")));
    }

    [Fact]
    public void A_study_that_is_removed_while_somebody_looks_is_gone_and_nothing_breaks()
    {
        Store(Slice(0));
        Describe();

        Assert.True(journal.Remove(JournalEntry.Hash(StudyUid), journal.ChangesOf(JournalEntry.Hash(StudyUid))));

        Assert.Null(pictures.Answer($"/v1/studies/{Key}/{Series}/0", Query("")));
        Assert.Null(pictures.Answer($"/v1/studies/{Key}", Query("")));
    }

    [Fact]
    public void An_opened_study_is_closed_when_nobody_looks_and_opened_again_when_somebody_does()
    {
        Store(Slice(0));
        Describe();

        time.Advance(TimeSpan.FromMilliseconds(Appliance.Daemon.Limits.OpenStudyMs + 1));

        using SKBitmap again = Draw("0", "");
        Assert.Equal(Columns, again.Width);
    }

    private static QueryCollection Query(string text) => new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text));

    private static DicomFile Slice(int slice)
    {
        byte[] pixels = new byte[Rows * Columns * 2];
        for (int i = 0; i < pixels.Length; i += 2)
        {
            BitConverter.TryWriteBytes(pixels.AsSpan(i), (short)(slice * 40));
        }

        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        string uid = $"1.2.3.4.{slice + 1}";
        DataSet image = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage).SetString(Tags.SOPInstanceUID, Vr.UI, uid)
            .SetString(Tags.StudyInstanceUID, Vr.UI, StudyUid).SetString(Tags.SeriesInstanceUID, Vr.UI, SeriesUid)
            .SetString(Tags.PatientName, Vr.PN, NeverShown).SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.FrameOfReferenceUID, Vr.UI, "1.2.3.9")
            .SetDecimal(Tags.ImagePositionPatient, 0, 0, slice * 2).SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0, 1, 0)
            .SetDecimal(Tags.PixelSpacing, 1, 1).SetDecimal(Tags.RescaleSlope, 1).SetDecimal(Tags.RescaleIntercept, 0)
            .SetUInt16(Tags.SamplesPerPixel, 1).SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.Rows, Rows).SetUInt16(Tags.Columns, Columns).SetUInt16(Tags.BitsAllocated, 16)
            .SetUInt16(Tags.BitsStored, 16).SetUInt16(Tags.HighBit, 15).SetUInt16(Tags.PixelRepresentation, 1)
            .SetBytes(Tags.PixelData, Vr.OW, pixels);
        return new DicomFile(FileMeta.Create(Uids.CTImageStorage, uid, syntax), syntax, image);
    }

    private void Store(DicomFile file)
    {
        using ArrivingInstance arriving = journal.Begin(Uids.CTImageStorage, file.SopInstanceUid!, file.Syntax, "SCANNER");
        arriving.Append(DataSetWriter.Write(file.DataSet, file.Syntax));
        journal.Commit(arriving, JournalEntry.Original(StudyUid, SeriesUid, file.SopInstanceUid!));
    }

    /// <summary>A liver of 8 x 8 pixels in slice 2, from column 8 and row 4.</summary>
    private void Analyse(DicomFile[] sources)
    {
        byte[] labels = new byte[Rows * Columns * Slices];
        for (int row = 4; row < 12; row++)
        {
            labels.AsSpan((((2 * Rows) + row) * Columns) + 8, 8).Fill(1);
        }

        SegmentDescription liver = new(
            [1], "Liver", new CodedConcept("123037004", "SCT", "Anatomical Structure"), new CodedConcept("10200004", "SCT", "Liver"),
            (0xdd, 0x54, 0x3c));
        EquipmentIdentification box = new("Appliance", "Appliance", "test", "0.1.0");
        AlgorithmIdentification algorithm = new("ct-organs", "0.1.0", "Appliance");
        ResultSeries series = new(9001, "organs", time.GetLocalNow(), box, [algorithm]);
        IReadOnlyList<SourceSlice> slices = SourceSlice.Of([.. sources.Select(source => source.DataSet)]);
        Created segmentation = Segmentation.Create(new SegmentationRequest(slices, labels, [liver], algorithm, series));
        Created report = MeasurementReport.Create(new MeasurementReportRequest(
            slices, segmentation.DataSet, [new SegmentVolume(liver.TrackingUid, 12.5)], [], series));
        string study = JournalEntry.Hash(StudyUid);
        using PreparedResults prepared = journal.Prepare(
            study,
            Series,
            [new Result(ResultKind.Segmentation, FileOf(segmentation.DataSet!)), new Result(ResultKind.Report, FileOf(report.DataSet!))],
            JournalResultsTests.Notes([]));
        journal.Place(prepared);
    }

    private static DicomFile FileOf(DataSet dataSet)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        return new DicomFile(
            FileMeta.Create(dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, syntax), syntax, dataSet);
    }

    private JsonElement Describe()
    {
        (string type, byte[] told) = pictures.Answer($"/v1/studies/{Key}", Query(""))!.Value;
        Assert.Equal("application/json", type);
        return Assert.Single(JsonDocument.Parse(told).RootElement.GetProperty("series").EnumerateArray());
    }

    private SKBitmap Draw(string picture, string query)
    {
        (string type, byte[] file) = pictures.Answer($"/v1/studies/{Key}/{Series}/{picture}", Query(query))!.Value;
        Assert.StartsWith("image/", type, StringComparison.Ordinal);
        return SKBitmap.Decode(file);
    }
}
