using Appliance.Daemon;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Series without geometry: what counts is who sends and when.</summary>
public sealed class SeriesAssemblyTests
{
    private readonly SeriesAssembly assembly = new(new QuietTimes(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)));

    [Fact]
    public void A_silent_open_association_ends_the_series_after_the_quiet_time_and_not_before()
    {
        Store("A", 1, 0, 50, 100);

        Assert.Empty(assembly.TakeComplete(Ms(5099)));
        Assert.Equal(Ms(5100), assembly.NextDue());
        CompleteSeries complete = Assert.Single(assembly.TakeComplete(Ms(5100)));
        Assert.Equal(("study", "A", 3, "quiet"), (complete.Study, complete.Series, complete.Slices, $"{complete.Decision}"));
        Assert.Equal(Ms(5000), complete.SinceLastSlice);
        Assert.Null(assembly.NextDue());
    }

    [Fact]
    public void A_released_association_leaves_a_ninth_of_the_quiet_time()
    {
        Store("A", 1, 0, 50, 100);
        assembly.AssociationClosed(1, Ms(120));

        // ln(0.07) / ln(0.05) = 0.888 of 5 s are saved.
        Assert.Empty(assembly.TakeComplete(Ms(661)));
        Assert.Equal("association released + quiet", $"{Assert.Single(assembly.TakeComplete(Ms(662))).Decision}");
    }

    /// <summary>Of a closed grid; a slice that is missing, or another association, and it is a release like others.</summary>
    [Theory]
    [InlineData(16, 0, 0, 100, "one association released")]
    [InlineData(15, 0, 0, 225, "association released + quiet")]
    [InlineData(17, 8, 0, 561, "association released + quiet")]
    [InlineData(20, 0, 10, 250, "association released + quiet")]
    public void One_association_that_brought_a_whole_grid_needs_a_moment_after_its_release(
        int count, int missing, int firstOfSecond, int waitMs, string rules)
    {
        for (int i = 0; i < count; i++)
        {
            if (missing == 0 || i != missing)
            {
                int association = firstOfSecond > 0 && i >= firstOfSecond ? 2 : 1;
                assembly.SliceStored(new JournalEntry("study", "A", $"{i}.dcm"), association, Ms(i * 10), Lying(i));
            }
        }

        int last = (count - 1) * 10;
        assembly.AssociationClosed(1, Ms(last));
        assembly.AssociationClosed(2, Ms(last));
        Assert.Empty(assembly.TakeComplete(Ms(last + waitMs - 2)));
        Assert.Equal(rules, $"{Assert.Single(assembly.TakeComplete(Ms(last + waitMs + 2))).Decision}");
    }

    [Fact]
    public void The_end_is_prepared_a_second_before_it_is_decided_once_and_again_after_another_slice()
    {
        Store("A", 1, 0, 50, 100);

        Assert.Equal(Ms(4100), assembly.NextLook());
        Assert.Empty(assembly.TakeAboutToEnd(Ms(4099)));
        Assert.Equal([("study", "A")], assembly.TakeAboutToEnd(Ms(4100)));
        Assert.Empty(assembly.TakeAboutToEnd(Ms(4200)));
        Assert.Equal(Ms(5100), assembly.NextLook());

        Store("A", 1, 4900);
        Assert.Equal([("study", "A")], assembly.TakeAboutToEnd(Ms(9900)));
    }

    [Fact]
    public void The_end_is_prepared_at_once_when_the_one_association_that_brought_all_is_released()
    {
        Store("A", 1, 0, 50, 100, 150);
        assembly.AssociationClosed(1, Ms(152));

        Assert.Equal([("study", "A")], assembly.TakeAboutToEnd(Ms(152)));
    }

    /// <summary>Else each pause between two images would be taken for the end; of the first it is not known how long pauses are.</summary>
    [Fact]
    public void A_modality_with_one_association_for_each_image_must_have_paused_for_longer_than_it_does()
    {
        for (int i = 0; i < 4; i++)
        {
            Store("A", i, i * 300);
            assembly.AssociationClosed(i, Ms((i * 300) + 20));
            Assert.Equal(i == 0, assembly.TakeAboutToEnd(Ms((i * 300) + 299)).Count == 1);
        }

        Assert.Equal([("study", "A")], assembly.TakeAboutToEnd(Ms(1500)));
    }

    [Fact]
    public void A_modality_with_one_association_for_each_image_is_waited_for_three_of_its_pauses()
    {
        for (int i = 0; i < 4; i++)
        {
            Store("A", i, i * 1000);
            assembly.AssociationClosed(i, Ms((i * 1000) + 20));
            Assert.Empty(assembly.TakeComplete(Ms((i * 1000) + 250)));
        }

        Assert.Equal(Ms(6020), assembly.NextDue());
    }

    [Fact]
    public void Such_a_wait_is_never_longer_than_the_quiet_time()
    {
        Store("A", 1, 0);
        assembly.AssociationClosed(1, Ms(10));
        Store("A", 2, 4000);
        assembly.AssociationClosed(2, Ms(4000));

        Assert.Equal(Ms(9000), assembly.NextDue());
    }

    [Fact]
    public void An_object_in_flight_keeps_its_association_s_series_open_however_slow_it_is()
    {
        Store("A", 1, 0);
        Store("B", 2, 0);
        assembly.ObjectBegins(1);

        Assert.Equal("B", Assert.Single(assembly.TakeComplete(Ms(60_000))).Series);
        Assert.Null(assembly.NextDue());
        assembly.ObjectEnds(1);
        Assert.Single(assembly.TakeComplete(Ms(60_000)));
    }

    [Fact]
    public void A_lost_association_counts_as_closed_even_in_the_middle_of_an_object()
    {
        Store("A", 1, 0);
        assembly.ObjectBegins(1);
        assembly.AssociationClosed(1, Ms(100));

        Assert.NotNull(assembly.NextDue());
        Assert.Single(assembly.TakeComplete(Ms(700)));
    }

    [Fact]
    public void A_series_sent_over_two_associations_waits_for_both()
    {
        Store("A", 1, 0);
        Store("A", 2, 10);
        assembly.AssociationClosed(1, Ms(20));

        Assert.Equal(Ms(5010), assembly.NextDue());
    }

    [Fact]
    public void Two_series_of_a_study_are_complete_each_for_itself()
    {
        Store("A", 1, 0);
        Store("B", 2, 0);
        assembly.AssociationClosed(1, Ms(10));

        Assert.Equal("A", Assert.Single(assembly.TakeComplete(Ms(1000))).Series);
        Assert.True(assembly.Contains("study", "B"));
    }

    [Fact]
    public void Slices_read_back_from_the_journal_need_no_association()
    {
        assembly.SliceStored(new JournalEntry("study", "A", "1.dcm"), null, Ms(10));
        assembly.SliceStored(new JournalEntry("study", "A", "2.dcm"), null, Ms(11));

        Assert.Single(assembly.TakeComplete(Ms(700)));
    }

    [Fact]
    public void A_late_slice_is_judged_in_the_light_of_what_came_before_it()
    {
        Store("A", 1, 0, 50, 100);
        Assert.Single(assembly.TakeComplete(Ms(5100)));
        Store("A", 1, 20_000);

        // The scanner has paused for 20 s once: the quiet time alone would be wrong again, but longer than that is never waited.
        Assert.Empty(assembly.TakeComplete(Ms(24_999)));
        Assert.Equal(4, Assert.Single(assembly.TakeComplete(Ms(25_000))).Slices);
    }

    private static SliceFacts Lying(int index) => new(
        new SliceGeometry
        {
            Position = new Point3(0, 0, index * 2), AlongColumns = new Point3(1, 0, 0), AlongRows = new Point3(0, 1, 0),
            RowSpacing = 1, ColumnSpacing = 1, Rows = 8, Columns = 8, FrameOfReferenceUid = "1.2",
        },
        1, null, 1, null);

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private void Store(string series, long association, params int[] times)
    {
        foreach (int ms in times)
        {
            assembly.SliceStored(new JournalEntry("study", series, $"{ms}.dcm"), association, Ms(ms));
        }
    }
}
