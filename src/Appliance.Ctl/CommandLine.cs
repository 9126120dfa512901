using System.CommandLine;
using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>Every command with its options, help and completion.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Socket = new("--socket")
    {
        Description = "The daemon's Unix socket.",
        DefaultValueFactory = _ => Settings.DefaultSocketPath,
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "The daemon's answer as it is, for programs.",
        Recursive = true,
    };

    public static RootCommand Root()
    {
        RootCommand root = new("Looks into the appliance that runs on this machine. " + ExitCode.Legend)
        {
            Socket, Json, Status(), Watch(), Studies(), Conflicts(), Alarms(), Events(), Log(), Destinations(), Apps(), Identify(),
            Latency(), PasswordLine(),
            Plain("test", "The self-test: disk, memory, clock, network, GPU, kernels, models, destinations, panel; remedies.",
                CommandVerb.SelfTest),
            Plain("phantom", "QA end to end: a phantom is sent, analysed, compared (Dice). Its study is delivered as any other.",
                CommandVerb.Phantom),
            ServiceCommands.Config(Socket, Json), ServiceCommands.Bundle(Socket, Json), ServiceCommands.Reboot(Socket, Json),
            new Command("lamp", "The lamp.") { Plain("test", "Every colour for a second.", CommandVerb.LampTest) },
        };
        return root;
    }

    private static Command Status() => Look("status", "Lamp, alarms, studies, destinations.", Commands.Status);

    private static Command Watch()
    {
        Option<int> count = new("--count") { Description = "So many looks, a second apart; 0: until it is stopped." };
        Command watch = new("watch", "The status as it changes.") { count };
        watch.SetAction((parsed, cancel) => Watching.Status(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), parsed.GetValue(count), cancel));
        return watch;
    }

    private static Command Studies()
    {
        Argument<string> key = new("key") { Description = "The first digits of the study's key, as the list shows it." };
        Option<bool> patient = new("--phi") { Description = "With who it is of. Only for the role service, and never unseen: event 603." };
        Command show = new("show", "One study.") { key, patient };
        show.SetAction((parsed, cancel) => parsed.GetValue(patient)
            ? Asking.Ask(
                parsed.GetRequiredValue(Socket), parsed.GetValue(Json), CommandVerb.StudyPatient, parsed.GetRequiredValue(key), cancel)
            : Lists.Study(parsed.GetRequiredValue(Socket), parsed.GetValue(Json), parsed.GetRequiredValue(key), cancel));
        return new Command("studies", "Studies, newest first, by the hash of their UID.")
        {
            Look("list", "All that are shown.", Lists.Studies),
            show,
            With("resend", "Every destination gets the whole study once more.", CommandVerb.StudyResend, key),
            With("reanalyse", "Every series is analysed once more.", CommandVerb.StudyReanalyse, key),
            With("cancel", "No (further) analysis; originals still leave.", CommandVerb.StudyCancel, key),
        };
    }

    private static Command Conflicts()
    {
        Argument<string> all = new("study") { Description = "The first digits of a study's key.", DefaultValueFactory = _ => string.Empty };
        Argument<string> study = new("study") { Description = "The first digits of the study's key, as the list shows it." };
        Argument<string> one = new("object") { Description = "The object's key, as the list shows it." };
        return new Command("conflicts", "Objects that came with other content under a UID that was there. Each waits for a decision.")
        {
            With("list", "Study and object of each.", CommandVerb.ConflictList, all),
            Decide("accept", "It takes the place of the first one; study sent, series analysed again.", CommandVerb.ConflictAccept),
            Decide("discard", "It is deleted; the first one stays.", CommandVerb.ConflictDiscard),
        };

        Command Decide(string name, string help, CommandVerb verb)
        {
            Command command = new(name, help) { study, one };
            command.SetAction((parsed, cancel) => Asking.Ask(
                parsed.GetRequiredValue(Socket), parsed.GetValue(Json), verb,
                $"{parsed.GetRequiredValue(study)} {parsed.GetRequiredValue(one)}", cancel));
            return command;
        }
    }

    private static Command Alarms()
    {
        Argument<string[]> name = new("name")
        {
            Description = "The alarm's name, as the list shows it, or all.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command acknowledge = new("ack", "It was seen. It stays until its cause has gone.") { name };
        acknowledge.SetAction((parsed, cancel) => Asking.Ask(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), CommandVerb.AlarmAck, string.Join(' ', parsed.GetRequiredValue(name)),
            cancel));
        return new Command("alarms", "What is wrong now.")
        {
            Look("list", "Each with name, cause and remedy.", Lists.Alarms),
            acknowledge,
        };
    }

    private static Command Events()
    {
        Option<int> last = new("--last") { Description = "How many events.", DefaultValueFactory = _ => 40 };
        Command events = new("events", "The black box: the last events, newest at the end.") { last };
        events.SetAction((parsed, cancel) => Commands.Events(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), parsed.GetValue(last), cancel));
        return events;
    }

    private static Command Log()
    {
        Option<int> last = new("--last") { Description = "How many lines.", DefaultValueFactory = _ => 100 };
        Option<bool> follow = new("--follow") { Description = "Go on until it is stopped." };
        Command log = new("log", "The log of this start, line by line.") { last, follow };
        log.SetAction((parsed, cancel) => Watching.Log(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), parsed.GetValue(last), parsed.GetValue(follow), cancel));
        return log;
    }

    private static Command Destinations()
    {
        Argument<string> name = new("name") { Description = "The destination's name in the settings." };
        return new Command("dest", "Destinations.")
        {
            With("echo", "C-ECHO: does it answer?", CommandVerb.DestinationEcho, name),
            With("pause", "Sends nothing there until resumed or the next start; what is owed waits.", CommandVerb.DestinationPause, name),
            With("resume", "Sending goes on, after the destination was asked whether it answers.", CommandVerb.DestinationResume, name),
        };
    }

    private static Command Apps()
    {
        Argument<string> name = new("name") { Description = "The app's name." };
        return new Command("app", "Apps.")
        {
            Look("list", "All that are installed.", Lists.Apps),
            With("verify", "All hashes, and the golden slice.", CommandVerb.AppVerify, name),
        };
    }

    private static Command Identify() => new("identify", "Which box is it? The lamp blinks blue.")
    {
        Plain("on", "For five minutes.", CommandVerb.IdentifyOn),
        Plain("off", "The lamp shows the state again.", CommandVerb.IdentifyOff),
    };

    private static Command PasswordLine()
    {
        Command password = new("password", "Asks for a password and prints what [[screen_user]] of the settings stores of it.");
        password.SetAction(_ => Password.Ask());
        return password;
    }

    private static Command Latency() => Look(
        "latency", "How long analyses took, by stage and end to end; which stage made the late ones late.", LatencyView.Show);

    private static Command Look(string name, string help, Func<string, bool, CancellationToken, Task<int>> look)
    {
        Command command = new(name, help);
        command.SetAction((parsed, cancel) => look(parsed.GetRequiredValue(Socket), parsed.GetValue(Json), cancel));
        return command;
    }

    private static Command Plain(string name, string help, CommandVerb verb)
    {
        Command command = new(name, help);
        command.SetAction((parsed, cancel) => Asking.Ask(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), verb, string.Empty, cancel));
        return command;
    }

    private static Command With(string name, string help, CommandVerb verb, Argument<string> target)
    {
        Command command = new(name, help) { target };
        command.SetAction((parsed, cancel) => Asking.Ask(
            parsed.GetRequiredValue(Socket), parsed.GetValue(Json), verb, parsed.GetRequiredValue(target), cancel));
        return command;
    }
}
