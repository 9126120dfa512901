using System.CommandLine;
using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>Commands of whoever looks after the box from afar: settings on trial, support bundle, reboot.</summary>
internal static class ServiceCommands
{
    public static Command Config(Option<string> socket, Option<bool> json)
    {
        Argument<string> key = new("key") { Description = "e.g. listener.port or destination.pacs.host." };
        Argument<string> any = new("key") { Description = "The same; without it, all.", DefaultValueFactory = _ => string.Empty };
        Argument<string> value = new("value") { Description = "As in the file; a text may be without quotes." };
        Argument<string> minutes = new("minutes") { Description = "How long they are on trial.", DefaultValueFactory = _ => string.Empty };
        Command set = new("set", "Changes a key of the candidate; nothing holds before a commit.") { key, value };
        set.SetAction((parsed, cancel) => Asking.Ask(
            parsed.GetRequiredValue(socket), parsed.GetValue(json), CommandVerb.ConfigSet,
            $"{parsed.GetRequiredValue(key)} {parsed.GetRequiredValue(value)}", cancel));
        return new Command("config", "Settings, changed on trial: they go back by themselves unless confirmed.")
        {
            With("get", "What is set.", CommandVerb.ConfigGet, any),
            set,
            With("unset", "Takes a key, or destination.NAME, out of the candidate.", CommandVerb.ConfigUnset, key),
            Plain("diff", "What a commit would change.", CommandVerb.ConfigDiff),
            With("commit-confirm", "Starts again with the candidate; it goes back after the minutes or at the next start.",
                CommandVerb.ConfigCommitConfirm, minutes),
            Plain("confirm", "What is on trial stays.", CommandVerb.ConfigConfirm),
            Plain("rollback", "What is on trial goes back now; or else what was set is dropped.", CommandVerb.ConfigRollback),
        };

        Command Plain(string name, string help, CommandVerb verb) => Make(name, help, verb, null);

        Command With(string name, string help, CommandVerb verb, Argument<string> target) => Make(name, help, verb, target);

        Command Make(string name, string help, CommandVerb verb, Argument<string>? target)
        {
            Command command = new(name, help);
            if (target is not null)
            {
                command.Add(target);
            }

            command.SetAction((parsed, cancel) => Asking.Ask(
                parsed.GetRequiredValue(socket), parsed.GetValue(json), verb,
                target is null ? string.Empty : parsed.GetRequiredValue(target), cancel));
            return command;
        }
    }

    public static Command Bundle(Option<string> socket, Option<bool> json)
    {
        Option<string> to = new("--out") { Description = "A file for it; without that it goes to standard output, as PEM." };
        Command bundle = new("bundle", "What the makers need to see: no patient data, encrypted to them, members listed.") { to };
        bundle.SetAction((parsed, cancel) => Asking.Bundle(
            parsed.GetRequiredValue(socket), parsed.GetValue(json), parsed.GetValue(to), cancel));
        return bundle;
    }

    public static Command Reboot(Option<string> socket, Option<bool> json)
    {
        Option<bool> now = new("--now") { Description = "Also while a scanner is sending; it sends again what was not acknowledged." };
        Command reboot = new("reboot", "Starts the machine again, in order.") { now };
        reboot.SetAction((parsed, cancel) => Asking.Ask(
            parsed.GetRequiredValue(socket), parsed.GetValue(json), CommandVerb.Reboot,
            parsed.GetValue(now) ? "now" : string.Empty, cancel));
        return reboot;
    }
}
