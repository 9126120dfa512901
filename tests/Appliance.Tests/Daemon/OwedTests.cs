using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Who is owed which result: from names and settings alone.</summary>
public sealed class OwedTests
{
    private static readonly ResultKind[] Everything = Enum.GetValues<ResultKind>();

    [Theory]
    [InlineData("originals, seg, sc, sr, notice", false, "Segmentation, Report, Picture, Notice")]
    [InlineData("seg, sr", true, "SegmentationOfAllFrames, ReportOfAllFrames")]
    [InlineData("sr", false, "Report")]
    [InlineData("gsps, render", false, "Presentation, Rendering")]
    [InlineData("notice-all", false, "Notice, NoticeOfUntaken")]
    [InlineData("labelmap, sr", false, "Segmentation, LabelMap, Report, ReportOfLabelMap")]
    [InlineData("labelmap", true, "SegmentationOfAllFrames, LabelMap")]
    [InlineData("seg, other:sc", false, "Segmentation")]
    [InlineData("seg, app:sc, app:sr", false, "Report, Picture")]
    [InlineData("seg, app:none", false, "")]
    [InlineData("", false, "")]
    public void The_words_of_a_destination_choose_the_kinds(string send, bool keepEmptyFrames, string expected)
    {
        string kinds = string.Join(", ", Owed.To(To(send, keepEmptyFrames), Results(Everything)).Select(each => each.Entry.Kind));

        Assert.Equal(expected, kinds);
    }

    [Fact]
    public void Originals_are_owed_where_they_are_asked_for()
    {
        JournalEntry original = JournalEntry.Original("1", "2", "3");

        Assert.Equal([new OwedObject(original)], Owed.To(To("originals, app:none"), [original]));
        Assert.Empty(Owed.To(To("seg"), [original]));
    }

    [Fact]
    public void All_forms_of_the_segmentation_depend_on_the_label_map_where_one_is_wanted()
    {
        IReadOnlyList<OwedObject> owed = Owed.To(To("labelmap, sr, sc"), Results(Everything));
        JournalEntry map = owed.Single(each => each.Entry.Kind == ResultKind.LabelMap).Entry;

        Assert.Equal(
            [ResultKind.Segmentation, ResultKind.Report, ResultKind.ReportOfLabelMap],
            owed.Where(each => each.LabelMap == map).Select(each => each.Entry.Kind!.Value));
        Assert.All(Owed.To(To("seg, sr"), Results(Everything)), each => Assert.Null(each.LabelMap));
    }

    [Fact]
    public void A_form_that_was_not_made_is_made_good_by_the_plain_one()
    {
        JournalEntry[] plain = Results(ResultKind.Segmentation, ResultKind.Report);

        Assert.Equal(plain, Owed.To(To("seg, sr", keepEmptyFrames: true), plain).Select(each => each.Entry));
        Assert.Equal(plain.Select(each => new OwedObject(each)), Owed.To(To("labelmap, sr"), plain));
    }

    [Fact]
    public void A_name_that_says_nothing_is_owed_to_all()
    {
        JournalEntry unnamed = new("study", "results-series", "0123.dcm");

        Assert.Equal([new OwedObject(unnamed)], Owed.To(To("originals"), [unnamed]));
    }

    [Fact]
    public void What_no_destination_wants_is_not_made_but_for_what_people_look_at_here()
    {
        DestinationSettings[] destinations = [To("labelmap, sr"), To("seg, gsps", keepEmptyFrames: true)];

        Assert.Equal(
            [
                ResultKind.Segmentation, ResultKind.SegmentationOfAllFrames, ResultKind.LabelMap, ResultKind.Report,
                ResultKind.ReportOfLabelMap, ResultKind.Presentation,
            ],
            Owed.Wanted(destinations, "app").Order());
    }

    private static JournalEntry[] Results(params ResultKind[] kinds) =>
        [.. kinds.Select((kind, i) => JournalEntry.Result("study", "series", $"1.2.{i}", kind, "app"))];

    private static DestinationSettings To(string send, bool keepEmptyFrames = false)
    {
        string words = string.Join(", ", send.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(word => $"\"{word}\""));
        (Settings? settings, IReadOnlyList<SettingsError> errors) = Settings.Read(
            $"""
            [[destination]]
            name = "pacs"
            ae_title = "PACS"
            host = "localhost"
            send = [{words}]
            keep_empty_frames = {(keepEmptyFrames ? "true" : "false")}
            """);
        Assert.Empty(errors);
        return Assert.Single(settings!.Destinations);
    }
}
