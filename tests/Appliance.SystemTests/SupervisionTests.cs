using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>
/// The shipped binary hangs, worker by worker: a thread is held from outside (ptrace(2)), or a file of the journal has become a FIFO
/// that nobody writes to, as a disk that does not answer. Nothing in the binary is made for this test.
/// </summary>
public sealed class SupervisionTests : IDisposable
{
    // What systemd does: Restart=always, RestartSec=100ms (image/systemd/appliance.service).
    private static readonly string[] RestartingParent = ["bash", "-c", "while :; do \"$@\"; sleep 0.1; done", "parent"];

    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(3);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("control", "control thread")]
    [InlineData(".NET Sockets", "sockets")]
    public void A_thread_that_everything_hangs_on_ends_the_process_and_it_listens_again_within_a_second(string name, string part)
    {
        Place.Needs("python3", "echoscu", "storescu", "storescp");
        using StoreScp pacs = new(scratch["pacs"]);
        using RunningAppliance appliance = new(
            scratch["box"], RunningAppliance.Destination("pacs", pacs.Port, "paused = true"), RestartingParent);
        string[] acknowledged = [Store(appliance, "a"), Store(appliance, "b")];

        Stopwatch watch = Stopwatch.StartNew();
        using Process tracer = Hold(DaemonOf(appliance), name);
        TimeSpan gap = Gap(appliance.Port);
        Say($"{part}: {watch.ElapsedMilliseconds} ms from the hang to listening again, {gap.TotalMilliseconds:F0} ms of them deaf");

        Assert.Contains($"{part} is stuck", appliance.Output, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed - gap, TimeSpan.Zero, Seen);
        Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Resume(appliance);
        Wait.Until(() => Originals(pacs) == acknowledged.Length, "all that was acknowledged", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void An_analysis_that_hangs_is_replaced_once_and_fails_open_and_the_second_time_the_process_is_back_within_a_second()
    {
        Place.Needs("mkfifo", "echoscu", "storescu", "storescp");
        using StoreScp pacs = new(scratch["pacs"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", pacs.Port), RestartingParent);
        Store(appliance, "a");
        string key = appliance.WaitUntilDelivered(1, TimeSpan.FromSeconds(60)).GetProperty("studies")[0].GetProperty("key").GetString()!;
        Wait.Until(() => Device(appliance) == "Ready", "the self-test is over", TimeSpan.FromSeconds(60));
        MakeFifoOf(Original(appliance));

        Stopwatch watch = Stopwatch.StartNew();
        Command.Check(Place.Ctl, "studies", "reanalyse", key, "--socket", appliance.Socket);
        Wait.Until(() => Saw(appliance, "analysis is stuck"), "it is seen", TimeSpan.FromSeconds(20));
        Say($"analysis: replaced {watch.ElapsedMilliseconds} ms after the hang");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Seen);
        Wait.Until(() => Saw(appliance, "did not come back"), "its series fails open", TimeSpan.FromSeconds(10));
        Wait.Until(() => Device(appliance) == "Degraded", "the next picture of the box says so", Seen);
        Wait.Until(() => Saw(appliance, "notice is stuck"), "the picture that says so has to be read for, too", TimeSpan.FromSeconds(20));

        // Everything else goes on, and the analysis with it.
        Store(appliance, "b");
        Wait.Until(() => Originals(pacs) == 2, "the other study leaves", TimeSpan.FromSeconds(30));
        Wait.Until(() => Studies(appliance).All(study => study.GetProperty("owed").GetInt32() == 0), "nothing is owed", Seen);

        Command.Run(Place.Ctl, "studies", "reanalyse", key, "--socket", appliance.Socket);
        TimeSpan gap = Gap(appliance.Port);
        Say($"analysis, second time: {gap.TotalMilliseconds:F0} ms deaf");
        Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.True(appliance.Echo());
    }

    [Fact]
    public void A_series_in_which_the_analysis_hung_leaves_with_a_picture_that_says_so()
    {
        Place.Needs("mkfifo", "dcmdump", "storescu", "storescp");
        using StoreScp pacs = new(scratch["pacs"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", pacs.Port, "send = [\"notice\"]"));
        Store(appliance, "a");
        string key = appliance.WaitUntilDelivered(1, TimeSpan.FromSeconds(60)).GetProperty("studies")[0].GetProperty("key").GetString()!;
        string[] before = pacs.Files;
        Wait.Until(() => Device(appliance) == "Ready", "the self-test is over", TimeSpan.FromSeconds(60));

        // The file in which attempts are counted does not answer; the originals do.
        Command.Check("mkfifo", Path.Combine(Path.GetDirectoryName(Original(appliance))!, "attempts"));
        Command.Check(Place.Ctl, "studies", "reanalyse", key, "--socket", appliance.Socket);
        Wait.Until(() => pacs.Files.Length > before.Length && !Studies(appliance).Any(study => study.GetProperty("owed").GetInt32() > 0),
            "the picture arrives", TimeSpan.FromSeconds(30));

        Assert.Contains("analysis is stuck", appliance.Output, StringComparison.Ordinal);
        string notice = Command.Check("dcmdump", "+P", "SOPClassUID", "+P", "ImageComments", pacs.Files.Except(before).Single());
        Assert.Contains("SecondaryCaptureImageStorage", notice, StringComparison.Ordinal);
        Assert.Contains("Not analysed: The analysis did not come back in its time", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sender_that_hangs_is_replaced_and_everything_else_leaves()
    {
        Place.Needs("mkfifo", "echoscu", "storescu", "storescp");
        using StoreScp pacs = new(scratch["pacs"]);
        using RunningAppliance appliance = new(
            scratch["box"], RunningAppliance.Destination("pacs", pacs.Port, "paused = true"), RestartingParent);
        Store(appliance, "a");
        MakeFifoOf(Original(appliance));
        Store(appliance, "b");

        Stopwatch watch = Stopwatch.StartNew();
        Resume(appliance);
        Wait.Until(() => Saw(appliance, "sender pacs is stuck"), "it is seen", TimeSpan.FromSeconds(20));
        Say($"sender: replaced {watch.ElapsedMilliseconds} ms after the hang");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Seen);
        Wait.Until(() => Originals(pacs) == 1, "the other object leaves", TimeSpan.FromSeconds(20));
        Store(appliance, "c");
        Wait.Until(() => Originals(pacs) == 2, "and a later one", TimeSpan.FromSeconds(20));
        Assert.DoesNotContain("ends and is started again", appliance.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_association_whose_object_hangs_is_cut_and_others_are_not_disturbed_and_the_second_time_the_process_comes_back()
    {
        Place.Needs("mkfifo", "echoscu", "storescu");
        using RunningAppliance appliance = new(scratch["box"], prefix: RestartingParent);
        string first = Store(appliance, "a");
        string original = Original(appliance);
        File.Move(original, original + ".kept");
        Command.Check("mkfifo", original);

        // The same object again is compared with the first copy, which does not answer.
        Stopwatch watch = Stopwatch.StartNew();
        using Process stuck = Sending(appliance, first);
        while (!stuck.WaitForExit(TimeSpan.FromMilliseconds(500)))
        {
            // Now and then: on a machine that is kept out of breath, deadlines are longer.
            Store(appliance, "b");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }

        Say($"intake: association cut {watch.ElapsedMilliseconds} ms after the hang (10 s deadline)");
        Assert.NotEqual(0, stuck.ExitCode);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(13));
        Wait.Until(() => Saw(appliance, "intake is stuck"), "it is told", Seen);
        Store(appliance, "c");

        using Process again = Sending(appliance, first);
        TimeSpan gap = Gap(appliance.Port);
        Say($"intake, second time: {gap.TotalMilliseconds:F0} ms deaf");
        Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        again.WaitForExit(TimeSpan.FromSeconds(10));

        // The disk answers again, and so does everything that was acknowledged.
        File.Move(original + ".kept", original, overwrite: true);
        Assert.Equal(0, Sending(appliance, first, wait: true).ExitCode);
    }

    [Fact]
    public void A_disk_worker_that_hangs_is_replaced()
    {
        Place.Needs("python3", "echoscu", "storescu");
        using RunningAppliance appliance = new(scratch["box"]);
        Stopwatch watch = Stopwatch.StartNew();
        using Process disk = Hold(appliance.ProcessId, "disk");
        Wait.Until(() => Saw(appliance, "disk is stuck"), "it is seen", TimeSpan.FromSeconds(20));
        Say($"disk: replaced {watch.ElapsedMilliseconds} ms after the hang");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Seen);
        Assert.Equal(2, Tasks(appliance.ProcessId).Count(task => task.Name == "disk"));
        Store(appliance, "a");
        Assert.True(appliance.Echo());
    }

    [Fact]
    public void Threads_that_answer_associations_and_the_page_may_all_hang_and_both_answer_again_within_five_seconds()
    {
        Place.Needs("python3", "storescu", "curl");
        using RunningAppliance appliance = new(scratch["box"], prefix: RestartingParent);
        Store(appliance, "a");

        // The pool makes new ones, or the heart that lives in it is silent and the process is started again: both are an answer.
        using Process tracer = Hold(DaemonOf(appliance), ".NET TP Worker");
        Stopwatch watch = Stopwatch.StartNew();
        Wait.Until(
            () => Command.Run("curl", "-sf", "-m", "1", $"http://127.0.0.1:{appliance.ScreenPort}/").ExitCode == 0,
            "the page answers", TimeSpan.FromSeconds(20));
        Wait.Until(
            () => Command.Run("echoscu", "-to", "1", "-ta", "1", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}")
                .ExitCode == 0,
            "the port answers", TimeSpan.FromSeconds(20));
        Say($"page and port answer {watch.ElapsedMilliseconds} ms after every thread of the pool was held");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Store(appliance, "b");
    }

    [Fact]
    public void The_watchdogs_are_fed_while_all_hearts_beat_and_get_nothing_when_the_supervisor_hangs()
    {
        Place.Needs("mkfifo", "python3");
        string device = scratch["watchdog"];
        Command.Check("mkfifo", device);
        string notify = scratch["notify"];
        using Socket systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 4_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(notify));
        using FileStream fed = new(device, FileMode.Open, FileAccess.ReadWrite);
        using RunningAppliance appliance = new(
            scratch["box"], prefix: ["env", $"NOTIFY_SOCKET={notify}"], root: $"watchdog_device = \"{device}\"");

        // 1. Both, about once a second.
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(0, fed.ReadByte());
            AwaitFood(systemd);
        }

        Say($"4 feeds in {watch.ElapsedMilliseconds} ms");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));

        // 2. None of them while it hangs: what waited is taken, then there is silence for longer than between two feeds.
        using (Process tracer = Hold(appliance.ProcessId, "supervisor"))
        {
            systemd.ReceiveTimeout = 1_500;
            Assert.Throws<SocketException>(() => Repeat(20, () => AwaitFood(systemd)));
            tracer.Kill();
            tracer.WaitForExit();
        }

        // 3. An orderly stop says good-bye to the device.
        Command.Check("kill", "-TERM", $"{appliance.ProcessId}");
        int last = 0;
        while (last == 0)
        {
            last = fed.ReadByte();
        }

        Assert.Equal('V', last);
    }

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }

    private static void AwaitFood(Socket systemd)
    {
        byte[] datagram = new byte[256];
        while (!Encoding.UTF8.GetString(datagram, 0, systemd.Receive(datagram)).Contains("WATCHDOG=1", StringComparison.Ordinal))
        {
            // READY=1 comes here as well.
        }
    }

    /// <summary>How long nobody listened: from the first connection that is refused to the next one that is not.</summary>
    private static TimeSpan Gap(int port)
    {
        Wait.Until(() => !StoreScp.Listens(port), "the process ends", TimeSpan.FromSeconds(20));
        Stopwatch deaf = Stopwatch.StartNew();
        while (!StoreScp.Listens(port))
        {
            Assert.InRange(deaf.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }

        return deaf.Elapsed;
    }

    /// <summary>Sends one object and returns its file once it was acknowledged.</summary>
    private string Store(RunningAppliance appliance, string name)
    {
        string file = scratch[$"{name}-{SmallObject.NewUid()}.dcm"];
        string uid = SmallObject.NewUid();
        SmallObject.WriteFile(file, SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
        Assert.True(Sending(appliance, file, wait: true).ExitCode == 0, appliance.Output);
        return file;
    }

    private static Process Sending(RunningAppliance appliance, string file, bool wait = false)
    {
        Process process = Command.Start("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", file);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        if (wait)
        {
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the object is not acknowledged");
        }

        return process;
    }

    /// <summary>What is received beside them says that nothing was analysed; storescp names files by modality.</summary>
    private static int Originals(StoreScp pacs) =>
        pacs.Files.Count(file => Path.GetFileName(file).StartsWith("CT", StringComparison.Ordinal));

    internal static string Original(RunningAppliance appliance) => Assert.Single(
        Directory.GetFiles(Path.Combine(appliance.DataFolder, "journal"), "*.dcm", SearchOption.AllDirectories),
        path => !path.Contains("/results-", StringComparison.Ordinal));

    internal static void MakeFifoOf(string path)
    {
        File.Delete(path);
        Command.Check("mkfifo", path);
    }

    private static void Resume(RunningAppliance appliance) => Wait.Until(
        () => Command.Run(Place.Ctl, "dest", "resume", "pacs", "--socket", appliance.Socket).ExitCode == 0, "resumed",
        TimeSpan.FromSeconds(10));

    private static string? Device(RunningAppliance appliance) => appliance.Status().GetProperty("device").GetString();

    private static JsonElement[] Studies(RunningAppliance appliance) =>
        [.. appliance.Status().GetProperty("studies").EnumerateArray()];

    private static bool Saw(RunningAppliance appliance, string text) => appliance.Output.Contains(text, StringComparison.Ordinal);

    /// <summary>Every thread of that name, until the result is killed or the test ends.</summary>
    internal static Process Hold(int process, string name)
    {
        string[] threads = [.. Tasks(process).Where(task => task.Name == name[..Math.Min(15, name.Length)]).Select(task => $"{task.Id}")];
        Assert.NotEmpty(threads);
        Process tracer = Command.Start("/usr/bin/python3", [Place.Judge("hold_thread.py"), .. threads]);
        Assert.Equal("held", tracer.StandardOutput.ReadLine());
        return tracer;
    }

    private static IEnumerable<(int Id, string Name)> Tasks(int process) =>
        Directory.EnumerateDirectories($"/proc/{process}/task").Select(task =>
            (Number(Path.GetFileName(task)), File.ReadAllText(Path.Combine(task, "comm")).Trim())).ToArray();

    /// <summary>The daemon below the parent that starts it again.</summary>
    private static int DaemonOf(RunningAppliance appliance) =>
        Number(Command.Check("pgrep", "-P", $"{appliance.ProcessId}", "-x", "appliance"));

    private static int Number(string text) => int.Parse(text.Trim(), System.Globalization.CultureInfo.InvariantCulture);

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
