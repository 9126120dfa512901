using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Core;

namespace Appliance.Board;

/// <summary>hardware/&lt;board&gt;/board.json: boards are data.</summary>
public sealed record BoardFile
{
    // The generated JSON code sets an absent property to null, whatever its initial value; the properties mend that.
    private static readonly Dictionary<LampColour, IReadOnlyList<string>> NoLeds = [];

    /// <summary>The name of the folder.</summary>
    public required string Board { get; init; }

    public required BoardKind Kind { get; init; }

    /// <summary>For each colour the LEDs of /sys/class/leds that make it; amber may be a red and a green one.</summary>
    public IReadOnlyDictionary<LampColour, IReadOnlyList<string>> Lamp { get; init => field = value ?? NoLeds; } = NoLeds;

    /// <summary>Parts on GPIO lines and buses; null for none.</summary>
    public PanelFile? Panel { get; init; }

    /// <summary>How the management controller is reached, where the kind is Ipmi.</summary>
    public IpmiFile? Ipmi { get; init; }

    /// <summary>Limits of sensors, by how their name begins.</summary>
    public IReadOnlyList<SensorLimit> Sensors { get; init => field = value ?? []; } = [];

    /// <summary>What holds without a board file: the lamp is drawn in the terminal.</summary>
    public static BoardFile Simulated { get; } = new() { Board = "simulated", Kind = BoardKind.Simulated };

    /// <param name="path">Empty: the simulated board.</param>
    public static Outcome<BoardFile> Load(string path)
    {
        if (path.Length == 0)
        {
            return Simulated;
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            return Bad(path, "the file is not there; correct board_file in the settings");
        }

        return file.Length > Limits.BoardFileBytes
            ? Bad(path, $"it has {file.Length} bytes, {Limits.BoardFileBytes} are the most")
            : Read(path, File.ReadAllBytes(path));
    }

    /// <param name="path">For messages.</param>
    public static Outcome<BoardFile> Read(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            BoardFile? board = JsonSerializer.Deserialize(json, BoardJson.Default.BoardFile);
            return board is null ? Bad(path, "it is empty") : Check(path, board);
        }
        catch (JsonException e)
        {
            return Bad(path, $"line {(e.LineNumber ?? 0) + 1}: {e.Message}");
        }
    }

    private static Outcome<BoardFile> Check(string path, BoardFile board)
    {
        // A panel with an RGB lamp or a strip shows every colour by itself.
        if (board.Kind == BoardKind.Linux && board.Panel is not ({ Rgb: not null } or { Strip: not null }))
        {
            foreach (LampColour colour in Enum.GetValues<LampColour>())
            {
                if (!board.Lamp.TryGetValue(colour, out IReadOnlyList<string>? leds) || leds.Count == 0)
                {
                    return Bad(path, $"lamp has no LED for {colour}; a colour that cannot be shown would be a state that nobody sees");
                }
            }
        }

        if (board.Lamp.Values.SelectMany(leds => leds).FirstOrDefault(led => led.Length == 0 || led.Contains('/')) is not null)
        {
            return Bad(path, "an LED is named by its folder in /sys/class/leds, without /");
        }

        if (board.Ipmi is { Interface: not ("open" or "lan" or "lanplus") })
        {
            return Bad(path, "ipmi.interface is open, lan or lanplus");
        }

        if (board.Panel is { Display: { Kind: DisplayKind.Hd44780, Columns: not (16 or 20) } } or { Strip.Pixels: < 1 or > 300 })
        {
            return Bad(path, "a display has 16 or 20 columns, a strip 1 to 300 pixels");
        }

        if (board.Panel is { Display: { Kind: DisplayKind.Ssd1306 } and not { Columns: 0, Address: 0x3C or 0x3D } })
        {
            return Bad(path, "an Ssd1306 answers at 60 or 61 (0x3C, 0x3D), and has no columns of characters");
        }

        return board.Sensors.FirstOrDefault(s => s.LimitC is < 20 or > 150) is { } odd
            ? Bad(path, $"sensor {odd.Sensor}: a limit of {odd.LimitC} degrees Celsius makes no sense")
            : board;
    }

    private static Refusal Bad(string path, string why) => new(RefusalReason.BadSettings, $"board file {path}: {why}");
}

/// <summary>How a board is reached.</summary>
public enum BoardKind
{
    /// <summary>No hardware: the lamp is drawn in the terminal.</summary>
    Simulated,

    /// <summary>LEDs and sensors of the kernel (sysfs), and parts on GPIO lines, I2C and SPI.</summary>
    Linux,

    /// <summary>A server with a management controller: identify light, sensors, event log.</summary>
    Ipmi,
}

/// <param name="Sensor">How the sensor's name begins, e.g. <c>coretemp</c>.</param>
public sealed record SensorLimit(string Sensor, double LimitC);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BoardFile))]
internal sealed partial class BoardJson : JsonSerializerContext;
