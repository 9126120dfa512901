using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>Phantom series made by the published appliance-phantom, and what the judges say of what came out.</summary>
internal static class Series
{
    /// <summary>A small CT that the app takes: fast enough to run many of.</summary>
    public static string Make(string folder, int seed, params string[] more)
    {
        Command.Check(Place.Phantom, ["make", "--seed", seed.ToString(), "--out", folder, .. more]);
        return Path.Combine(folder, "ct");
    }

    public static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static JsonElement Compare(string sent, string received)
    {
        using JsonDocument document = JsonDocument.Parse(Python("originals.py", sent, received));
        return document.RootElement.Clone();
    }

    /// <summary>The lines in which dciodvfy reports an error; none is expected on an object of ours.</summary>
    public static string[] DciodvfyErrors(string path)
    {
        Command command = Command.Run("dciodvfy", path);
        return [.. (command.Output + command.Error).Split('\n').Where(line => line.StartsWith("Error", StringComparison.Ordinal))];
    }

    public static string Python(string judge, params string[] arguments) =>
        Command.Check("/usr/bin/python3", [Place.Judge(judge), .. arguments]);
}
