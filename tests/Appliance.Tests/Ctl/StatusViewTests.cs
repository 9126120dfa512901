using System.Text;
using Appliance.Core;
using Appliance.Ctl;
using Appliance.Tests.Core;
using Spectre.Console;
using Status = Appliance.Core.Status;
using Xunit;

namespace Appliance.Tests.Ctl;

public sealed class StatusViewTests
{
    [Fact]
    public void Eighty_columns_hold_a_busy_device()
    {
        string drawn = Draw(SampleStatus.Busy());

        Assert.All(drawn.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("amber, pulsing: attention; receiving, analysing, sending", drawn, StringComparison.Ordinal);
        Assert.Contains("Segment 64 %", drawn, StringComparison.Ordinal);
        Assert.Matches(@"CT Receiving +│ +112 │ +97 │ +0 │", drawn);
        Assert.Contains("0c4be9f1: not analysed: no app takes this series", drawn, StringComparison.Ordinal);
        Assert.Contains("try echoscu", drawn, StringComparison.Ordinal);
        Assert.Contains("6.2 s", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_destination_says_where_to_set_one()
    {
        Assert.Contains("[[destination]]", Draw(SampleStatus.Ready() with { Destinations = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_looks_like_markup_is_shown_as_it_is()
    {
        Status status = SampleStatus.Ready() with { Compute = new ComputeStatus("[red]CPU[/]", "[") };

        Assert.Contains("[red]CPU[/] ([)", Draw(status), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_gets_one_fact_a_line_without_a_control_character()
    {
        StringWriter lines = new();

        StatusLines.Write(SampleStatus.Busy(), lines);

        Assert.Contains("study: 3f2a1b9c77d0 Receiving, 112 in, 97 analysed, 0 made, 0 owed\n", lines.ToString(), StringComparison.Ordinal);
        Assert.Contains("study: b7715c20e9f8 Sent, 300 in, 300 analysed, 302 made, 0 owed\n", lines.ToString(), StringComparison.Ordinal);
        Assert.Contains("destination: backup paused, 0 owed, 0 held, 0 sent\n", lines.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', lines.ToString());
    }

    [Theory]
    [InlineData(DeviceState.Ready, 0)]
    [InlineData(DeviceState.Degraded, 4)]
    [InlineData(DeviceState.SelfTest, 4)]
    [InlineData(DeviceState.Maintenance, 4)]
    [InlineData(DeviceState.Fault, 5)]
    public void The_exit_code_says_what_the_lamp_says(DeviceState device, int code)
    {
        Assert.Equal(code, ExitCode.Of((SampleStatus.Ready() with { Device = device }).Lamp));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(75, "1 min 15 s")]
    [InlineData(7_980, "2 h 13 min")]
    [InlineData(200_000, "2 d 7 h")]
    [InlineData(-5, "0 s")]
    public void Spans_have_two_units_at_most(int seconds, string words)
    {
        Assert.Equal(words, Words.Span(TimeSpan.FromSeconds(seconds)));
    }

    private static string Draw(Status status)
    {
        StringWriter text = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new Eighty(text),
        });
        StatusView.Draw(status, console);
        return text.ToString();
    }

    private sealed class Eighty(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => 80;

        public int Height => 25;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
