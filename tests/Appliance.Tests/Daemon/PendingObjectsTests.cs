using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class PendingObjectsTests
{
    private static readonly DestinationSettings Pacs = new()
    {
        Name = "pacs",
        AeTitle = "PACS",
        Host = "localhost",
        CallingAe = "APPLIANCE",
    };

    private readonly PendingObjects pending = new();

    [Fact]
    public void Originals_leave_before_results_and_in_the_order_they_came()
    {
        Add("results-a", "9");
        Add("a", "1");
        Add("a", "2");

        Assert.Equal(["1", "2", "9"], [Take(), Take(), Take()]);
        Assert.Null(pending.Take(default));
    }

    [Fact]
    public void An_object_that_could_not_be_sent_is_the_next_again()
    {
        Add("a", "1");
        Add("a", "2");
        pending.PutBack(pending.Take(default)!);

        Assert.Equal(["1", "2"], [Take(), Take()]);
    }

    [Fact]
    public void An_object_that_was_not_taken_lets_all_others_pass_and_comes_back_in_its_time()
    {
        Add("a", "1");
        Add("results-a", "9");
        PendingObject refused = pending.Take(default)!;
        pending.SetBack(refused, TimeSpan.FromSeconds(5));

        Assert.Equal("9", Take());
        Assert.Null(pending.Take(TimeSpan.FromSeconds(4.9)));
        Assert.Equal(TimeSpan.FromSeconds(5), pending.NextDue());
        Assert.Same(refused, pending.Take(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_held_object_is_counted_as_held_until_it_is_offered_again()
    {
        Add("a", "1");
        PendingObject refused = pending.Take(default)!;
        refused.IsHeld = true;
        pending.SetBack(refused, Backoff.Held);

        Assert.Equal((1, 1), (pending.Count, pending.Held));
        Assert.Same(refused, pending.Take(Backoff.Held));
        Assert.Equal((0, 0), (pending.Count, pending.Held));
    }

    [Fact]
    public void Segmentation_and_report_overtake_the_annotated_slices_of_another_series_and_originals_overtake_all()
    {
        JournalEntry picture = JournalEntry.Result("study", "a", "1.2.3", ResultKind.Picture, "app");
        pending.Add(new PendingObject(new OwedObject(picture)));
        Add("results-b", "segmentation");
        Add("results-b", "report");
        Add("b", "original");

        Assert.Equal(["original", "segmentation", "report", picture.Name, null], [Take(), Take(), Take(), Take(), Take()]);
    }

    [Theory]
    [InlineData(0x0000, Delivery.Accepted)]
    [InlineData(0xB000, Delivery.Accepted)]
    [InlineData(0xB006, Delivery.Accepted)]
    [InlineData(0xB007, Delivery.Accepted)]
    [InlineData(0x0111, Delivery.Accepted)]
    [InlineData(0xA700, Delivery.Later)]
    [InlineData(0xA7FF, Delivery.Later)]
    [InlineData(0x0110, Delivery.Later)]
    [InlineData(0xA900, Delivery.Held)]
    [InlineData(0xC000, Delivery.Held)]
    [InlineData(0xCFFF, Delivery.Held)]
    [InlineData(0x0122, Delivery.Held)]
    [InlineData(0x0124, Delivery.Held)]
    [InlineData(0x1234, Delivery.Held)]
    public void A_status_says_whether_the_object_is_there_comes_later_or_needs_a_human(int status, Delivery expected) =>
        Assert.Equal(expected, DeliveryOf.Status((ushort)status));

    [Fact]
    public void Waits_double_up_to_a_bound_and_never_end()
    {
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 8).Select(n => (int)Backoff.OfDestination(n, Pacs).TotalSeconds));
        Assert.Equal([5, 10, 20], Enumerable.Range(1, 3).Select(n => (int)Backoff.OfObject(n).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(10), Backoff.OfObject(int.MaxValue));
    }

    private void Add(string series, string name) => pending.Add(new PendingObject(new OwedObject(new JournalEntry("study", series, name))));

    private string? Take() => pending.Take(default)?.Entry.Name;
}
