using System.Reflection;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>How the process ends; systemd does not restart on those that a restart cannot help (image/systemd/appliance.service).</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The data folder or the port cannot be had: tried again by systemd.</summary>
    public const int CannotStart = 1;

    /// <summary>Errors in the settings file.</summary>
    public const int Settings = 2;

    /// <summary>EX_USAGE of sysexits.h. (78, EX_CONFIG: the processor is too old.)</summary>
    public const int Usage = 64;
}

/// <summary>The command line.</summary>
public sealed class Arguments
{
    public const string Usage =
        """
        usage: appliance [--settings FILE] [--check] [--ready-file FILE] [--panel simulated]
               appliance [--settings FILE] --drive-panel
          --settings FILE    read the settings from there; without it from /etc/appliance/appliance.toml, or defaults
          --check            look for errors in the settings and end
          --ready-file FILE  write the ready line there when the appliance listens
          --panel simulated  draw the lamp on standard output
          --drive-panel      be the front panel's process: light what the appliance says, amber when it says nothing
        """;

    private string? readyFile;

    private Arguments()
    {
    }

    /// <summary>The version of the product.</summary>
    public static string Version => typeof(Arguments).Assembly.GetName().Version?.ToString(3) ?? "0";

    public string SettingsPath { get; private set; } = Settings.DefaultPath;

    public bool IsSettingsGiven { get; private set; }

    public bool Check { get; private set; }

    public bool DrawsPanel { get; private set; }

    public bool DrivesPanel { get; private set; }

    /// <summary>Null where the usage is to be shown.</summary>
    public static Arguments? Parse(IReadOnlyList<string> args)
    {
        Arguments parsed = new();
        for (int i = 0; i < args.Count; i++)
        {
            string? value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--check":
                    parsed.Check = true;
                    break;
                case "--drive-panel":
                    parsed.DrivesPanel = true;
                    break;
                case "--settings" when value is not null:
                    (parsed.SettingsPath, parsed.IsSettingsGiven) = (value, true);
                    i++;
                    break;
                case "--ready-file" when value is not null:
                    parsed.readyFile = value;
                    i++;
                    break;
                case "--panel" when value == "simulated":
                    parsed.DrawsPanel = true;
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }

    /// <summary>In one step, so that whoever waits for the file finds it whole.</summary>
    public void WriteReadyFile(string line)
    {
        if (readyFile is not null)
        {
            File.WriteAllText(readyFile + ".new", line + "\n");
            File.Move(readyFile + ".new", readyFile, overwrite: true);
        }
    }
}
