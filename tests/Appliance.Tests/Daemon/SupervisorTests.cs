using Appliance.Daemon;
using Appliance.Daemon.Supervision;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class SupervisorTests
{
    private static readonly Operation Computing = new("computing", 60_000);
    private static readonly Operation Writing = new("writing", 10_000, MayStandStill: true);

    private readonly FakeTimeProvider time = new();
    private readonly Supervisor supervisor;
    private readonly List<Work> ended = [];
    private double waitedMs;
    private ThreadTime thread;
    private bool threadRuns;
    private bool threadWaits;
    private int fed;

    public SupervisorTests()
    {
        supervisor = new Supervisor(time, () => waitedMs, _ => thread, ended.Add, () => fed++);
    }

    [Fact]
    public void A_control_thread_that_is_silent_is_seen_within_two_seconds_and_once()
    {
        Heart().Beat();
        int looks = LooksUntil(() => ended.Count > 0);

        Assert.InRange(looks * Limits.SupervisionMs, Limits.ControlSilenceMs, 2_000);
        Looks(20);
        Assert.Single(ended);
    }

    [Fact]
    public void A_control_thread_that_beats_as_slowly_as_it_may_is_well_and_the_watchdogs_are_fed_each_second()
    {
        Work heart = Heart();
        for (int i = 0; i < 100; i++)
        {
            if (i * Limits.SupervisionMs % Limits.TickMs == 0)
            {
                heart.Beat();
            }

            Looks(1);
        }

        Assert.Empty(ended);
        Assert.Equal(100 * Limits.SupervisionMs / Limits.FeedMs, fed);
    }

    [Fact]
    public void A_machine_that_was_suspended_is_no_hang()
    {
        Heart().Beat();
        for (int i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            supervisor.Look();
        }

        Assert.Empty(ended);
    }

    [Fact]
    public void A_process_that_waits_for_a_processor_is_no_hang_but_its_watchdogs_get_nothing()
    {
        waitedMs = Limits.BreathlessMs;
        Heart().Beat();
        Looks(100);

        Assert.Empty(ended);
        Assert.InRange(fed, 0, Limits.ControlSilenceMs / Limits.FeedMs);
    }

    [Fact]
    public void A_thread_that_stands_still_is_seen_within_two_seconds_and_replaced_once_and_the_second_time_is_the_end()
    {
        List<Work> given = [];
        List<Work> told = [];
        supervisor.Replaced = told.Add;
        Worker worker = new("worker", given.Add);
        Work first = supervisor.Begin(worker, Computing, "slice");
        int looks = LooksUntil(() => given.Count > 0);

        Assert.InRange(looks * Limits.SupervisionMs, Limits.StandstillMs, 2_000);
        Assert.Same(first, Assert.Single(given));
        Assert.Same(first, Assert.Single(told));
        Assert.Equal("slice", first.Subject);
        Assert.Throws<AbandonedException>(Work.ThrowIfAbandoned);
        first.Dispose();
        Work.ThrowIfAbandoned();

        using Work second = supervisor.Begin(worker, Computing);
        LooksUntil(() => ended.Count > 0);
        Assert.Same(second, Assert.Single(ended));
        Assert.Single(given);
        Assert.Single(told);
    }

    [Fact]
    public void A_thread_that_runs_is_seen_only_at_its_deadline()
    {
        threadRuns = true;
        using Work work = supervisor.Begin(new Worker("worker"), Computing);
        int looks = LooksUntil(() => ended.Count > 0);

        Assert.InRange(looks * Limits.SupervisionMs, Computing.DeadlineMs, Computing.DeadlineMs + 2_000);
    }

    [Fact]
    public void A_thread_that_waits_for_the_processor_while_the_others_have_it_gets_four_times_its_deadline()
    {
        threadWaits = true;
        using Work work = supervisor.Begin(new Worker("worker"), Computing);
        int looks = LooksUntil(() => ended.Count > 0);

        int slowMs = Computing.DeadlineMs * Limits.BreathlessSlowness;
        Assert.InRange(looks * Limits.SupervisionMs, slowMs - 2_000, slowMs + 2_000);
    }

    [Fact]
    public void A_thread_that_waits_for_a_disk_may_stand_still_until_its_deadline()
    {
        using Work work = supervisor.Begin(new Worker("worker"), Writing);
        int looks = LooksUntil(() => ended.Count > 0);

        Assert.InRange(looks * Limits.SupervisionMs, Writing.DeadlineMs, Writing.DeadlineMs + 2_000);
    }

    [Fact]
    public void A_thread_that_the_kernel_keeps_on_a_disk_does_not_stand_still()
    {
        thread = new ThreadTime(1, 1, IsOnDisk: true);
        using Work work = supervisor.Begin(new Worker("worker"), Computing);
        Looks(Limits.StandstillMs / Limits.SupervisionMs * 3);

        Assert.Empty(ended);
    }

    [Fact]
    public void What_is_inside_counts_alone_and_what_is_around_it_begins_again_after_it()
    {
        using Work around = supervisor.Begin(new Worker("worker"), Computing);
        using (Work.Inside(Writing))
        {
            Looks((Writing.DeadlineMs / Limits.SupervisionMs) - 2);
        }

        Assert.Empty(ended);
        LooksUntil(() => ended.Count > 0);
        Assert.Same(around, Assert.Single(ended));
    }

    [Fact]
    public void What_has_ended_is_no_longer_watched()
    {
        supervisor.Begin(new Worker("worker"), Computing).Dispose();
        Looks(1_000);

        Assert.Empty(ended);
        Assert.Equal(250, fed);
    }

    private Work Heart() => supervisor.Beating(new Worker("control thread"), Operations.Round);

    private int LooksUntil(Func<bool> condition)
    {
        int looks = 0;
        for (; !condition(); looks++)
        {
            Assert.InRange(looks, 0, 10_000);
            Looks(1);
        }

        return looks;
    }

    private void Looks(int count)
    {
        for (int i = 0; i < count; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(Limits.SupervisionMs));
            thread = threadRuns ? thread with { RanNs = thread.RanNs + 1 } : thread;
            thread = threadWaits ? thread with { WaitedNs = thread.WaitedNs + (Limits.BreathlessMs * 1_000_000L) } : thread;
            supervisor.Look();
        }
    }
}
