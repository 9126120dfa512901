using System.Diagnostics;
using System.Globalization;
using System.Text;
using Appliance.Core;

namespace Appliance.Daemon.Upkeep;

/// <summary>What a service engineer asks for from afar: settings on trial, a bundle, a reboot, and who a study is of.</summary>
/// <param name="end">Ends the process in order; whoever started it starts it again.</param>
public sealed class ServiceDesk(
    Settings settings, SettingsTrial trial, Core.EventLog events, Func<Status> status, Func<LatencyAnswer> latency, Journal journal,
    Action<string> end, TimeProvider time)
{
    public async Task<CommandAnswer> DoAsync(CommandRequest request, Decision decision, CancellationToken stop)
    {
        (string key, string value) = Split(request.Target);
        return request.Verb switch
        {
            CommandVerb.ConfigGet => CommandAnswer.Success("") with { Lines = trial.Get(request.Target) },
            CommandVerb.ConfigSet => Done(trial.Set(key, value), "set; config diff shows it, config commit-confirm makes it hold"),
            CommandVerb.ConfigUnset => Done(trial.Unset(key), "taken out; config diff shows it, config commit-confirm makes it hold"),
            CommandVerb.ConfigDiff => CommandAnswer.Success("") with { Lines = trial.Diff() },
            CommandVerb.ConfigCommitConfirm => Commit(request.Target),
            CommandVerb.ConfigConfirm => Confirm(),
            CommandVerb.ConfigRollback => Rollback(),
            CommandVerb.Bundle => Bundle(),
            CommandVerb.Reboot => await RebootAsync(stop).ConfigureAwait(false),
            CommandVerb.StudyPatient => Patient(decision.Study),
            _ => throw new DefectException($"nobody does {request.Verb}"),
        };
    }

    private static (string Key, string Value) Split(string target) =>
        target.Split(' ', 2) is [string key, string value] ? (key, value) : (target, "");

    private static CommandAnswer Done(Refusal? refusal, string text) =>
        refusal is null ? CommandAnswer.Success(text) : CommandAnswer.Failure(refusal.Text);

    private CommandAnswer Commit(string minutes)
    {
        double length = minutes.Length == 0 ? Core.Limits.TrialMinutes
            : double.TryParse(minutes, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double given) ? given : 0;
        if (length is not (> 0 and <= Core.Limits.TrialLongestMinutes))
        {
            return CommandAnswer.Failure($"minutes are a number up to {Core.Limits.TrialLongestMinutes}");
        }

        if (trial.Commit(length) is Refusal refusal)
        {
            return CommandAnswer.Failure(refusal.Text);
        }

        string held = string.Create(CultureInfo.InvariantCulture, $"{length} minutes");
        events.Write(DeviceEvent.SettingsTried, $"committed, on trial for {held}");
        end("settings that were committed");
        return CommandAnswer.Success($"the appliance starts again with it; it goes back in {held} unless you say config confirm");
    }

    private CommandAnswer Confirm()
    {
        Refusal? refusal = trial.Confirm();
        if (refusal is null)
        {
            events.Write(DeviceEvent.SettingsTried, "confirmed");
        }

        return Done(refusal, "confirmed: the settings stay");
    }

    private CommandAnswer Rollback()
    {
        (bool restart, Refusal? refusal) = trial.Rollback();
        if (restart)
        {
            events.Write(DeviceEvent.SettingsTried, "rolled back");
            end("settings that were rolled back");
        }

        return Done(refusal, restart ? "the appliance starts again with the settings before" : "what was set is dropped");
    }

    private CommandAnswer Bundle()
    {
        string[] lines = [.. events.Recent().Select(each => each.ToLine(journald: false))];
        (string, byte[])[] members =
        [
            ("version", Encoding.UTF8.GetBytes($"{status().Version}\n")),
            ("status.json", StatusJson.Write(status())),
            ("latency.json", StatusJson.Write(latency())),
            ("metrics", Metrics.Write(status(), latency(), events.CountOf)),
            ("events.log", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")),
            ("settings", Encoding.UTF8.GetBytes(string.Join('\n', trial.Get("")) + "\n")),
        ];
        Outcome<SealedBundle> bundle = SupportBundle.Seal(settings.ServiceCertificate, members, time.GetUtcNow());
        return bundle.Refused
            ? CommandAnswer.Failure(bundle.Refusal.Text)
            : CommandAnswer.Success($"{bundle.Value.Listed.Count} members, encrypted to {settings.ServiceCertificate}") with
            {
                Lines = bundle.Value.Listed,
                Content = bundle.Value.Cms,
            };
    }

    /// <summary>By systemd, which stops the daemon in order first. image/polkit lets the daemon's user ask for it.</summary>
    private static async Task<CommandAnswer> RebootAsync(CancellationToken stop)
    {
        using Process systemctl = Process.Start(new ProcessStartInfo("systemctl", ["reboot"]) { RedirectStandardError = true })!;
        string said = await systemctl.StandardError.ReadToEndAsync(stop).ConfigureAwait(false);
        await systemctl.WaitForExitAsync(stop).ConfigureAwait(false);
        return systemctl.ExitCode == 0
            ? CommandAnswer.Success("the machine starts again")
            : CommandAnswer.Failure($"systemctl reboot: {said.Trim()}");
    }

    private CommandAnswer Patient(string study) => PatientOf.Read(journal, study) is IReadOnlyList<string> lines
        ? CommandAnswer.Success("") with { Lines = lines }
        : CommandAnswer.Failure("there is no original of it in the journal");
}
