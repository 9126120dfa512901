using System.Diagnostics;
using System.Text;
using Appliance.Board;
using Appliance.Core;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>A server's management controller, played by ipmi_sim of Debian's openipmi; asked with ipmitool, as the board does.</summary>
public sealed class IpmiTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_chassis_blinks_when_it_is_asked_for_and_sensors_and_event_log_are_told()
    {
        Place.Needs("ipmi_sim", "ipmitool");
        using Controller controller = new(scratch.Make("bmc"));
        using IpmiBoard board = new(controller.BoardFile(("Inlet", 30)), TimeProvider.System);

        // 1. Which box is it?
        Assert.Null(board.Set(new Lamp(LampColour.Green, LampPattern.Steady, "ready")));
        Assert.Null(board.Set(new Lamp(LampColour.Blue, LampPattern.Blinking, "this is the box")));
        Assert.Null(board.Set(new Lamp(LampColour.Blue, LampPattern.Blinking, "this is the box")));
        Assert.Null(board.Set(new Lamp(LampColour.Red, LampPattern.Steady, "needs service")));
        Assert.Equal(["off", "force", "off"], controller.Identified());

        // 2. What it feels: below the limit, then above.
        board.Look();
        Temperature inlet = Assert.Single(board.Temperatures());
        Assert.Equal(("Inlet", 25.0), (inlet.Sensor, inlet.Celsius));
        Assert.Empty(board.Troubles);
        controller.Say("sensor_set_value 0x20 0 1 45 0");
        Wait.Until(
            () =>
            {
                board.Look();
                return board.Troubles.Any(trouble => trouble.Contains("45 degrees, 30 are the limit", StringComparison.Ordinal));
            },
            "it is too hot", TimeSpan.FromSeconds(10));

        // 3. What it has written down: a temperature that went above its limit (IPMI 2.0, 32.1).
        controller.Say("sel_add 0x20 0x02 0 0 0 0 0x20 0x00 0x04 0x01 0x01 0x01 0x59 0xff 0xff");
        Wait.Until(
            () =>
            {
                board.Look();
                return board.Troubles.Contains("event log: Temperature Inlet: Upper Critical going high");
            },
            "its event log is read", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_box_in_a_rack_is_identified_from_afar_and_what_its_controller_says_is_an_alarm()
    {
        Place.Needs("ipmi_sim", "ipmitool", "echoscu");
        using Controller controller = new(scratch.Make("bmc"));
        File.WriteAllText(scratch["board.json"], controller.BoardJson);
        using RunningAppliance appliance = new(scratch["box"], root: $"board_file = \"{scratch["board.json"]}\"");
        controller.Say("sensor_set_value 0x20 0 1 45 0");
        using Process panel = Command.Start(Place.Daemon, "--settings", appliance.SettingsFile, "--drive-panel");
        _ = panel.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = panel.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            Wait.Until(() => controller.Identified().LastOrDefault() == "off", "the light is off", TimeSpan.FromSeconds(20));
            Assert.Equal(0, Command.Run(Place.Ctl, "identify", "on", "--socket", appliance.Socket).ExitCode);
            Wait.Until(() => controller.Identified().LastOrDefault() == "force", "the light blinks", TimeSpan.FromSeconds(10));
            Assert.Equal(0, Command.Run(Place.Ctl, "identify", "off", "--socket", appliance.Socket).ExitCode);
            Wait.Until(() => controller.Identified().LastOrDefault() == "off", "the light is off again", TimeSpan.FromSeconds(10));
            Wait.Until(
                () => Command.Run(Place.Ctl, "alarms", "list", "--socket", appliance.Socket).Output.Contains(
                    "Inlet: 45 degrees, 30 are the limit", StringComparison.Ordinal),
                "it is too hot, and said so at the next look", TimeSpan.FromSeconds(100));
            Wait.Until(
                () => appliance.Status().GetProperty("device").GetString() == "Degraded", "it is degraded", TimeSpan.FromSeconds(20));
            Assert.True(appliance.Echo(), appliance.Output);
        }
        finally
        {
            panel.Kill();
            panel.WaitForExit();
        }
    }

    [Fact]
    public void A_controller_that_does_not_answer_is_told_and_costs_nothing_else()
    {
        Place.Needs("ipmi_sim", "ipmitool");
        Controller controller = new(scratch.Make("bmc"));
        using IpmiBoard board = new(controller.BoardFile(("Inlet", 30)), TimeProvider.System);
        controller.Dispose();

        Assert.NotNull(board.Set(new Lamp(LampColour.Blue, LampPattern.Blinking, "this is the box")));
        board.Look();
        Assert.Contains(board.Troubles, trouble => trouble.StartsWith("management controller: ", StringComparison.Ordinal));
        Assert.Empty(board.Temperatures());
    }

    /// <summary>One with a temperature sensor, an event log and a chassis whose identify light writes down what it does.</summary>
    private sealed class Controller : IDisposable
    {
        // A full sensor record (IPMI 2.0, table 43-1): temperature 1, "Inlet", unsigned degrees C, one to one.
        private static readonly byte[] InletRecord =
        [
            0, 0, 0x51, 1, 48, 0x20, 0, 1, 7, 1, 0x67, 0x88, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 25, 40, 10, 255, 0,
            90, 80, 70, 0, 0, 0, 0, 0, 0, 0, 0, 0xC5, .. "Inlet"u8,
        ];

        private readonly string folder;
        private readonly int port = Place.FreePort();
        private readonly Process process;

        public Controller(string folder)
        {
            this.folder = folder;
            string chassis = Path.Combine(folder, "chassis");
            File.WriteAllText(chassis, $"#!/bin/sh\necho \"$@\" >> {folder}/asked\n[ \"$2\" = get ] && echo \"$3:0\"\nexit 0\n");
            Command.Check("chmod", "+x", chassis);
            File.WriteAllText(Path.Combine(folder, "password"), "test\n");
            File.WriteAllText(
                Path.Combine(folder, "lan.conf"),
                $"""
                name "bmc"
                set_working_mc 0x20
                  startlan 1
                    addr 127.0.0.1 {port}
                    priv_limit admin
                    allowed_auths_callback none md2 md5 straight
                    allowed_auths_user none md2 md5 straight
                    allowed_auths_operator none md2 md5 straight
                    allowed_auths_admin none md2 md5 straight
                    guid a123456789abcdefa123456789abcdef
                  endlan
                  chassis_control "{chassis} 0x20"
                  user 1 true "" "test" user 10 none md2 md5 straight
                  user 2 true "service" "test" admin 10 none md2 md5 straight

                """);
            string none = new('0', 15);
            File.WriteAllText(
                Path.Combine(folder, "bmc.emu"),
                $"""
                mc_setbmc 0x20
                mc_add 0x20 0 has-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
                sel_enable 0x20 1000 0x0a
                sensor_add 0x20 0 1 0x01 0x01
                sensor_set_value 0x20 0 1 25 0
                sensor_set_event_support 0x20 0 1 enable scanning per-state {none} {none} {none} {none}
                main_sdr_add 0x20 {string.Join(' ', InletRecord.Select(each => $"0x{each:x2}"))}
                mc_enable 0x20

                """);

            // Its console is its standard input; at the end of that it ends.
            process = Process.Start(new ProcessStartInfo(
                "ipmi_sim", ["-c", Path.Combine(folder, "lan.conf"), "-f", Path.Combine(folder, "bmc.emu"), "-s", folder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            StringBuilder said = new();
            process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
            process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            Stopwatch watch = Stopwatch.StartNew();
            while (TryTool("mc", "info") != 0)
            {
                Assert.True(!process.HasExited && watch.Elapsed < TimeSpan.FromSeconds(30), $"ipmi_sim does not answer: {said}");
            }
        }

        public BoardFile BoardFile(params (string Sensor, double LimitC)[] sensors) => new()
        {
            Board = "simulated-bmc",
            Kind = BoardKind.Ipmi,
            Ipmi = new IpmiFile("lan", "127.0.0.1", port, "service", Path.Combine(folder, "password")),
            Sensors = [.. sensors.Select(each => new SensorLimit(each.Sensor, each.LimitC))],
        };

        public string BoardJson =>
            $$"""
            {
              "board": "bmc", "kind": "Ipmi", "sensors": [{ "sensor": "Inlet", "limit_c": 30 }],
              "ipmi": {
                "interface": "lan", "host": "127.0.0.1", "port": {{port}}, "user": "service",
                "password_file": "{{Path.Combine(folder, "password")}}"
              }
            }
            """;

        /// <summary>What the chassis was told to do with its light.</summary>
        public string[] Identified()
        {
            string asked = Path.Combine(folder, "asked");
            return
            [
                .. (File.Exists(asked) ? File.ReadAllLines(asked) : []).Select(line => line.Split(' '))
                    .Where(words => words.Contains("identify"))
                    .Select(words => words is [.., "1"] ? "force" : words is [.., "0", "0"] ? "off" : "for a while"),
            ];
        }

        /// <summary>At the simulator's own console.</summary>
        public void Say(string what) => process.StandardInput.WriteLine(what);

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        private int TryTool(params string[] what) => Command.Run("ipmitool", Line(what)).ExitCode;

        private string[] Line(string[] what) =>
            ["-I", "lan", "-H", "127.0.0.1", "-p", $"{port}", "-U", "service", "-P", "test", .. what];
    }
}
