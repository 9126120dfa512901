using System.Net;
using System.Security.Cryptography;
using Appliance.Core;

namespace Appliance.Daemon.Screen;

/// <summary>Somebody who uses the page.</summary>
/// <param name="Name">As the audit has it.</param>
/// <param name="MayAct">May send commands.</param>
public sealed record Visitor(string Name, bool MayAct);

/// <summary>What became of a try to log in.</summary>
/// <param name="Token">Null: refused.</param>
/// <param name="WaitS">Seconds that this address has to wait for its next try.</param>
public sealed record LoginOutcome(string? Token, int WaitS);

/// <summary>Who has logged in to the page, and who has failed to lately.</summary>
/// <remarks>
/// A token is 256 random bits; only its hash is kept. Failures are counted by address and by name: guessing at one name from many places
/// is slowed as much as guessing at many names from one. One password is checked at a time, so guessing takes one core at most.
/// </remarks>
public sealed class Sessions(IReadOnlyList<ScreenUser> users, EventLog events, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim checking = new(1);
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Failures> failures = new(StringComparer.Ordinal);

    /// <summary>Nobody has to log in.</summary>
    public bool IsOpen => users.Count == 0;

    /// <summary>Who holds the token; null where it has expired or is none. It lives on for a while more.</summary>
    public Visitor? Find(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            string key = KeyOf(token);
            if (!sessions.TryGetValue(key, out Session? session) || session.IsOver(now))
            {
                sessions.Remove(key);
                return null;
            }

            session.Used = now;
            return session.Visitor;
        }
    }

    /// <summary>Checks name and password, unless address or name have failed too often.</summary>
    public async Task<LoginOutcome> LogInAsync(string name, string password, IPAddress? from, CancellationToken stop)
    {
        ScreenUser? user = users.FirstOrDefault(each => each.Name == name);
        string[] counted = user is null ? [$"from {from}"] : [$"from {from}", $"name {user.Name}"];
        if (WaitOf(counted) > 0)
        {
            return Refuse(counted, from);
        }

        await checking.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // Again: those who queued here beside us may have failed in the meantime.
            if (WaitOf(counted) > 0)
            {
                return Refuse(counted, from);
            }

            bool matches = PasswordHash.Matches(user?.Password ?? PasswordHash.Nobody, password);
            if (user is null || !matches)
            {
                Count(counted);
                events.Write(DeviceEvent.PageLoginRefused, "wrong name or password", $"{from}");
                return new LoginOutcome(null, WaitOf(counted));
            }
        }
        finally
        {
            checking.Release();
        }

        events.Write(DeviceEvent.PageLogin, user.Name, $"{from}");
        return new LoginOutcome(Begin(user, counted), 0);
    }

    public void LogOut(string? token)
    {
        lock (gate)
        {
            sessions.Remove(KeyOf(token ?? ""));
        }
    }

    public void Dispose() => checking.Dispose();

    private LoginOutcome Refuse(string[] counted, IPAddress? from)
    {
        int wait = WaitOf(counted);
        events.Write(DeviceEvent.PageLoginRefused, $"too many failures, {wait} s to wait", $"{from}");
        return new LoginOutcome(null, wait);
    }

    private static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));

    private string Begin(ScreenUser user, string[] counted)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            Array.ForEach(counted, each => failures.Remove(each));
            foreach (string over in sessions.Where(pair => pair.Value.IsOver(now)).Select(pair => pair.Key).ToArray())
            {
                sessions.Remove(over);
            }

            // More than a department has open: the one that was idle longest ends.
            if (sessions.Count >= Limits.Sessions)
            {
                sessions.Remove(sessions.MinBy(pair => pair.Value.Used).Key);
            }

            sessions.Add(KeyOf(token), new Session(new Visitor(user.Name, user.MayAct), now) { Used = now });
        }

        return token;
    }

    private int WaitOf(string[] counted)
    {
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            double longest = counted.Max(each => failures.TryGetValue(each, out Failures? of) ? (of.Until - now).TotalSeconds : 0);
            return (int)Math.Ceiling(Math.Max(0, longest));
        }
    }

    /// <summary>A few tries are free; then each failure doubles the wait.</summary>
    private void Count(string[] counted)
    {
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (failures.Count >= Limits.LoginFailuresKeptCount)
            {
                failures.Clear();
            }

            foreach (string each in counted)
            {
                // Whoever waited and then paused as long again begins anew.
                Failures? before = failures.GetValueOrDefault(each);
                int count = before?.Until.AddMilliseconds(Limits.LoginLongestWaitMs) > now ? before.Count + 1 : 1;
                double wait = count < Limits.FreeLoginFailures ? 0
                    : Math.Min(Limits.LoginLongestWaitMs, 1000 * Math.Pow(2, count - Limits.FreeLoginFailures));
                failures[each] = new Failures(count, now.AddMilliseconds(wait));
            }
        }
    }

    private sealed record Failures(int Count, DateTimeOffset Until);

    private sealed class Session(Visitor visitor, DateTimeOffset began)
    {
        public Visitor Visitor { get; } = visitor;

        public DateTimeOffset Used { get; set; }

        public bool IsOver(DateTimeOffset now) =>
            (now - Used).TotalMilliseconds > Limits.SessionIdleMs || (now - began).TotalMilliseconds > Limits.SessionLongestMs;
    }
}
