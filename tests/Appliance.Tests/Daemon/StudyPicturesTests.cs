using System.Text.Json;
using Appliance.Daemon;
using Appliance.Daemon.Screen;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Pictures that are drawn on the box from the journal; Skia is the judge of what a browser would show.</summary>
public sealed class StudyPicturesTests : IDisposable
{
    private const int Rows = StoredStudy.Rows, Columns = StoredStudy.Columns, Slices = StoredStudy.Slices;
    private const string StudyUid = StoredStudy.StudyUid, NeverShown = StoredStudy.PatientName;

    private static readonly string Key = StoredStudy.Key;
    private static readonly string Series = StoredStudy.Series;

    private readonly Scratch scratch = new();
    private readonly FakeTimeProvider time = new();
    private readonly Journal journal;
    private readonly StoredStudy study;
    private readonly StudyPictures pictures;

    public StudyPicturesTests()
    {
        journal = new Journal(scratch.Folder, []);
        study = new StoredStudy(journal);
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
            study.Store(StoredStudy.Slice(slice));
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
        study.Store(StoredStudy.Slice(2));
        study.Store(StoredStudy.Slice(1));

        using SKBitmap shown = Draw("1", query);

        Assert.Equal(expected, shown.GetPixel(3, 3).Red);
    }

    [Fact]
    public void While_somebody_scrolls_the_picture_is_a_JPEG_of_the_same_grey()
    {
        study.Store(StoredStudy.Slice(2));

        (string type, byte[] file) = pictures.Answer($"/v1/studies/{Key}/{Series}/0", Query("c=100&w=200"))!.Value;
        using SKBitmap shown = SKBitmap.Decode(file);

        Assert.Equal("image/jpeg", type);
        Assert.InRange(shown.GetPixel(3, 3).Red, 98, 106);
    }

    [Fact]
    public void Organs_lie_where_the_segmentation_has_them_in_its_colours_with_the_volumes_of_the_report()
    {
        DicomFile[] sources = [.. Enumerable.Range(0, Slices).Select(slice => StoredStudy.Slice(slice))];
        foreach (DicomFile source in sources)
        {
            study.Store(source);
        }

        Assert.False(Describe().TryGetProperty("organs", out JsonElement _));
        Assert.Null(pictures.Answer($"/v1/studies/{Key}/{Series}/0/colours", Query("")));
        study.Analyse(sources);

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
        study.Store(StoredStudy.Slice(0));

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
        study.Store(StoredStudy.Slice(0));
        string asked = path.Replace("KEY", Key, StringComparison.Ordinal).Replace("SERIES", Series, StringComparison.Ordinal);

        Assert.Null(pictures.Answer(asked, Query("")));
    }

    [Fact]
    public void A_study_that_is_removed_while_somebody_looks_is_gone_and_nothing_breaks()
    {
        study.Store(StoredStudy.Slice(0));
        Describe();

        Assert.True(journal.Remove(JournalEntry.Hash(StudyUid), journal.ChangesOf(JournalEntry.Hash(StudyUid))));

        Assert.Null(pictures.Answer($"/v1/studies/{Key}/{Series}/0", Query("")));
        Assert.Null(pictures.Answer($"/v1/studies/{Key}", Query("")));
    }

    [Fact]
    public void An_opened_study_is_closed_when_nobody_looks_and_opened_again_when_somebody_does()
    {
        study.Store(StoredStudy.Slice(0));
        Describe();

        time.Advance(TimeSpan.FromMilliseconds(Appliance.Daemon.Limits.OpenStudyMs + 1));

        using SKBitmap again = Draw("0", "");
        Assert.Equal(Columns, again.Width);
    }

    private static QueryCollection Query(string text) => new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text));

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
