using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>A service engineer at the end of a line: each command through sshd, and settings that come back by themselves.</summary>
public sealed class ServiceTests : IDisposable
{
    private static readonly string[] RestartingParent = ["bash", "-c", "while :; do \"$@\"; sleep 0.1; done", "parent"];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_command_does_its_work_through_the_forced_command_and_answers_in_JSON_as_well()
    {
        NeedsSshd("storescu", "storescp");
        using StoreScp pacs = new(scratch["pacs"]);

        // A reboot is asked of systemctl: here of one that writes down what it was asked.
        string bin = scratch.Make("bin");
        File.WriteAllText(Path.Combine(bin, "systemctl"), $"#!/bin/sh\necho \"$@\" >> {scratch["rebooted"]}\n");
        Command.Check("chmod", "+x", Path.Combine(bin, "systemctl"));
        using RunningAppliance appliance = new(
            scratch["box"], RunningAppliance.Destination("pacs", pacs.Port), ["env", $"PATH={bin}:/usr/bin:/bin"]);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);
        string uid = SmallObject.NewUid();
        SmallObject.WriteFile(scratch["one.dcm"], SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", scratch["one.dcm"]);
        string key = appliance.WaitUntilDelivered(1, TimeSpan.FromSeconds(60)).GetProperty("studies")[0].GetProperty("key").GetString()!;

        (string Command, int Exit, string Says)[] commands =
        [
            ("status", 0, "lamp: "), ("watch --count 1", 0, "ready"), ("studies list", 0, key), ($"studies show {key}", 0, "state: "),
            ($"studies show {key} --phi", 0, "NOBODY^NOWHERE"), ($"studies resend {key}", 0, "sent again"),
            ($"studies cancel {key}", 6, "nothing of it"), ($"studies reanalyse {key}", 0, "analysed again"),
            ("conflicts list", 0, "no object waits"), ($"conflicts accept {key} ab-1", 6, "nothing of it waits"),
            ("alarms list", 0, ""), ("alarms ack all", 6, "no such alarm"), ("events --last 3", 0, ""), ("log --last 3", 0, ""),
            ("dest echo pacs", 0, "answers after"), ("dest pause pacs", 0, "paused"), ("dest resume pacs", 0, "goes on"),
            ("app list", 0, "ct-organs"), ("app verify ct-organs", 0, "golden slice is right"), ("test", 0, "checks passed"),
            ("config get listener.ae_title", 0, "APPLIANCE"),
            ("config set listener.ae_title OTHER", 0, "set"), ("config diff", 0, "OTHER"), ("config rollback", 0, "dropped"),
            ("config confirm", 6, "nothing is on trial"), ("config unset disk", 6, "not set"), ("identify on", 0, "blue"),
            ("identify off", 0, "state again"), ("lamp test", 0, "Green"), ("bundle", 6, "service_certificate"),
            ("reboot", 0, "starts again"),
        ];
        foreach ((string command, int exit, string says) in commands)
        {
            Settle(appliance);
            Command plain = ssh.Run("service", command);
            Assert.True(exit == plain.ExitCode || (command == "test" && plain.ExitCode is 0 or 4), $"{command}: {plain}");
            Assert.Contains(says, plain.Output + plain.Error, StringComparison.Ordinal);
            if (exit == 0 && !command.StartsWith("config set", StringComparison.Ordinal)
                && !command.StartsWith("config rollback", StringComparison.Ordinal))
            {
                Settle(appliance);
                Command asJson = ssh.Run("service", $"{command} --json");
                Assert.True(asJson.Output.Length > 0, $"{command} --json: {asJson}");
                string[] lines = asJson.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                using JsonDocument json = JsonDocument.Parse(
                    command[..3] is "log" or "wat" ? lines[0] : string.Join('\n', lines));
            }
        }

        Assert.Equal("reboot", File.ReadAllLines(scratch["rebooted"])[0]);
        string engineer = Command.Check("ssh-keygen", "-l", "-f", ssh.KeyFile("service") + ".pub").Split(' ')[1];
        Assert.Contains(
            ssh.Run("viewer", "log").Output.Split('\n'),
            line => line.Contains("603 PatientShown", StringComparison.Ordinal)
                && line.Contains($", key {engineer}", StringComparison.Ordinal));
        Command refused = ssh.Run("viewer", $"studies show {key} --phi");
        Assert.Equal((77, ""), (refused.ExitCode, refused.Output));
    }

    [Fact]
    public void Settings_on_trial_go_back_when_the_link_is_cut_and_when_the_box_restarts_and_stay_when_they_are_confirmed()
    {
        NeedsSshd("echoscu");
        using RunningAppliance appliance = new(scratch["box"], prefix: RestartingParent);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);
        string before = File.ReadAllText(appliance.SettingsFile);

        // 1. The link is cut: the client dies in the middle of the commit, and nobody comes back.
        Assert.Equal(0, ssh.Run("service", "config set listener.ae_title CHANGED").ExitCode);
        using (Process link = ssh.Start("service", "config commit-confirm 0.25"))
        {
            Wait.Until(() => Answers(appliance, "CHANGED"), "the new title answers", TimeSpan.FromSeconds(10));
            link.Kill();
        }

        Stopwatch watch = Stopwatch.StartNew();
        Wait.Until(() => Answers(appliance, RunningAppliance.AeTitle), "it goes back by itself", TimeSpan.FromSeconds(40));
        Say($"back {watch.Elapsed.TotalSeconds:F1} s after the link was cut, 15 s were given");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        Assert.Equal(before, File.ReadAllText(appliance.SettingsFile));

        // 2. The box restarts before anybody confirms.
        Commit("1440");
        Command.Check("pkill", "-KILL", "-P", $"{appliance.ProcessId}", "-x", "appliance");
        Wait.Until(() => Answers(appliance, RunningAppliance.AeTitle), "the old title again", TimeSpan.FromSeconds(20));
        Assert.Equal(before, File.ReadAllText(appliance.SettingsFile));

        // 3. Rolled back by hand.
        Commit("5");
        Wait.Until(() => ssh.Run("service", "config rollback").ExitCode == 0, "rolled back", TimeSpan.FromSeconds(10));
        Wait.Until(() => Answers(appliance, RunningAppliance.AeTitle), "the old title again", TimeSpan.FromSeconds(20));

        // 4. Confirmed: it stays, also after a restart and after the time is over.
        Commit("0.1");
        Wait.Until(() => ssh.Run("service", "config confirm").ExitCode == 0, "confirmed", TimeSpan.FromSeconds(5));
        Stopwatch over = Stopwatch.StartNew();
        Wait.Until(() => over.Elapsed > TimeSpan.FromSeconds(8), "the time is over", TimeSpan.FromSeconds(10));
        Command.Check("pkill", "-KILL", "-P", $"{appliance.ProcessId}", "-x", "appliance");
        Wait.Until(() => Answers(appliance, "CHANGED"), "it stays", TimeSpan.FromSeconds(20));
        Assert.False(Answers(appliance, RunningAppliance.AeTitle));

        void Commit(string minutes)
        {
            Assert.Equal(0, ssh.Run("service", "config set listener.ae_title CHANGED").ExitCode);
            Assert.Equal(0, ssh.Run("service", $"config commit-confirm {minutes}").ExitCode);
            Wait.Until(() => Answers(appliance, "CHANGED"), "the new title answers", TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public void A_bundle_is_what_openssl_decrypts_with_the_service_key_and_holds_the_members_that_were_listed()
    {
        NeedsSshd("openssl", "tar");
        string certificate = scratch["service.pem"];
        Command.Check(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=service", "-keyout", scratch["service.key"], "-out",
            certificate);
        using RunningAppliance appliance = new(scratch["box"], root: $"service_certificate = \"{certificate}\"");
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);

        Command bundle = ssh.Run("service", "bundle");
        Assert.Equal(0, bundle.ExitCode);
        File.WriteAllText(scratch["bundle.pem"], bundle.Output);
        Command.Check(
            "openssl", "cms", "-decrypt", "-inform", "PEM", "-in", scratch["bundle.pem"], "-inkey", scratch["service.key"], "-recip",
            certificate, "-out", scratch["bundle.tgz"]);
        string[] members = Command.Check("tar", "-tzf", scratch["bundle.tgz"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] listed =
        [
            .. bundle.Error.Split('\n').Select(line => line.Split(' ')).Where(words => words is [_, _, { Length: 64 }])
                .Select(words => words[0]),
        ];
        Assert.Equal<string[]>([.. listed, "MEMBERS"], members);
        Assert.Contains("status.json", members);
        Assert.Contains("events.log", members);
        Say($"{members.Length} members, {new FileInfo(scratch["bundle.tgz"]).Length} bytes");

        // Nobody else reads it, and a viewer gets none.
        Command.Check("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout", scratch["other.key"],
            "-out", scratch["other.pem"]);
        Assert.NotEqual(0, Command.Run("openssl", "cms", "-decrypt", "-inform", "PEM", "-in", scratch["bundle.pem"], "-inkey",
            scratch["other.key"], "-recip", scratch["other.pem"], "-out", scratch["stolen.tgz"]).ExitCode);
        Assert.Equal(77, ssh.Run("viewer", "bundle").ExitCode);
    }

    [Fact]
    public void A_client_that_obeys_nobody_gets_our_output_or_nothing()
    {
        NeedsSshd();
        Assert.SkipUnless(Command.Run("/usr/bin/python3", "-c", "import paramiko").ExitCode == 0, "python3-paramiko: make setup");
        using RunningAppliance appliance = new(scratch["box"]);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);
        using JsonDocument document = JsonDocument.Parse(Command.Check(
            "/usr/bin/python3", Place.Judge("hostile_ssh.py"), "127.0.0.1", $"{ssh.Port}", Environment.UserName, ssh.KeyFile("service")));
        JsonElement said = document.RootElement;

        foreach (string name in new[] { "nul", "mebibyte", "escape", "newline" })
        {
            string output = said.GetProperty(name).GetProperty("output").GetString()!;
            Say($"{name}: {said.GetProperty(name)}");
            Assert.DoesNotContain("uid=", output, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', output);
            Assert.NotEqual(0, said.GetProperty(name).GetProperty("status").GetInt32());
        }

        string terminal = said.GetProperty("terminal").GetProperty("output").GetString()!;
        Assert.Contains("listening", terminal, StringComparison.Ordinal);
        Assert.DoesNotContain("uid=", terminal, StringComparison.Ordinal);

        // Keys before the first output may end the command: then there is nothing, and still no shell.
        Assert.DoesNotContain("uid=", said.GetProperty("impatient").GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Contains("lamp", said.GetProperty("empty").GetProperty("output").GetString(), StringComparison.Ordinal);
        foreach (string refused in new[] { "forward_refused", "listen_refused", "sftp_refused" })
        {
            Assert.True(said.GetProperty(refused).GetBoolean(), refused);
        }

        // Fifty at once are all let in, and each is answered.
        string[] logins = [.. said.GetProperty("parallel").EnumerateArray().Select(each => each.ToString())];
        Assert.Equal(Enumerable.Repeat("0", 50), logins);
    }

    [Fact]
    public void More_logins_at_once_than_sshd_takes_are_closed_by_it_and_nobody_else_is_disturbed()
    {
        NeedsSshd("echoscu");
        using RunningAppliance appliance = new(scratch["box"]);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);

        // 1. Clients that open a connection and say nothing. Whoever sshd speaks to has one of the 64 places (image/ssh/appliance.conf).
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < 80; i++)
            {
                silent.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 });
                silent[i].Connect("127.0.0.1", ssh.Port);
            }

            int places = silent.Count(IsSpokenTo);
            Say($"{places} of {silent.Count} silent connections have a place");
            Assert.Equal(64, places);

            // 2. The next login is refused before anything of it is read, and the box does not notice.
            Command refused = ssh.Run("viewer", "status");
            Assert.Equal((255, ""), (refused.ExitCode, refused.Output));
            Assert.True(appliance.Echo());
        }
        finally
        {
            silent.ForEach(each => each.Dispose());
        }

        // 3. A place that is free again is the next one's.
        Wait.Until(() => ssh.Run("viewer", "status").ExitCode == 0, "a login is answered again", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_phantom_is_sent_analysed_and_compared_through_the_forced_command()
    {
        NeedsSshd();
        using RunningAppliance appliance = new(scratch["box"]);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);
        Wait.Until(() => appliance.Status().GetProperty("device").GetString() is "Ready" or "Degraded", "apps are loaded",
            TimeSpan.FromSeconds(60));

        Assert.Equal(77, ssh.Run("viewer", "phantom").ExitCode);
        Command phantom = ssh.Run("service", "phantom --json");
        Say(phantom.Output);
        Assert.Equal(0, phantom.ExitCode);
        using JsonDocument answer = JsonDocument.Parse(phantom.Output);
        Assert.True(answer.RootElement.GetProperty("done").GetBoolean());
        double[] dice = [.. answer.RootElement.GetProperty("dice").EnumerateObject().Select(organ => organ.Value.GetDouble())];
        Assert.InRange(dice.Average(), 0.8, 1);
    }

    [Fact]
    public void A_shell_completes_commands()
    {
        Place.Needs("bash");
        string script = Path.Combine(Place.Root, "image", "completion", "appliancectl.bash");
        string asked = $"source {script}; COMP_LINE='{Place.Ctl} al'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({Place.Ctl} al); "
            + "COMP_CWORD=1; "
            + "_appliancectl; echo \"${COMPREPLY[@]}\"";
        Assert.Equal("alarms", Command.Check("bash", "-c", asked).Trim());
    }

    private static void NeedsSshd(params string[] more)
    {
        Place.Needs(["sshd", "ssh", "ssh-keygen", .. more]);
        Assert.SkipUnless(Place.IsRoot, "sshd has to be started as root");
    }

    private static void Settle(RunningAppliance appliance) => Wait.Until(
        () => appliance.Status() is JsonElement status
            && status.GetProperty("studies").EnumerateArray().All(study => study.GetProperty("owed").GetInt32() == 0)
            && status.GetProperty("studies")[0].GetProperty("state").GetString() is "Sent" or "NotAnalysed"
            && status.GetProperty("device").GetString() is "Ready" or "Degraded",
        "nothing is under way", TimeSpan.FromSeconds(60));

    private static bool Answers(RunningAppliance appliance, string title) => Command.Run(
        "echoscu", "-to", "2", "-ta", "2", "-aec", title, "127.0.0.1", $"{appliance.Port}").ExitCode == 0;

    /// <summary>sshd's version line comes (RFC 4253 4.2), or the connection is closed, with other words or without.</summary>
    private static bool IsSpokenTo(Socket client)
    {
        byte[] said = new byte[64];
        try
        {
            return said.AsSpan(0, client.Receive(said)).StartsWith("SSH-"u8);
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
