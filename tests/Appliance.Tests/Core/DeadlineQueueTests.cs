using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class DeadlineQueueTests
{
    private readonly DeadlineQueue<string, int> queue = new();

    [Fact]
    public void The_earliest_deadline_goes_first_and_a_series_keeps_its_order()
    {
        queue.Add("a", 1, S(3), 10);
        queue.Add("b", 2, S(2), 10);
        queue.Add("a", 3, S(1), 10);
        queue.Add("b", 4, S(4), 10);

        Assert.Equal([2, 1, 3, 4], TakeAll());
    }

    [Fact]
    public void A_complete_series_overtakes_one_whose_end_is_later()
    {
        queue.Add("a", 1, S(1), 10);
        queue.Add("b", 2, S(3), 10);
        queue.Fix("b", S(0.5));

        Assert.Equal([2, 1], TakeAll());
    }

    [Fact]
    public void Ahead_is_what_others_run_and_what_of_theirs_is_due_earlier()
    {
        queue.Add("a", 1, S(1), 10);
        queue.Add("a", 2, S(3), 20);
        queue.Add("b", 3, S(0.5), 40);
        queue.Add("c", 4, S(2), 80);
        Assert.True(queue.TryTake(out string running, out _));

        Assert.Equal("b", running);
        Assert.Equal(40 + 10, queue.AheadMs("c", S(2)));
        Assert.Equal(10 + 20 + 80, queue.AheadMs("b", S(9)));
        queue.Done("b", 40);
        Assert.Equal(10, queue.AheadMs("c", S(2)));
    }

    [Fact]
    public void A_series_that_is_given_up_takes_no_more_time()
    {
        queue.Add("a", 1, S(1), 10);
        queue.Add("b", 2, S(2), 10);

        Assert.Equal([1], queue.Drop("a"));
        Assert.Equal(0, queue.AheadMs("b", S(9)));
        Assert.Equal([2], TakeAll());
        Assert.Empty(queue.Drop("nobody"));
    }

    [Fact]
    public void A_second_study_cannot_make_the_first_one_late()
    {
        // Two threads, slices of 20 ms. The first study alone keeps its deadlines; beside it a second one comes ten times as fast.
        double alone = LongestMs(second: false), beside = LongestMs(second: true);

        Assert.True(beside <= alone + 20, $"{beside} ms beside another, {alone} ms alone");
        static double LongestMs(bool second)
        {
            DeadlineQueue<string, int> queue = new();
            double[] freeAt = [0, 0];
            double longest = 0;
            for (int ms = 0; ms < 4000; ms++)
            {
                if (ms % 16 == 0 && ms < 2000)
                {
                    queue.Add("first", ms, TimeSpan.FromMilliseconds(ms + 500), 20);
                }

                if (second && ms % 2 == 0 && ms < 2000)
                {
                    queue.Add("second", ms, TimeSpan.FromMilliseconds(ms + 3000), 20);
                }

                for (int thread = 0; thread < 2; thread++)
                {
                    if (freeAt[thread] <= ms && queue.TryTake(out string owner, out int came))
                    {
                        queue.Done(owner, 20);
                        freeAt[thread] = ms + 20;
                        longest = owner == "first" ? Math.Max(longest, ms + 20 - came) : longest;
                    }
                }
            }

            return longest;
        }
    }

    [Fact]
    public void A_series_that_leaves_others_no_room_is_refused_at_once_and_says_so()
    {
        SeriesDemand scanner = new(SlicesPerS: 60, SliceMs: 14);

        Assert.Null(Admission.Check(scanner with { SliceMs = 500 }, [], threads: 2, leftMs: 1500));
        Assert.Null(Admission.Check(scanner, [scanner], threads: 2, leftMs: 1500));
        Refusal? refused = Admission.Check(scanner, [scanner, scanner], threads: 2, leftMs: 1500);
        Assert.Equal(RefusalReason.Budget, refused?.Reason);
        Assert.StartsWith("Not analysed: budget. 2 other series", refused?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_burst_that_fits_into_the_budget_is_no_reason_to_refuse() =>
        Assert.Null(Admission.Check(new SeriesDemand(1000, 5), [new SeriesDemand(20, 5)], threads: 2, leftMs: 1500));

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private List<int> TakeAll()
    {
        List<int> taken = [];
        while (queue.TryTake(out _, out int piece))
        {
            taken.Add(piece);
        }

        return taken;
    }
}
