using Appliance.Daemon.Supervision;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>What threads waited, from files as the kernel writes them (proc(5)).</summary>
public sealed class BreathTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly Breath breath;

    public BreathTests()
    {
        breath = new Breath(scratch.Folder);
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Threads_that_wait_for_a_processor_are_counted_together_since_the_look_before()
    {
        Thread("7", waitedMs: 1_000);
        Thread("8", waitedMs: 50);
        Assert.Equal(0, breath.WaitedMs());

        Thread("7", waitedMs: 1_100);
        Thread("8", waitedMs: 75);
        Assert.Equal(125, breath.WaitedMs());
        Assert.Equal(0, breath.WaitedMs());
    }

    [Fact]
    public void A_thread_that_is_nice_waits_for_the_others_and_not_for_the_machine()
    {
        Thread("7", waitedMs: 0);
        Thread("8", waitedMs: 0, nice: 10, name: "a ) S 1 (pictures");
        breath.WaitedMs();

        Thread("7", waitedMs: 30);
        Thread("8", waitedMs: 4_000, nice: 10, name: "a ) S 1 (pictures");
        Assert.Equal(30, breath.WaitedMs());
    }

    [Fact]
    public void A_thread_that_has_just_begun_counts_from_the_next_look_on_and_one_that_ended_no_longer()
    {
        Thread("7", waitedMs: 500);
        breath.WaitedMs();

        Directory.Delete(scratch["7"], recursive: true);
        Thread("9", waitedMs: 700);
        Assert.Equal(0, breath.WaitedMs());
        Thread("9", waitedMs: 710);
        Assert.Equal(10, breath.WaitedMs());
    }

    [Fact]
    public void The_threads_of_this_process_are_found_and_not_nice()
    {
        Assert.SkipUnless(File.Exists("/proc/self/schedstat"), "This kernel keeps no book of waiting.");
        int self = int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(' ')[0], null);

        ThreadTime? now = Breath.Of(self);

        Assert.True(now?.RanNs > 0);
        Assert.False(now?.IsOnDisk);
    }

    /// <summary>As text it was 10 KB for each thread, a megabyte a second of a daemon that does nothing.</summary>
    [Fact]
    public void A_look_at_the_threads_of_this_process_leaves_the_collector_little()
    {
        Assert.SkipUnless(File.Exists("/proc/self/schedstat"), "This kernel keeps no book of waiting.");
        Breath own = new();
        own.WaitedMs();
        own.WaitedMs();

        long before = GC.GetAllocatedBytesForCurrentThread();
        own.WaitedMs();
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Directory.GetDirectories("/proc/self/task").Length;

        TestContext.Current.TestOutputHelper!.WriteLine($"{each} bytes a thread");
        Assert.InRange(each, 0, 1_500);
    }

    // Of proc(5), stat: pid (comm) state ppid pgrp session tty tpgid flags, 4 of faults, 4 of times, priority, nice, threads.
    private void Thread(string id, int waitedMs, int nice = 0, string name = "worker")
    {
        Directory.CreateDirectory(scratch[id]);
        File.WriteAllText(Path.Combine(scratch[id], "schedstat"), $"1000 {waitedMs}000000 12\n");
        File.WriteAllText(
            Path.Combine(scratch[id], "stat"), $"{id} ({name}) S 1 6 6 0 -1 4194304 310 0 2 0 15 3 0 0 {20 + nice} {nice} 31 0 99\n");
    }
}
