using System.Device.I2c;

namespace Appliance.Tests.Board;

/// <summary>
/// The end of an I2C bus where an SSD1306 would be: what is written becomes its display memory, as its data sheet (9, 10) reads the bytes.
/// Knows nothing of Iot.Device.Bindings but the bus.
/// </summary>
internal sealed class OledMemory : I2cDevice
{
    public const int Width = 128, Height = 64;

    private readonly byte[] memory = new byte[Width * Height / 8];
    private (int First, int Last) columns = (0, Width - 1), pages = (0, 7);
    private int column, page;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x3C);

    public bool IsPresent { get; set; } = true;

    public bool IsClosed { get; private set; }

    public bool IsOn { get; private set; }

    /// <summary>Bytes of pictures that have come.</summary>
    public int DataBytes { get; private set; }

    /// <summary>Commands by their first byte with the last of their arguments: how the panel is wired.</summary>
    public Dictionary<byte, byte> Set { get; } = [];

    /// <summary>As somebody in front of it sees it: 64 lines of # and space, without those at the right end.</summary>
    public string[] Picture =>
    [
        .. Enumerable.Range(0, Height).Select(y => string.Concat(Enumerable.Range(0, Width).Select(x =>
            (memory[((y / 8) * Width) + x] & (1 << (y % 8))) != 0 ? '#' : ' ')).TrimEnd()),
    ];

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsPresent)
        {
            throw new IOException("Error 121. The bytes are not acknowledged.");
        }

        // 8.1.5.2: a control byte with Co = 0 is followed by nothing but data (D/C# = 1) or commands (D/C# = 0).
        switch (buffer[0])
        {
            case 0x40:
                DataBytes += buffer.Length - 1;
                foreach (byte each in buffer[1..])
                {
                    Store(each);
                }

                break;
            case 0x00:
                Do(buffer[1..]);
                break;
            default:
                throw new InvalidOperationException($"control byte {buffer[0]:X2}");
        }
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }

    /// <summary>Horizontal addressing (10.1.3): along the columns of the window, then the next of its pages.</summary>
    private void Store(byte value)
    {
        if (Set.GetValueOrDefault((byte)0x20, (byte)2) != 0)
        {
            throw new InvalidOperationException("only horizontal addressing is read here");
        }

        memory[(page * Width) + column] = value;
        if (++column > columns.Last)
        {
            column = columns.First;
            page = page == pages.Last ? pages.First : page + 1;
        }
    }

    /// <summary>Table 9-1: how many arguments a command has.</summary>
    private void Do(ReadOnlySpan<byte> command)
    {
        while (command.Length > 0)
        {
            byte code = command[0];
            int arguments = code switch
            {
                0x21 or 0x22 or 0xA3 => 2,
                0x20 or 0x81 or 0x8D or 0xA8 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB => 1,
                0x2E or 0x2F or (>= 0x40 and <= 0x7F) or 0xA0 or 0xA1 or (>= 0xA4 and <= 0xA7) or 0xAE or 0xAF or 0xC0 or 0xC8 or 0xE3 => 0,
                _ => throw new InvalidOperationException($"command {code:X2}"),
            };
            Set[code] = command[arguments];
            IsOn = code == 0xAF || (IsOn && code != 0xAE);
            if (code == 0x21)
            {
                columns = (command[1], command[2]);
                column = columns.First;
            }
            else if (code == 0x22)
            {
                pages = (command[1], command[2]);
                page = pages.First;
            }

            command = command[(arguments + 1)..];
        }
    }
}
