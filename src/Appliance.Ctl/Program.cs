using System.CommandLine;
using System.Text;
using Appliance.Core;
using Appliance.Ctl;

Option<string> socket = new("--socket")
{
    Description = "The daemon's Unix socket.",
    DefaultValueFactory = _ => Settings.DefaultSocketPath,
    Recursive = true,
};
Option<bool> json = new("--json") { Description = "The daemon's answer as it is, for programs." };
Option<int> last = new("--last") { Description = "How many events.", DefaultValueFactory = _ => 40 };

Command status = new("status", "Lamp, alarms, studies, destinations. " + ExitCode.Legend) { json };
status.SetAction((parsed, cancel) => Commands.Status(parsed.GetRequiredValue(socket), parsed.GetValue(json), cancel));

Command events = new("events", "The black box: the last events, newest at the end.") { json, last };
events.SetAction((parsed, cancel) => Commands.Events(
    parsed.GetRequiredValue(socket), parsed.GetValue(json), parsed.GetValue(last), cancel));

Console.OutputEncoding = Encoding.UTF8;
RootCommand root = new("Looks into the appliance that runs on this machine.") { socket, status, events };
return await root.Parse(args).InvokeAsync();
