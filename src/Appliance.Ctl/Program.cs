using System.Text;
using Appliance.Core;
using Appliance.Ctl;

Console.OutputEncoding = Encoding.UTF8;
// What stands behind it is sshd's configuration, not the client's.
if (args is [Forced.Option, .. string[] configured])
{
    Outcome<string[]> words = Forced.Words(
        Environment.GetEnvironmentVariable(Forced.CommandVariable), Environment.GetEnvironmentVariable(Forced.RoleVariable));
    if (words.Refused)
    {
        Console.Error.WriteLine($"appliancectl: {words.Refusal.Text}");
        return ExitCode.NotAllowed;
    }

    LoginKey.Read();
    args = [.. words.Value, .. configured];
}

return await CommandLine.Root().Parse(args).InvokeAsync();
