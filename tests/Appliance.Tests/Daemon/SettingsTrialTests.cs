using Appliance.Daemon.Upkeep;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class SettingsTrialTests : IDisposable
{
    private const string Before = "[listener]\nport = 104\n";

    private readonly Scratch scratch = new();
    private readonly string path;

    public SettingsTrialTests()
    {
        path = scratch["appliance.toml"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Before);
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void What_is_set_holds_only_after_a_commit_and_a_start_and_stays_when_it_is_confirmed()
    {
        Commit("105");
        SettingsTrial next = new(path);
        Assert.Contains("on trial", next.Begin(), StringComparison.Ordinal);
        Assert.Equal(["listener.port = 105"], next.Get("listener.port"));

        Assert.Null(next.Confirm());
        Assert.Null(new SettingsTrial(path).Begin());
        Assert.Equal(["listener.port = 105"], new SettingsTrial(path).Get("listener.port"));
        Assert.NotNull(next.Confirm());
    }

    [Fact]
    public async Task Nobody_confirms_and_it_goes_back_when_its_time_is_over()
    {
        Commit("105");
        SettingsTrial next = new(path);
        next.Begin();
        FakeTimeProvider time = new();
        List<string> ends = [];
        Task running = next.RunAsync(ends.Add, time, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMinutes(1.9));
        Assert.Empty(ends);
        time.Advance(TimeSpan.FromMinutes(0.2));
        await running;

        Assert.Single(ends);
        Assert.Equal(Before, File.ReadAllText(path));
        Assert.Null(new SettingsTrial(path).Begin());
    }

    [Fact]
    public void A_second_start_before_somebody_confirms_goes_back_at_once()
    {
        Commit("105");
        new SettingsTrial(path).Begin();

        Assert.Contains("before hold again", new SettingsTrial(path).Begin(), StringComparison.Ordinal);
        Assert.Equal(Before, File.ReadAllText(path));
    }

    [Fact]
    public void Settings_that_were_never_there_go_back_to_nothing()
    {
        File.Delete(path);
        Commit("105");
        new SettingsTrial(path).Begin();
        new SettingsTrial(path).Begin();

        Assert.Empty(new SettingsTrial(path).Get(""));
    }

    [Fact]
    public void A_rollback_drops_what_was_set_or_ends_the_trial()
    {
        SettingsTrial trial = new(path);
        Assert.NotNull(trial.Rollback().Refusal);
        trial.Set("listener.port", "105");
        Assert.Equal((false, null), trial.Rollback());
        Assert.Empty(trial.Diff());

        Commit("105");
        Assert.Equal((true, null), trial.Rollback());
        Assert.Equal(Before, File.ReadAllText(path));
    }

    [Fact]
    public void Errors_and_nothing_at_all_are_not_committed()
    {
        SettingsTrial trial = new(path);
        Assert.Contains("nothing was changed", trial.Commit(1)!.Text, StringComparison.Ordinal);
        Assert.Null(trial.Set("destination.pacs.host", "10.0.0.1"));
        Assert.Contains("ae_title", trial.Commit(1)!.Text, StringComparison.Ordinal);
        Assert.Equal(Before, File.ReadAllText(path));
    }

    private void Commit(string port)
    {
        SettingsTrial trial = new(path);
        Assert.Null(trial.Set("listener.port", port));
        Assert.NotEmpty(trial.Diff());
        Assert.Null(trial.Commit(2));
    }
}
