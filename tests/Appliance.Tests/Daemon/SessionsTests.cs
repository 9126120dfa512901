using System.Net;
using Appliance.Core;
using Appliance.Daemon.Screen;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Logins of the page: who gets in, for how long, and how long whoever fails has to wait.</summary>
public sealed class SessionsTests : IDisposable
{
    private const string Password = "correct horse battery";
    private static readonly string Stored = PasswordHash.Make(Password);
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.7"), There = IPAddress.Parse("10.0.0.8");

    private readonly FakeTimeProvider time = new();
    private readonly List<EventRecord> events = [];
    private readonly Sessions sessions;

    public SessionsTests() => sessions = new Sessions(
        [new ScreenUser("anna", Stored, true), new ScreenUser("ben", Stored, false)], new EventLog(time, events.Add), time);

    public void Dispose() => sessions.Dispose();

    [Fact]
    public async Task Whoever_knows_the_password_is_known_by_a_token_that_is_not_kept()
    {
        LoginOutcome anna = await LogIn("anna", Password), ben = await LogIn("ben", Password);

        Assert.Equal(new Visitor("anna", true), sessions.Find(anna.Token));
        Assert.Equal(new Visitor("ben", false), sessions.Find(ben.Token));
        Assert.NotEqual(anna.Token, ben.Token);
        Assert.Equal(64, anna.Token!.Length);
        Assert.Equal([610, 610], events.Select(each => each.Number));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void Nobody_else_is(string? token) => Assert.Null(sessions.Find(token));

    [Fact]
    public async Task A_session_ends_when_nobody_uses_it_and_after_a_shift_at_the_latest()
    {
        string idle = (await LogIn("anna", Password)).Token!, busy = (await LogIn("ben", Password)).Token!;

        for (int minutes = 0; minutes < (12 * 60) - 10; minutes += 10)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            Assert.NotNull(sessions.Find(busy));
        }

        Assert.Null(sessions.Find(idle));
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.Null(sessions.Find(busy));
    }

    [Fact]
    public async Task Who_logs_out_is_out()
    {
        string token = (await LogIn("anna", Password)).Token!;

        sessions.LogOut(token);

        Assert.Null(sessions.Find(token));
    }

    [Fact]
    public async Task After_a_few_failures_each_further_one_doubles_the_wait_up_to_five_minutes()
    {
        List<int> waits = [];
        for (int i = 0; i < 16; i++)
        {
            LoginOutcome outcome = await LogIn("anna", "wrong");
            Assert.Null(outcome.Token);
            waits.Add(outcome.WaitS);
            time.Advance(TimeSpan.FromSeconds(outcome.WaitS));
        }

        Assert.Equal([0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300], waits);
    }

    [Fact]
    public async Task While_one_waits_the_right_password_does_not_help_from_there_nor_for_that_name_from_elsewhere()
    {
        for (int i = 0; i < 6; i++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await LogIn("anna", "wrong");
        }

        Assert.Null((await LogIn("anna", Password)).Token);
        Assert.Null((await LogIn("ben", Password)).Token);
        Assert.Null((await LogIn("anna", Password, There)).Token);
        Assert.NotNull((await LogIn("ben", Password, There)).Token);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await LogIn("anna", Password)).Token);
    }

    [Fact]
    public async Task Names_that_nobody_has_are_refused_alike_and_no_log_has_them()
    {
        LoginOutcome outcome = await LogIn("correct horse battery", "typed into the wrong field");

        Assert.Equal(new LoginOutcome(null, 0), outcome);
        Assert.DoesNotContain("horse", Assert.Single(events).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_are_no_users_nobody_has_to_log_in()
    {
        using Sessions none = new([], new EventLog(time, events.Add), time);

        Assert.True(none.IsOpen);
        Assert.False(sessions.IsOpen);
    }

    private Task<LoginOutcome> LogIn(string name, string password, IPAddress? from = null) =>
        sessions.LogInAsync(name, password, from ?? Here, TestContext.Current.CancellationToken);
}
