using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Daemon.Upkeep;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>The rest of a command that the control thread has taken: what touches files, network and other processes.</summary>
public sealed class CommandWork(
    Settings settings, Journal journal, Outbox outbox, AnalysisLanes analysis, SelfTest selfTest, PhantomRun phantom,
    ServiceDesk desk,
    Action<Happening> tell, TimeProvider time, CancellationToken stop)
{
    private readonly ConflictDesk conflicts = new(journal, tell, time);
    private int phantoms;

    /// <summary>Returns at once; whoever waits for the answer gets it when the work has ended.</summary>
    public void Begin(Commanded commanded, Decision decision) => Task.Run(() => EndAsync(commanded, decision), CancellationToken.None);

    private async Task EndAsync(Commanded commanded, Decision decision)
    {
        CommandAnswer answer;
        try
        {
            answer = await DoAsync(commanded.Request, decision).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            answer = CommandAnswer.Failure("the appliance is stopping");
        }
        catch (Exception failure) when (DiskFault.Is(failure) || failure is InvalidDataException
            or System.ComponentModel.Win32Exception or System.Text.Json.JsonException)
        {
            answer = CommandAnswer.Failure(Text.Of(failure));
        }
        catch (Exception defect)
        {
            // It is told, who asked is answered, and the studies go on: a command is no reason to end the process.
            tell(new PartFailed(time.GetUtcNow(), $"command {commanded.Request.Verb}", Text.Of(defect)));
            answer = CommandAnswer.Failure("it failed in a way that nobody foresaw. Send a support bundle.");
        }

        tell(new CommandEnded(time.GetUtcNow(), commanded.Request, answer));
        commanded.Answer.TrySetResult(answer);
    }

    private async Task<CommandAnswer> DoAsync(CommandRequest request, Decision decision)
    {
        switch (request.Verb)
        {
            case CommandVerb.StudyResend:
                return Resend(decision.Study);
            case CommandVerb.StudyReanalyse:
                analysis.Allow(decision.Study);
                foreach (string series in decision.Series!)
                {
                    analysis.SeriesFound(decision.Study, series);
                }

                return CommandAnswer.Success($"{decision.Series.Count} series are analysed again");
            case CommandVerb.StudyCancel:
                analysis.Cancel(decision.Study);
                return CommandAnswer.Success("it is not analysed further; originals and finished results still leave");
            case CommandVerb.DestinationEcho:
                return await EchoAsync(request.Target).ConfigureAwait(false);
            case CommandVerb.DestinationPause:
                outbox.Pause(request.Target);
                return CommandAnswer.Success("paused until it is resumed or the next start");
            case CommandVerb.DestinationResume:
                return await ResumeAsync(request.Target).ConfigureAwait(false);
            case CommandVerb.AppVerify:
                return VerifyApp(request.Target);
            case CommandVerb.SelfTest:
                IReadOnlyList<CheckResult> checks = await selfTest.RunAsync(stop).ConfigureAwait(false);
                tell(new SelfTestEnded(time.GetUtcNow(), checks));
                int passed = checks.Count(check => check.Verdict == CheckVerdict.Pass);
                return CommandAnswer.Success($"{passed} of {checks.Count} checks passed") with { Checks = checks };
            case CommandVerb.Phantom:
                return await OnePhantomAsync().ConfigureAwait(false);
            case CommandVerb.ConflictList:
                return conflicts.List(decision.Study);
            case CommandVerb.ConflictDiscard:
                return conflicts.Discard(decision.Study, ObjectOf(request));
            case CommandVerb.ConflictAccept:
                return AcceptConflict(decision.Study, ObjectOf(request));
            default:
                return await desk.DoAsync(request, decision, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The journal is the book of what is owed: its logs are emptied first, so that a power cut loses nothing of it.</summary>
    private CommandAnswer Resend(string study)
    {
        string[] names = [.. settings.Destinations.Select(destination => destination.Name)];
        foreach (string name in names)
        {
            DeliveryLog.Clear(journal.FolderOf(study), name);
        }

        ScannedStudy? found = JournalScan.Study(journal, study, settings.Destinations);
        if (found is null)
        {
            return CommandAnswer.Failure("there is nothing of it in the journal");
        }

        tell(new StudyOwedAgain(time.GetUtcNow(), study, found.Owed.ToDictionary(pair => pair.Key, pair => pair.Value.Count)));
        outbox.Resume(found);
        return CommandAnswer.Success($"{found.Objects.Count} objects are sent again to {names.Length} destinations");
    }

    private static string ObjectOf(CommandRequest request) => request.Target.Split(' ', 2) is [_, string key] ? key : "";

    private CommandAnswer AcceptConflict(string study, string key)
    {
        (JournalEntry? accepted, CommandAnswer answer) = conflicts.Accept(study, key);
        if (accepted is null)
        {
            // The decision has opened the study for sending: nothing is owed after all.
            tell(new StudyOwedAgain(time.GetUtcNow(), study, settings.Destinations.ToDictionary(each => each.Name, _ => 0)));
            return answer;
        }

        if (settings.Destinations.Count > 0)
        {
            Resend(study);
        }

        analysis.Allow(study);
        analysis.SeriesFound(study, accepted.Series);
        return answer;
    }

    private async Task<CommandAnswer> EchoAsync(string name)
    {
        long began = time.GetTimestamp();
        return await AskAsync(name).ConfigureAwait(false) is Refusal down
            ? CommandAnswer.Failure($"{name}: {down.Text}")
            : CommandAnswer.Success($"{name} answers after {time.GetElapsedTime(began).TotalMilliseconds:F0} ms");
    }

    /// <summary>It may have come back while nobody asked: what was seen before the pause is no reason for an alarm.</summary>
    private async Task<CommandAnswer> ResumeAsync(string name) => CommandAnswer.Success(
        await outbox.ResumeAsync(name, () => AskAsync(name)).ConfigureAwait(false) is Refusal down
            ? $"sending goes on, but {name} does not answer: {down.Text}. What is owed waits and is tried again"
            : $"sending goes on, {name} answers");

    private async Task<Refusal?> AskAsync(string name)
    {
        DestinationSettings destination = settings.Destinations.First(each => each.Name == name);
        DestinationSeen seen = await Echo.AskAsync(destination, time, stop).ConfigureAwait(false);
        tell(seen);
        return seen.Down;
    }

    private CommandAnswer VerifyApp(string name)
    {
        Outcome<App> app = App.Load(Path.Combine(settings.AppsDirectory, name), GpuProbe.Look());
        if (app.Refused)
        {
            return CommandAnswer.Failure(app.Refusal.Text);
        }

        using App verified = app.Value;
        return CommandAnswer.Success($"{verified.NameAndVersion}: all hashes match and the golden slice is right");
    }

    private async Task<CommandAnswer> OnePhantomAsync()
    {
        if (Interlocked.CompareExchange(ref phantoms, 1, 0) != 0)
        {
            return CommandAnswer.Failure("a phantom is under way already");
        }

        try
        {
            return await phantom.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref phantoms, 0);
        }
    }
}
