using System.Globalization;
using Appliance.Core;

namespace Appliance.Board;

/// <summary>A box whose LEDs and sensors the kernel knows: /sys/class/leds and /sys/class/hwmon.</summary>
/// <remarks>
/// The kernel blinks by itself (trigger "timer", Documentation/leds/leds-class.rst), so that no thread of ours wakes up for it.
/// Readings come from hwmon and not from a driver library: every board's sensors are there already.
/// </remarks>
public sealed class LinuxBoard : IBoard
{
    // A slow breath for work; half a second for "look here" (OCP's panel indicators use the same).
    private const int PulseHalfMs = 1_000;
    private const int BlinkHalfMs = 500;

    private readonly BoardFile file;
    private readonly string leds;
    private readonly string hwmon;

    /// <param name="sysfs">/sys; another folder of the same form in tests.</param>
    public LinuxBoard(BoardFile file, string sysfs = "/sys")
    {
        this.file = file;
        leds = Path.Combine(sysfs, "class/leds");
        hwmon = Path.Combine(sysfs, "class/hwmon");
    }

    public string Name => file.Board;

    public int FrameMs => 0;

    public IReadOnlyList<string> Troubles =>
    [
        .. Temperatures().Where(each => each.TooHot).Select(each => each.Words),
    ];

    public Refusal? Set(Lamp lamp)
    {
        IReadOnlyList<string> lit = file.Lamp.TryGetValue(lamp.Colour, out IReadOnlyList<string>? of) ? of : [];
        try
        {
            // Dark first: between two colours nobody may see a third.
            foreach (string led in file.Lamp.Values.SelectMany(l => l).Distinct().Where(l => !lit.Contains(l)))
            {
                Write(led, "trigger", "none");
                Write(led, "brightness", "0");
            }

            foreach (string led in lit)
            {
                Light(led, lamp.Pattern);
            }

            return null;
        }
        catch (Exception e) when (DiskFault.Is(e))
        {
            return new Refusal(RefusalReason.NotReachable, $"the lamp stays as it is: {e.Message}");
        }
    }

    public void Draw()
    {
        // The kernel blinks by itself.
    }

    public IReadOnlyList<Temperature> Temperatures()
    {
        List<Temperature> readings = [];
        if (!Directory.Exists(hwmon))
        {
            return readings;
        }

        foreach (string chip in Directory.EnumerateDirectories(hwmon).Order(StringComparer.Ordinal))
        {
            string name = Read(Path.Combine(chip, "name")) ?? Path.GetFileName(chip);
            foreach (string input in Directory.EnumerateFiles(chip, "temp*_input").Order(StringComparer.Ordinal))
            {
                string sensor = $"{name} {Read(input.Replace("_input", "_label", StringComparison.Ordinal))}".TrimEnd();
                if (int.TryParse(Read(input), CultureInfo.InvariantCulture, out int millidegrees))
                {
                    readings.Add(new Temperature(sensor, millidegrees / 1000.0, LimitOf(sensor)));
                }
            }
        }

        return readings;
    }

    private double? LimitOf(string sensor) =>
        file.Sensors.FirstOrDefault(s => sensor.StartsWith(s.Sensor, StringComparison.Ordinal))?.LimitC;

    private void Light(string led, LampPattern pattern)
    {
        if (pattern == LampPattern.Steady)
        {
            Write(led, "trigger", "none");
            Write(led, "brightness", Read(Path.Combine(leds, led, "max_brightness")) ?? "1");
            return;
        }

        string half = (pattern == LampPattern.Pulsing ? PulseHalfMs : BlinkHalfMs).ToString(CultureInfo.InvariantCulture);
        Write(led, "trigger", "timer");
        Write(led, "delay_on", half);
        Write(led, "delay_off", half);
    }

    private void Write(string led, string attribute, string value)
    {
        // FileMode.Open: an attribute that is not there is an error, never a new file.
        using FileStream to = new(Path.Combine(leds, led, attribute), FileMode.Open, FileAccess.Write);
        to.Write(System.Text.Encoding.ASCII.GetBytes(value));
        to.SetLength(value.Length);
    }

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (IOException)
        {
            // A sensor that is asleep answers EAGAIN or ENODATA; there is no reading then.
            return null;
        }
    }
}
