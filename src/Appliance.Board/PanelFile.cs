namespace Appliance.Board;

/// <summary>The parts of a front panel that hang on lines and buses of this machine; each may be absent.</summary>
/// <remarks>Lines are numbered as their chip does (<c>gpioinfo</c>).</remarks>
public sealed record PanelFile
{
    /// <summary>/dev/gpiochipN.</summary>
    public int Chip { get; init; }

    /// <summary>An RGB lamp or three LEDs: the lines of red, green and blue, high for lit. Amber is red and green.</summary>
    public RgbFile? Rgb { get; init; }

    /// <summary>A strip of WS2812 LEDs on SPI.</summary>
    public StripFile? Strip { get; init; }

    /// <summary>The line of the identify button, which pulls it low.</summary>
    public int? Button { get; init; }

    /// <summary>The line of a piezo buzzer.</summary>
    public int? Buzzer { get; init; }

    /// <summary>A display on I2C.</summary>
    public DisplayFile? Display { get; init; }
}

/// <summary>Lines of one chip.</summary>
public sealed record RgbFile(int Red, int Green, int Blue);

/// <summary>/dev/spidevBUS.SELECT with so many LEDs.</summary>
public sealed record StripFile(int Bus, int Select, int Pixels);

/// <summary>A display at this address of /dev/i2c-BUS.</summary>
/// <param name="Columns">Characters in a line of an HD44780: 16 (and 2 lines) or 20 (and 4).</param>
public sealed record DisplayFile(int Bus, int Address, int Columns = 0, DisplayKind Kind = DisplayKind.Hd44780);

/// <summary>What a display is.</summary>
public enum DisplayKind
{
    /// <summary>Characters; behind a PCF8574.</summary>
    Hd44780,

    /// <summary>An OLED of 128 x 64 pixels.</summary>
    Ssd1306,
}

/// <summary>How a baseboard management controller is reached: <c>ipmitool -I INTERFACE</c>.</summary>
/// <param name="Interface"><c>open</c> (the kernel's driver), <c>lan</c> or <c>lanplus</c>.</param>
/// <param name="PasswordFile">For lan: only ever read by ipmitool.</param>
public sealed record IpmiFile(
    string Interface = "open", string? Host = null, int Port = 623, string? User = null, string? PasswordFile = null);
