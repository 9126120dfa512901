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
        if (board.Kind == BoardKind.Linux)
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

    /// <summary>LEDs and sensors of the kernel (sysfs).</summary>
    Linux,
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
