using System.Device.I2c;
using Appliance.Core;
using Iot.Device.Max7219;
using Iot.Device.Ssd13xx.Commands;
using Iot.Device.Ssd13xx.Commands.Ssd1306Commands;

namespace Appliance.Board;

/// <summary>An OLED of 128 x 64 pixels: the state in large letters, the lamp in words, what is dialled in, and the newest study.</summary>
/// <remarks>
/// Its memory is eight pages of eight rows; a byte is a column of a page, its lowest bit on top (SSD1306 data sheet, 8.7). Only pages that
/// differ are sent: a whole picture takes a tenth of a second at 100 kHz, and the lamp waits for it. Of the package's driver these are the
/// commands and a font; its class draws through a library for pictures, which the panel's process does without.
/// </remarks>
internal sealed class PixelDisplay(I2cDevice bus, Func<Plate?> plate) : IShowing
{
    private const int Width = 128, Pages = 8;

    /// <summary>First byte of what is written (8.1.5.2).</summary>
    private const byte CommandsFollow = 0x00, DataFollows = 0x40;

    private static readonly IFont Font = Fonts.LCD;

    private readonly byte[] shown = new byte[Width * Pages];
    private readonly byte[] wanted = new byte[Width * Pages];
    private bool isOn;
    private Lamp? lampShown;
    private TimeSpan drawn;

    public void Show(Lamp lamp, TimeSpan since)
    {
        // A study that arrives changes its count with each slice; nobody reads so fast. A lamp that changed is said at once.
        if (lamp == lampShown && since - drawn < TimeSpan.FromMilliseconds(Limits.DisplayMs))
        {
            return;
        }

        bool isNew = !isOn;
        if (isNew)
        {
            Start();
        }

        Draw(PanelSignals.Rows(lamp, plate()));
        for (int page = 0; page < Pages; page++)
        {
            Span<byte> row = wanted.AsSpan(page * Width, Width);
            if (isNew || !row.SequenceEqual(shown.AsSpan(page * Width, Width)))
            {
                Send(page, row);
            }
        }

        // Said even where nothing has changed: a display that has gone is noticed.
        Send(new SetDisplayOn());
        isOn = true;
        wanted.CopyTo(shown, 0);
        (lampShown, drawn) = (lamp, since);
    }

    public void Dispose() => bus.Dispose();

    /// <summary>All that depends on the panel's size and wiring, as the data sheet's application example has it for 128 x 64.</summary>
    private void Start()
    {
        foreach (ICommand command in (ICommand[])
        [
            new SetDisplayOff(), new SetDisplayClockDivideRatioOscillatorFrequency(0, 8), new SetMultiplexRatio((8 * Pages) - 1),
            new SetDisplayOffset(0), new SetDisplayStartLine(0), new SetChargePump(true),
            new SetMemoryAddressingMode(SetMemoryAddressingMode.AddressingMode.Horizontal), new SetSegmentReMap(true),
            new SetComOutputScanDirection(false), new SetComPinsHardwareConfiguration(true, false), new SetContrastControlForBank0(0x8F),
            new SetPreChargePeriod(1, 15), new SetVcomhDeselectLevel(SetVcomhDeselectLevel.DeselectLevel.Vcc1_00),
            new EntireDisplayOn(false), new SetNormalDisplay(),
        ])
        {
            Send(command);
        }
    }

    private void Send(ICommand command) => bus.Write([CommandsFollow, .. command.GetBytes()]);

    private void Send(int page, ReadOnlySpan<byte> row)
    {
        Send(new SetColumnAddress(0, Width - 1));
        Send(new SetPageAddress((PageAddress)page, (PageAddress)page));
        bus.Write([DataFollows, .. row]);
    }

    private void Draw(PanelRows rows)
    {
        Array.Clear(wanted);
        Write(0, rows.State, isLarge: true);
        for (int i = 0; i < rows.Small.Count; i++)
        {
            Write(2 + i, rows.Small[i], isLarge: false);
        }

        // A dotted line between the state and what is looked up: letters leave the last row of a page free.
        for (int x = 0; x < Width; x += 2)
        {
            wanted[(3 * Width) + x] |= 0x80;
        }
    }

    /// <summary>Large: two pages high, and twice as wide where that has room.</summary>
    private void Write(int page, string text, bool isLarge)
    {
        int wide = isLarge && WidthOf(text) * 2 <= Width ? 2 : 1;
        int x = 0;
        foreach (char letter in text)
        {
            foreach (byte column in Font[letter])
            {
                for (int i = 0; i < wide && x < Width; i++, x++)
                {
                    int tall = isLarge ? Double(column) : column;
                    wanted[(page * Width) + x] |= (byte)tall;
                    if (isLarge)
                    {
                        wanted[((page + 1) * Width) + x] |= (byte)(tall >> 8);
                    }
                }
            }

            x += wide;
        }
    }

    private static int WidthOf(string text) => text.Sum(letter => Font[letter].Count + 1) - 1;

    private static int Double(byte column)
    {
        int tall = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            tall |= (column >> bit & 1) * 3 << (2 * bit);
        }

        return tall;
    }
}
