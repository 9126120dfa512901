using System.Text;
using Appliance.Board;
using Appliance.Core;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Board;

public sealed class BoardTests : IDisposable
{
    private readonly string sysfs = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public void Dispose() => Directory.Delete(sysfs, recursive: true);

    [Fact]
    public void Every_board_in_hardware_is_read_and_named_like_its_folder()
    {
        string[] files = Directory.GetFiles(Path.Combine(Checkout.Root, "hardware"), "board.json", SearchOption.AllDirectories);

        Assert.True(files.Length >= 2);
        foreach (string path in files)
        {
            Outcome<BoardFile> board = BoardFile.Load(path);
            Assert.Null(board.Refusal);
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(path)), board.Value!.Board);
        }
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{}", "board")]
    [InlineData("""{"board": "b", "kind": "Linux"}""", "no LED for Green")]
    [InlineData("""{"board": "b", "kind": "Magic"}""", "kind")]
    [InlineData("""{"board": "b", "kind": "Simulated", "colour": 1}""", "colour")]
    [InlineData("""{"board": "b", "kind": "Simulated", "lamp": {"Green": ["../../etc/passwd"]}}""", "without /")]
    [InlineData("""{"board": "b", "kind": "Simulated", "sensors": [{"sensor": "cpu", "limit_c": 900}]}""", "900")]
    [InlineData("""{"board": "b", "kind": "Simulated", "panel": {"display": {"bus": 1, "address": 60}}}""", "columns")]
    [InlineData("""{"board": "b", "kind": "Simulated", "panel": {"display": {"kind": "Ssd1306", "bus": 1, "address": 39}}}""", "0x3C")]
    [InlineData("""{"board": "b", "kind": "Simulated", "panel": {"display": {"kind": "Teletext", "bus": 1, "address": 60}}}""", "kind")]
    public void A_board_file_that_makes_no_sense_is_refused(string json, string because)
    {
        Outcome<BoardFile> board = BoardFile.Read("b.json", Encoding.UTF8.GetBytes(json));

        Assert.True(board.Refused);
        Assert.Contains(because, board.Refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_board_file_is_the_simulated_board_and_a_missing_one_a_refusal()
    {
        Assert.Equal(BoardKind.Simulated, BoardFile.Load(string.Empty).Value!.Kind);
        Assert.True(BoardFile.Load("/nowhere/board.json").Refused);
    }

    [Fact]
    public void The_kernels_leds_show_colour_and_pattern_and_no_other_colour_stays_lit()
    {
        LinuxBoard board = Box();

        Assert.Null(board.Set(new Lamp(LampColour.Green, LampPattern.Steady, "ready")));
        Assert.Equal(("none", "255"), (Led("appliance:green:status", "trigger"), Led("appliance:green:status", "brightness")));

        Assert.Null(board.Set(new Lamp(LampColour.Amber, LampPattern.Pulsing, "attention")));
        Assert.Equal(("none", "0"), (Led("appliance:green:status", "trigger"), Led("appliance:green:status", "brightness")));
        Assert.Equal(("timer", "1000"), (Led("appliance:amber:status", "trigger"), Led("appliance:amber:status", "delay_on")));
    }

    [Fact]
    public void A_missing_led_is_a_refusal_and_makes_no_file()
    {
        LinuxBoard board = Box();
        Directory.Delete(Path.Combine(sysfs, "class/leds/appliance:red:status"), recursive: true);

        Assert.NotNull(board.Set(new Lamp(LampColour.Red, LampPattern.Steady, "needs service")));
        Assert.False(Directory.Exists(Path.Combine(sysfs, "class/leds/appliance:red:status")));
    }

    [Fact]
    public void Temperatures_come_with_their_limit()
    {
        Put("class/hwmon/hwmon0/name", "coretemp\n");
        Put("class/hwmon/hwmon0/temp1_label", "Package id 0\n");
        Put("class/hwmon/hwmon0/temp1_input", "91500\n");
        Put("class/hwmon/hwmon1/name", "acpitz\n");
        Put("class/hwmon/hwmon1/temp1_input", "27800\n");
        Put("class/hwmon/hwmon1/temp2_input", "asleep\n");

        IReadOnlyList<Temperature> readings = Box().Temperatures();

        Assert.Equal([new Temperature("coretemp Package id 0", 91.5, 90), new Temperature("acpitz", 27.8, null)], readings);
        Assert.True(readings[0].TooHot);
        Assert.False(readings[1].TooHot);
    }

    [Fact]
    public void The_sensors_of_this_machine_are_read_or_there_are_none()
    {
        Assert.All(new LinuxBoard(BoardFile.Simulated).Temperatures(), t => Assert.InRange(t.Celsius, -50, 150));
    }

    [Fact]
    public void The_simulated_board_draws_the_lamp()
    {
        StringWriter terminal = new();

        Boards.Open(BoardFile.Simulated, terminal, TimeProvider.System).Set(new Lamp(LampColour.Green, LampPattern.Pulsing, "receiving"));

        Assert.Contains("green, pulsing: receiving", terminal.ToString(), StringComparison.Ordinal);
    }

    private LinuxBoard Box()
    {
        BoardFile file = BoardFile.Load(Path.Combine(Checkout.Root, "hardware/gpio-box/board.json")).Value!;
        foreach (string led in file.Lamp.Values.SelectMany(l => l))
        {
            Put($"class/leds/{led}/trigger", "none");
            Put($"class/leds/{led}/brightness", "0");
            Put($"class/leds/{led}/max_brightness", "255");
            Put($"class/leds/{led}/delay_on", "0");
            Put($"class/leds/{led}/delay_off", "0");
        }

        return new LinuxBoard(file, sysfs);
    }

    private string Led(string led, string attribute) => File.ReadAllText(Path.Combine(sysfs, "class/leds", led, attribute));

    private void Put(string path, string text)
    {
        string full = Path.Combine(sysfs, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
