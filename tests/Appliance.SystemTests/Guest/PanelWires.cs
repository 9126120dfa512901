namespace Appliance.SystemTests.Guest;

/// <summary>What bytes on a wire mean to the part at its end, by that part's data sheet. Knows nothing of Iot.Device.Bindings.</summary>
internal static class PanelWires
{
    private const int Rs = 1, Rw = 2, Enable = 4;

    /// <summary>
    /// An HD44780 of 20 x 4 behind a PCF8574: P0 RS, P1 RW, P2 E, P3 backlight, P4-P7 data. A nibble counts when E falls; the display
    /// begins with 8 bits, and function set 0x2 makes it 4 (HD44780U data sheet, figure 24).
    /// </summary>
    /// <returns>Four lines, as somebody in front of it reads them.</returns>
    public static string[] Screen(ReadOnlySpan<byte> i2c)
    {
        char[] memory = new string(' ', 0x80).ToCharArray();
        int address = 0, before = 0, high = -1;
        bool isFour = false;
        foreach (byte pins in i2c)
        {
            bool fell = (before & Enable) != 0 && (pins & Enable) == 0 && (before & Rw) == 0;
            int nibble = before >> 4;
            bool isData = (before & Rs) != 0;
            before = pins;
            if (!fell)
            {
                continue;
            }

            if (!isFour)
            {
                isFour = !isData && nibble == 2;
                continue;
            }

            if (high < 0)
            {
                high = nibble;
                continue;
            }

            int value = (high << 4) | nibble;
            high = -1;
            if (isData)
            {
                memory[address] = (char)value;
                address = (address + 1) & 0x7F;
            }
            else if (value == 1)
            {
                Array.Fill(memory, ' ');
                address = 0;
            }
            else if (value is 2 or 3)
            {
                address = 0;
            }
            else if (value >= 0x80)
            {
                address = value & 0x7F;
            }
            else if ((value & 0xE0) == 0x20)
            {
                isFour = (value & 0x10) == 0;
            }
        }

        // Lines of 20: the third goes on where the first ends.
        return [.. new[] { 0x00, 0x40, 0x14, 0x54 }.Select(start => new string(memory, start, 20).TrimEnd())];
    }

    /// <summary>
    /// A WS2812: green, red, blue, most significant bit first; at 2.4 MHz a one is 110 and a zero is 100. Low for 50 us, which is 120
    /// bits, takes them over.
    /// </summary>
    /// <returns>The pixels of the last whole frame, as RRGGBB.</returns>
    public static string[] Pixels(ReadOnlySpan<byte> spi)
    {
        bool[] bits = new bool[spi.Length * 8];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = (spi[i / 8] & (0x80 >> (i % 8))) != 0;
        }

        List<int> bytes = [];
        string[] frame = [];
        int low = 0, count = 0, value = 0;
        for (int i = 0; i < bits.Length;)
        {
            if (!bits[i])
            {
                low++;
                i++;
                if (low == 120 && bytes.Count > 0)
                {
                    frame = [.. bytes.Chunk(3).Select(grb => grb.Length == 3 ? $"{grb[1]:X2}{grb[0]:X2}{grb[2]:X2}" : "torn")];
                    bytes.Clear();
                }

                continue;
            }

            if (i + 2 >= bits.Length)
            {
                break;
            }

            (low, count, value) = (0, low >= 120 ? 1 : count + 1, ((value << 1) | (bits[i + 1] ? 1 : 0)) & 0xFF);
            if (bits[i + 2])
            {
                return ["a bit that is neither one nor zero"];
            }

            i += 3;
            if (count == 8)
            {
                bytes.Add(value);
                (count, value) = (0, 0);
            }
        }

        return frame;
    }
}
