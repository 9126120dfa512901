using System.Net;

namespace Appliance.Core;

/// <summary>From the text of a settings file to <see cref="Settings"/>, or to everything that is wrong with it.</summary>
internal static class SettingsReader
{
    private static readonly string[] SectionNames = ["listener", "analysis", "disk", "screen", "screen_user", "destination", "modality"];

    public static (Settings? Settings, IReadOnlyList<SettingsError> Errors) Read(string toml)
    {
        List<SettingsError> errors = [];
        if (toml.Length > Limits.SettingsFileBytes)
        {
            errors.Add(new SettingsError(
                1,
                string.Empty,
                $"The file is longer than {Limits.SettingsFileBytes} characters.",
                "Is this the settings file?"));
            return (null, errors);
        }

        // :: 1. Parse       text → sections of keys with lines
        SettingsText text = SettingsText.Parse(toml, errors);

        // :: 2. Read        every known key, with its own check
        ListenerSettings listener = Listener(text.Section("listener"));
        Settings settings = new()
        {
            DataDirectory = Directory(text.Root, "data_dir", new Settings().DataDirectory),
            RuntimeDirectory = Directory(text.Root, "runtime_dir", new Settings().RuntimeDirectory),
            AppsDirectory = Directory(text.Root, "apps_dir", new Settings().AppsDirectory),
            CoreDumps = text.Root.Flag("core_dumps", false),
            OtlpEndpoint = text.Root.Text("otlp_endpoint", string.Empty, Endpoint),
            BoardFile = text.Root.Text("board_file", string.Empty, path => path.Length == 0 ? null : FullPath(path)),
            ServiceCertificate = text.Root.Text("service_certificate", string.Empty, path => path.Length == 0 ? null : FullPath(path)),
            WatchdogDevice = text.Root.Text("watchdog_device", string.Empty, path => path.Length == 0 ? null : FullPath(path)),
            Listener = listener,
            Analysis = Analysis(text.Section("analysis")),
            Disk = Disk(text.Section("disk")),
            Screen = ScreenReader.Read(text, errors),
            Destinations = DestinationReader.Read(text, listener.AeTitle, errors),
            Modalities = Modalities(text, listener.AeTitle),
        };

        // :: 3. Refuse      what nobody asked for
        foreach (SettingsSection section in text.Sections)
        {
            if (section.Name.Length > 0 && !SectionNames.Contains(section.Name))
            {
                errors.Add(new SettingsError(
                    section.Line,
                    section.Name,
                    "This section is unknown.",
                    $"Known are {string.Join(", ", SectionNames)}."));
            }
            else
            {
                section.RefuseUnknownKeys();
            }
        }

        if (errors.Count == 0)
        {
            return (settings, errors);
        }

        return (null, [.. errors.OrderBy(e => e.Line).Take(Limits.SettingsErrorsCount)]);
    }

    private static ListenerSettings Listener(SettingsSection section)
    {
        ListenerSettings absent = new();
        return new ListenerSettings
        {
            AeTitle = section.Text("ae_title", absent.AeTitle, AeTitle),
            Address = section.Text("address", absent.Address, Address),
            Port = (int)section.Whole("port", absent.Port, IPEndPoint.MinPort, IPEndPoint.MaxPort),
            AcceptCallingAe = section.Texts("accept_calling_ae", absent.AcceptCallingAe, AeTitle),
            AssociationsMax = (int)section.Whole("associations_max", absent.AssociationsMax, 1, Limits.AssociationsCount),
        };
    }

    private static AnalysisSettings Analysis(SettingsSection section)
    {
        AnalysisSettings absent = new();
        string device = section.Text("device", "auto", word => word is "auto" or "cpu" ? null : "Write \"auto\" or \"cpu\".");
        AnalysisSettings analysis = new()
        {
            QuietTime = section.Seconds("quiet_time_s", absent.QuietTime, 0.1, Limits.QuietTimeLongestS),
            QuietRegular = section.Seconds("quiet_regular_s", absent.QuietRegular, 0.1, Limits.QuietTimeLongestS),
            Budget = section.Seconds(
                "budget_s", absent.Budget, Limits.BudgetShortestMs / 1000.0, Limits.BudgetLongestMs / 1000.0),
            Ladder = section.Flag("ladder", absent.Ladder),
            Device = device == "cpu" ? ComputeChoice.Cpu : ComputeChoice.Auto,
            Overlap = section.Flag("overlap", absent.Overlap),
        };

        // Where only the longer one was written, it bounds both.
        return analysis.QuietRegular > analysis.QuietTime ? analysis with { QuietRegular = analysis.QuietTime } : analysis;
    }

    private static DiskSettings Disk(SettingsSection section)
    {
        DiskSettings absent = new();
        const long MibBytes = 1 << 20;
        DiskSettings disk = new()
        {
            RemoveAbovePercent = (int)section.Whole("remove_above_percent", absent.RemoveAbovePercent, 1, 100),
            RemoveToPercent = (int)section.Whole("remove_to_percent", absent.RemoveToPercent, 0, 100),
            RefuseBelowFreeBytes = MibBytes
                * section.Whole("refuse_below_free_mib", absent.RefuseBelowFreeBytes / MibBytes, 0, Limits.ReserveMib),
        };
        if (disk.RemoveToPercent > disk.RemoveAbovePercent)
        {
            section.Error(
                section.LineOf("remove_to_percent"),
                "remove_to_percent",
                $"{disk.RemoveToPercent} is more than remove_above_percent, {disk.RemoveAbovePercent}.",
                "Write a smaller number: removing begins above the one and stops below the other.");
        }

        return disk;
    }

    private static List<ModalitySettings> Modalities(SettingsText text, string callingAe)
    {
        List<ModalitySettings> modalities = [];
        foreach (SettingsSection section in text.Sections.Where(s => s.Name == "modality"))
        {
            ModalitySettings modality = new()
            {
                AeTitle = section.RequiredText("ae_title", AeTitle),
                Host = section.RequiredText("host", DestinationReader.Host),
                Port = (int)section.Whole("port", 104, 1, IPEndPoint.MaxPort),
                CallingAe = section.Text("calling_ae", callingAe, AeTitle),
            };
            section.RefuseTwice(
                "ae_title", modality.AeTitle, modalities.Select(each => each.AeTitle), "Write one section for each modality.");
            modalities.Add(modality);
        }

        return modalities;
    }

    private static string Directory(SettingsSection section, string key, string absent) =>
        section.Text(key, absent, FullPath);

    private static string? Endpoint(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https"))
            ? null
            : "Write \"http://host:4318\", or \"\" for none.";

    internal static string? FullPath(string path) => Path.IsPathRooted(path) ? null : "Write a full path, beginning with /.";

    /// <remarks>PS3.5 6.2, AE: 16 bytes of the default repertoire without backslash and control characters, not only spaces.</remarks>
    internal static string? AeTitle(string title)
    {
        bool good = title.Length is > 0 and <= Limits.AeTitleBytes
            && title.All(c => c is >= ' ' and <= '~' and not '\\')
            && title.Trim().Length == title.Length;
        return good ? null : $"An AE title has 1 to {Limits.AeTitleBytes} ASCII characters, no backslash, no space at either end.";
    }

    internal static string? Address(string address) =>
        IPAddress.TryParse(address, out _) ? null : "Write an IP address of this machine, or \"0.0.0.0\" for all.";

}
