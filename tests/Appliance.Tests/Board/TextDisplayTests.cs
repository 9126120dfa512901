using System.Device.I2c;
using Appliance.Board;
using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Board;

/// <summary>The character display, as its bus hears it. What it shows is read in the guest (SystemTests/Guest).</summary>
public sealed class TextDisplayTests
{
    private static readonly Lamp Ready = new(LampColour.Green, LampPattern.Steady, "ready");

    [Fact]
    public void A_display_that_is_pulled_out_is_missed_within_a_second_without_a_change_of_the_lamp()
    {
        Bus first = new(), second = new();
        Queue<Bus> buses = new([first, second]);
        using PanelPart part = new("display", () => new TextDisplay(buses.Dequeue(), 16));
        part.Show(Ready, TimeSpan.Zero, TimeSpan.Zero);
        Assert.Null(part.Trouble);
        int written = first.Bytes;
        part.Show(Ready, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
        Assert.Equal(written, first.Bytes);

        first.IsPresent = false;
        part.Show(Ready, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.StartsWith("display: ", part.Trouble, StringComparison.Ordinal);

        part.Show(Ready, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(12));
        Assert.Null(part.Trouble);
        Assert.Equal(written, second.Bytes);
    }

    [Fact]
    public void A_display_that_stays_is_asked_once_a_second_and_not_written_anew()
    {
        Bus bus = new();
        using PanelPart part = new("display", () => new TextDisplay(bus, 20));
        part.Show(Ready, TimeSpan.Zero, TimeSpan.Zero);
        int written = bus.Bytes;
        for (int ms = 50; ms <= 10_000; ms += 50)
        {
            part.Show(Ready, TimeSpan.FromMilliseconds(ms), TimeSpan.FromMilliseconds(ms));
        }

        // A command is two nibbles, each with the clock line up and down (HD44780 data sheet, 4-bit operation).
        Assert.InRange(bus.Bytes - written, 10, 10 * 8);
    }

    /// <summary>Counts what an expander of eight lines is told.</summary>
    private sealed class Bus : I2cDevice
    {
        public bool IsPresent { get; set; } = true;

        public int Bytes { get; private set; }

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x27);

        public override byte ReadByte() => 0;

        public override void Read(Span<byte> buffer) => buffer.Clear();

        public override void WriteByte(byte value) => Write([value]);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsPresent)
            {
                throw new IOException("Error 121 performing I2C data transfer.");
            }

            Bytes += buffer.Length;
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Write(writeBuffer);
    }
}
