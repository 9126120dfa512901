using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Device.I2c;
using System.Device.Pwm.Drivers;
using System.Device.Spi;
using System.Drawing;
using Appliance.Core;
using Iot.Device.Button;
using Iot.Device.Buzzer;
using Iot.Device.CharacterLcd;
using Iot.Device.Ws28xx;

namespace Appliance.Board;

/// <summary>An RGB lamp, or three LEDs, on lines of a chip.</summary>
internal sealed class RgbLamp : IShowing
{
    private readonly GpioController lines;
    private readonly RgbFile file;

    public RgbLamp(int chip, RgbFile file)
    {
        this.file = file;
        lines = Lines.Of(chip);
        foreach (int line in (ReadOnlySpan<int>)[file.Red, file.Green, file.Blue])
        {
            lines.OpenPin(line, PinMode.Output, PinValue.Low);
        }
    }

    public void Show(Lamp lamp, TimeSpan since)
    {
        double level = PanelSignals.Level(lamp.Pattern, since);
        (double red, double green, double blue) = PanelSignals.Light(lamp.Colour);
        lines.Write(file.Red, red * level > 0.2);
        lines.Write(file.Green, green * level > 0.2);
        lines.Write(file.Blue, blue * level > 0.2);
    }

    public void Dispose() => lines.Dispose();
}

/// <summary>A strip of WS2812 LEDs, all alike.</summary>
internal sealed class StripLamp : IShowing
{
    private readonly SpiDevice spi;
    private readonly Ws2812b strip;
    private readonly int pixels;

    public StripLamp(StripFile file)
    {
        // Three bits of SPI make one of the strip: 2.4 MHz for its 800 kHz.
        spi = SpiDevice.Create(new SpiConnectionSettings(file.Bus, file.Select) { ClockFrequency = 2_400_000, Mode = SpiMode.Mode0 });
        strip = new Ws2812b(spi, file.Pixels);
        pixels = file.Pixels;
    }

    public void Show(Lamp lamp, TimeSpan since)
    {
        double level = PanelSignals.Level(lamp.Pattern, since);
        (double red, double green, double blue) = PanelSignals.Light(lamp.Colour);
        Color colour = Color.FromArgb((int)(255 * red * level), (int)(255 * green * level), (int)(255 * blue * level));
        for (int i = 0; i < pixels; i++)
        {
            strip.Image.SetPixel(i, 0, colour);
        }

        strip.Update();
    }

    public void Dispose() => spi.Dispose();
}

/// <summary>A character display that says the lamp in words.</summary>
internal sealed class TextDisplay : IShowing
{
    private readonly I2cDevice bus;
    private readonly int columns;
    private Hd44780? display;
    private Lamp? shown;
    private TimeSpan talked;

    /// <param name="columns">16, and so two rows of them, or 20: four.</param>
    public TextDisplay(I2cDevice bus, int columns)
    {
        this.bus = bus;
        this.columns = columns;
    }

    public void Show(Lamp lamp, TimeSpan since)
    {
        if (lamp == shown)
        {
            if (display is not null && since - talked >= TimeSpan.FromMilliseconds(Limits.DisplayMs))
            {
                // Changes nothing: a display that has gone is noticed.
                display.SetCursorPosition(0, 0);
                talked = since;
            }

            return;
        }

        // Here and not when it is made: it talks at once, and who is not there is closed again with its bus.
        display ??= Start();
        IReadOnlyList<string> text = PanelSignals.Lines(lamp, display.Size.Width, display.Size.Height);
        for (int row = 0; row < display.Size.Height; row++)
        {
            display.SetCursorPosition(0, row);
            display.Write(row < text.Count ? text[row] : new string(' ', display.Size.Width));
        }

        (shown, talked) = (lamp, since);
    }

    public void Dispose()
    {
        display?.Dispose();
        bus.Dispose();
    }

    private Hd44780 Start()
    {
        LcdInterface lines = LcdInterface.CreateI2c(bus, uses8Bit: false);
        return columns == 20 ? new Lcd2004(lines) : new Lcd1602(lines);
    }
}

/// <summary>A piezo that beeps when service is needed, and chirps when it is tested.</summary>
internal sealed class Sounder : IShowing
{
    private readonly GpioController lines;
    private readonly SoftwarePwmChannel pwm;
    private readonly Buzzer buzzer;
    private readonly Func<bool> isToSound;
    private bool isSounding;

    public Sounder(int chip, int line, Func<bool> isToSound)
    {
        this.isToSound = isToSound;
        lines = Lines.Of(chip);
        pwm = new SoftwarePwmChannel(line, Limits.BuzzerHz, 0.5, usePrecisionTimer: false, lines, shouldDispose: false);
        buzzer = new Buzzer(pwm);
    }

    public void Show(Lamp lamp, TimeSpan since)
    {
        bool sounds = isToSound();
        if (sounds != isSounding)
        {
            isSounding = sounds;
            if (sounds)
            {
                buzzer.StartPlaying(Limits.BuzzerHz);
            }
            else
            {
                buzzer.StopPlaying();
            }
        }
    }

    public void Dispose()
    {
        buzzer.Dispose();
        pwm.Dispose();
        lines.Dispose();
    }
}

/// <summary>The identify button: a press, or a long one.</summary>
internal sealed class IdentifyButton : IShowing
{
    private readonly GpioController lines;
    private readonly GpioButton button;
    private volatile bool wasHeld;

    public IdentifyButton(int chip, int line, Action pressed, Action held)
    {
        lines = Lines.Of(chip);
        button = new GpioButton(
            line, TimeSpan.FromMilliseconds(Limits.HoldMs), TimeSpan.FromMilliseconds(Limits.HoldMs), isPullUp: true,
            hasExternalResistor: false, lines, shouldDispose: false, TimeSpan.FromMilliseconds(Limits.DebounceMs))
        {
            IsHoldingEnabled = true,
        };
        button.Press += (_, _) => Released(pressed);
        button.Holding += (_, e) =>
        {
            if (e.HoldingState == ButtonHoldingState.Started)
            {
                wasHeld = true;
                held();
            }
        };
    }

    public void Show(Lamp lamp, TimeSpan since)
    {
        // It shows nothing; it is here so that a chip that has gone is noticed and opened again.
        _ = button.IsPressed;
    }

    public void Dispose()
    {
        button.Dispose();
        lines.Dispose();
    }

    /// <summary>The driver calls every release a press, also the end of a long one, which has had its effect.</summary>
    private void Released(Action pressed)
    {
        bool isEndOfHold = wasHeld;
        wasHeld = false;
        if (!isEndOfHold)
        {
            pressed();
        }
    }
}

/// <summary>A GPIO chip through libgpiod: the second version of its interface where it is installed, else the first.</summary>
internal static class Lines
{
    public static GpioController Of(int chip)
    {
        try
        {
            return new GpioController(new LibGpiodV2Driver(chip));
        }
        catch (Exception absent) when (absent is DllNotFoundException or PlatformNotSupportedException
            || absent.InnerException is DllNotFoundException)
        {
            // Only that library is missing; a line or chip that is, is the caller's to see.
            return new GpioController(new LibGpiodDriver(chip));
        }
    }
}
