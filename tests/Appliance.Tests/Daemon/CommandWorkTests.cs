using Appliance.Core;
using Appliance.Daemon;
using Appliance.Daemon.Upkeep;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class CommandWorkTests
{
    [Fact]
    public async Task A_defect_in_a_command_is_told_and_who_asked_is_answered()
    {
        List<Happening> told = [];
        ServiceDesk desk = new(new Settings(), null!, null!, null!, null!, null!, _ => { }, TimeProvider.System);
        CommandWork work = new(
            new Settings(), null!, null!, null!, null!, null!, desk, told.Add, TimeProvider.System, TestContext.Current.CancellationToken);

        // A verb that nobody does is a defect of whoever lets it through.
        CommandRequest nobody = new((CommandVerb)999);
        TaskCompletionSource<CommandAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Begin(new Commanded(DateTimeOffset.UnixEpoch, nobody, "user 0", answer), new Decision(null, GoesOn: true));
        CommandAnswer answered = await answer.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(answered.Done);
        Assert.Contains("Send a support bundle", answered.Text, StringComparison.Ordinal);
        Assert.Equal("command 999", Assert.IsType<PartFailed>(told[0]).Part);
        Assert.Same(answered, Assert.IsType<CommandEnded>(told[1]).Answer);
    }
}
