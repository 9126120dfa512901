using Appliance.Board;
using Appliance.Core;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Board;

/// <summary>The OLED, as the bytes on its bus make it light. The expected pictures were looked at: a person reads them as text.</summary>
public sealed class PixelDisplayTests
{
    private static readonly Lamp Ready = new(LampColour.Green, LampPattern.Steady, "ready");
    private static readonly Plate Plate = new("CT_ROOM_2", "192.168.100.200", 11112, "CT 412 at 14:02", "sent");

    [Theory]
    [InlineData("ready", LampColour.Green, LampPattern.Steady, "ready", true)]
    [InlineData("working", LampColour.Green, LampPattern.Pulsing, "receiving, analysing 2", true)]
    [InlineData("silence", LampColour.Amber, LampPattern.Steady, "the appliance does not answer", false)]
    public void The_display_shows_state_lamp_title_address_and_last_study(
        string name, LampColour colour, LampPattern pattern, string meaning, bool isTold)
    {
        using OledMemory oled = new();
        using PixelDisplay display = new(oled, () => isTold ? Plate : null);

        display.Show(new Lamp(colour, pattern, meaning), TimeSpan.Zero);

        string expected = Path.Combine(Checkout.Root, "tests/Appliance.Tests/Board/Judges", $"oled-{name}.txt");
        string[] picture = oled.Picture;
        if (Environment.GetEnvironmentVariable("UPDATE_PICTURES") is not null)
        {
            File.WriteAllLines(expected, picture);
        }

        Assert.Equal(File.ReadAllLines(expected), picture);
        Assert.True(oled.IsOn);
    }

    /// <summary>Data sheet, 10.1.18 and 8.9: 64 lines, even and odd ones led out on different sides; the charge pump feeds it.</summary>
    [Fact]
    public void A_panel_of_64_lines_is_set_up_as_it_is_wired()
    {
        using OledMemory oled = new();
        using PixelDisplay display = new(oled, () => null);

        display.Show(Ready, TimeSpan.Zero);

        Assert.Equal((0x3F, 0x12, 0x14, 0), (oled.Set[0xA8], oled.Set[0xDA], oled.Set[0x8D], oled.Set[0x20]));
        Assert.True(oled.Set.ContainsKey(0xA1) && oled.Set.ContainsKey(0xC8) && oled.Set.ContainsKey(0xA4) && oled.Set.ContainsKey(0xA6));
    }

    [Fact]
    public void A_study_that_counts_sends_one_page_a_second_and_a_lamp_that_changes_is_drawn_at_once()
    {
        using OledMemory oled = new();
        int slices = 0;
        using PixelDisplay display = new(oled, () => Plate with { Study = $"CT {++slices} at 14:02" });
        display.Show(Ready, TimeSpan.Zero);
        Assert.Equal(1024, oled.DataBytes);

        for (int ms = 50; ms <= 10_000; ms += 50)
        {
            display.Show(Ready, TimeSpan.FromMilliseconds(ms));
        }

        Assert.Equal(1024 + (10 * 128), oled.DataBytes);
        string[] before = oled.Picture;
        display.Show(new Lamp(LampColour.Red, LampPattern.Steady, "needs service"), TimeSpan.Zero);
        Assert.NotEqual(before[..16], oled.Picture[..16]);
    }

    [Fact]
    public void A_display_that_is_pulled_out_is_missed_within_a_second_and_drawn_anew_when_it_is_back()
    {
        OledMemory oled = new();
        OledMemory again = new();
        Queue<OledMemory> buses = new([oled, again]);
        using PanelPart part = new("display", () => new PixelDisplay(buses.Dequeue(), () => Plate));
        part.Show(Ready, TimeSpan.Zero, TimeSpan.Zero);
        Assert.Null(part.Trouble);

        oled.IsPresent = false;
        part.Show(Ready, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.StartsWith("display: ", part.Trouble, StringComparison.Ordinal);
        Assert.True(oled.IsClosed);

        part.Show(Ready, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(12));
        Assert.Null(part.Trouble);
        Assert.Equal(oled.Picture, again.Picture);
    }

    [Fact]
    public void The_plate_is_what_the_page_shows_and_nothing_of_the_patient()
    {
        Status status = Core.SampleStatus.Ready() with
        {
            Studies = [Core.SampleStatus.Study("a", StudyState.Sent) with { Originals = 412, LastArrival = Core.SampleStatus.Now }],
        };

        Plate plate = Plate.Of(status, TimeZoneInfo.Utc);

        Assert.Equal(new Plate("APPLIANCE", "0.0.0.0", 11112, "CT 412 at 19:30", "sent"), plate);
        Assert.True(plate.IsAnywhere);
        Assert.Equal("", Plate.Of(Core.SampleStatus.Ready(), TimeZoneInfo.Utc).Study);
    }
}
