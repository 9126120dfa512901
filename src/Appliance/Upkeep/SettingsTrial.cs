using System.Globalization;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon.Upkeep;

/// <summary>
/// Settings that are changed from afar: a candidate is committed on trial, and goes back by itself unless somebody confirms.
/// </summary>
/// <remarks>
/// Beside the settings file: <c>.candidate</c> is what was set and not committed, <c>.before</c> what held before the last commit,
/// <c>.trial</c> says that the file is on trial: how long, and whether a process has begun with it. One that begins after that goes back
/// at once: the box was restarted in between, or did not come up with it. Each file is whole, or not there.
/// </remarks>
public sealed class SettingsTrial
{
    private const string Begun = "begun";
    private const string Nothing = "# Nothing is set: the defaults hold.\n";

    private readonly Lock gate = new();
    private readonly string path;
    private readonly string candidate;
    private readonly string before;
    private readonly string trial;

    /// <param name="path">The settings file; it may be absent.</param>
    public SettingsTrial(string path)
    {
        this.path = path;
        candidate = path + ".candidate";
        before = path + ".before";
        trial = path + ".trial";
    }

    /// <summary>What the process does about it when it begins, before it reads the settings.</summary>
    /// <returns>What happened, for an event; null where nothing is on trial.</returns>
    public string? Begin()
    {
        if (!File.Exists(trial))
        {
            return null;
        }

        if (File.ReadAllText(trial).Contains(Begun, StringComparison.Ordinal))
        {
            Revert();
            return "not confirmed before the next start: the settings before hold again";
        }

        Write(trial, string.Create(CultureInfo.InvariantCulture, $"{Minutes()}\n{Begun}\n"));
        return string.Create(CultureInfo.InvariantCulture, $"on trial for {Minutes()} minutes");
    }

    /// <summary>Goes back when the time is over, whoever is connected or not.</summary>
    /// <param name="end">Ends the process, which begins again with other settings.</param>
    public async Task RunAsync(Action<string> end, TimeProvider time, CancellationToken stop)
    {
        if (!File.Exists(trial))
        {
            return;
        }

        try
        {
            await Task.Delay(TimeSpan.FromMinutes(Minutes()), time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (gate)
        {
            if (!File.Exists(trial))
            {
                return;
            }

            Revert();
        }

        end("settings that nobody confirmed");
    }

    /// <summary>One key as it is set, on trial or not; or every line that says something.</summary>
    public IReadOnlyList<string> Get(string key)
    {
        string text = Current();
        return key.Length > 0
            ? [SettingsEdit.Shown($"{key} = {SettingsEdit.Get(text, key) ?? "(the default)"}")]
            : [.. text.Split('\n').Where(line => line.Trim().Length > 0 && line[0] != '#').Select(SettingsEdit.Shown)];
    }

    public Refusal? Set(string key, string value) => Change(text => SettingsEdit.Set(text, key, value));

    public Refusal? Unset(string key) => Change(text => SettingsEdit.Unset(text, key));

    /// <summary>What a commit would change.</summary>
    public IReadOnlyList<string> Diff() => SettingsEdit.Diff(Current(), Candidate());

    /// <summary>The candidate takes the place of the settings; the process has to begin again for it.</summary>
    public Refusal? Commit(double minutes)
    {
        lock (gate)
        {
            string next = Candidate();
            if (File.Exists(trial))
            {
                return Bad("settings are on trial already: confirm them or roll back");
            }

            if (next == Current())
            {
                return Bad("nothing was changed");
            }

            if (Settings.Read(next).Errors is [SettingsError error, ..])
            {
                return Bad($"{error}");
            }

            Write(before, Current());
            Write(trial, string.Create(CultureInfo.InvariantCulture, $"{minutes}\n"));
            Write(path, next);
            File.Delete(candidate);
            return null;
        }
    }

    public Refusal? Confirm()
    {
        lock (gate)
        {
            if (!File.Exists(trial))
            {
                return Bad("nothing is on trial");
            }

            File.Delete(trial);
            DurableDirectory.Sync(Folder());
            return null;
        }
    }

    /// <summary>Back to what held before: settings on trial, or else what was set and not committed.</summary>
    /// <returns>Whether the process has to begin again for it.</returns>
    public (bool Restart, Refusal? Refusal) Rollback()
    {
        lock (gate)
        {
            if (File.Exists(trial))
            {
                Revert();
                return (true, null);
            }

            if (File.Exists(candidate))
            {
                File.Delete(candidate);
                return (false, null);
            }

            return (false, Bad("nothing is on trial, and nothing was set"));
        }
    }

    private static Refusal Bad(string why) => new(RefusalReason.BadSettings, why);

    private Refusal? Change(Func<string, Outcome<string>> edit)
    {
        lock (gate)
        {
            Outcome<string> changed = edit(Candidate());
            if (changed.Refused)
            {
                return changed.Refusal;
            }

            Write(candidate, changed.Value);
            return null;
        }
    }

    private string Current() => File.Exists(path) ? File.ReadAllText(path) : Nothing;

    private string Candidate() => File.Exists(candidate) ? File.ReadAllText(candidate) : Current();

    private double Minutes() =>
        double.TryParse(File.ReadAllText(trial).Split('\n')[0], CultureInfo.InvariantCulture, out double minutes) ? minutes : 0;

    private void Revert()
    {
        Write(path, File.ReadAllText(before));
        File.Delete(trial);
        DurableDirectory.Sync(Folder());
    }

    private string Folder() => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static void Write(string file, string text) =>
        DurableFile.Put(file, file + ".part", stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
