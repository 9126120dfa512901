using System.Device.I2c;
using Appliance.Core;

namespace Appliance.Board;

/// <summary>A front panel of parts on lines and buses, beside the kernel's LED drivers. A missing part costs only itself.</summary>
public sealed class FrontPanel : IBoard, IDisposable
{
    private readonly LinuxBoard kernel;
    private readonly bool hasLeds;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly List<PanelPart> parts = [];
    private Lamp? lamp;
    private long changed;
    private long sounding;
    private volatile bool isMuted;

    public FrontPanel(BoardFile file, TimeProvider time, string sysfs = "/sys")
    {
        kernel = new LinuxBoard(file, sysfs);
        hasLeds = file.Lamp.Count > 0;
        this.time = time;
        start = time.GetTimestamp();
        PanelFile panel = file.Panel ?? new PanelFile();
        if (panel.Rgb is RgbFile rgb)
        {
            parts.Add(new PanelPart("lamp", () => new RgbLamp(panel.Chip, rgb)));
        }

        if (panel.Strip is StripFile strip)
        {
            parts.Add(new PanelPart("strip", () => new StripLamp(strip)));
        }

        if (panel.Display is DisplayFile display)
        {
            parts.Add(new PanelPart("display", () => Open(display)));
        }

        if (panel.Buzzer is int buzzer)
        {
            parts.Add(new PanelPart("buzzer", () => new Sounder(panel.Chip, buzzer, () => IsToSound)));
        }

        if (panel.Button is int button)
        {
            parts.Add(new PanelPart("button", () => new IdentifyButton(panel.Chip, button, Press, () => Held?.Invoke())));
        }
    }

    /// <summary>The button was pressed, and not to silence the buzzer. On a thread of the driver.</summary>
    public event Action? Pressed;

    /// <summary>The button was held down.</summary>
    public event Action? Held;

    /// <summary>What a display with room for it says beside the lamp; null where nothing of it is known to hold.</summary>
    public Plate? Plate { get; set; }

    public string Name => kernel.Name;

    public int FrameMs => Limits.FrameMs;

    /// <summary>Whether the buzzer is to sound now.</summary>
    public bool IsToSound => lamp is Lamp shown && PanelSignals.Sounds(shown.Sound, time.GetElapsedTime(sounding), isMuted);

    public IReadOnlyList<string> Troubles => [.. kernel.Troubles, .. parts.Select(part => part.Trouble).OfType<string>()];

    public Refusal? Set(Lamp lamp)
    {
        if (this.lamp?.Sound != lamp.Sound)
        {
            // What was silenced was that one fault: until it has gone, whatever is shown or tested meanwhile.
            isMuted &= lamp.Sound != LampSound.Silent;
            sounding = time.GetTimestamp();
        }

        if (lamp != this.lamp)
        {
            changed = time.GetTimestamp();
            this.lamp = lamp;
        }

        Refusal? dark = hasLeds ? kernel.Set(lamp) : null;
        Draw();
        return dark;
    }

    public void Draw()
    {
        if (lamp is Lamp shown)
        {
            foreach (PanelPart part in parts)
            {
                part.Show(shown, time.GetElapsedTime(start), time.GetElapsedTime(changed));
            }
        }
    }

    /// <summary>The first press while it beeps silences the buzzer; every other one asks which box this is.</summary>
    public void Press()
    {
        if (lamp is { Sound: LampSound.Service } && !isMuted)
        {
            isMuted = true;
            return;
        }

        Pressed?.Invoke();
    }

    public IReadOnlyList<Temperature> Temperatures() => kernel.Temperatures();

    public void Dispose() => parts.ForEach(part => part.Dispose());

    private IShowing Open(DisplayFile display)
    {
        I2cDevice bus = I2cDevice.Create(new I2cConnectionSettings(display.Bus, display.Address));
        return display.Kind == DisplayKind.Ssd1306 ? new PixelDisplay(bus, () => Plate) : new TextDisplay(bus, display.Columns);
    }
}
