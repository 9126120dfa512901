using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>Calls that the house does without, each with the reason and the few places where it may be.</summary>
public sealed class BannedTests
{
    private sealed record Ban(string Call, string Instead, params string[] Allowed);

    private const string NoReflection = "new or typeof: the native binary has no reflection";

    private static readonly Ban[] Bans =
    [
        new("Thread.Sleep", "time is an argument: a TimeProvider, or ticks"),
        new("Task.Delay", "wait for what you wait for, or take a TimeProvider", AllowedDelays),
        new("DateTime.Now", "TimeProvider.GetLocalNow"),
        new("DateTime.UtcNow", "TimeProvider.GetUtcNow"),
        new("DateTime.Today", "TimeProvider.GetLocalNow"),
        new("DateTimeOffset.Now", "TimeProvider.GetLocalNow"),
        new("DateTimeOffset.UtcNow", "TimeProvider.GetUtcNow"),
        new("GC.Collect", "let it be, or free by hand what is large", AllowedCollections),
        new("Environment.Exit", "return from Main"),
        new("Console.Write", "events; only programs speak to a terminal", AllowedConsole),
        new("Console.WriteLine", "events; only programs speak to a terminal", AllowedConsole),
        new("Console.Out", "events; only programs speak to a terminal", AllowedConsole),
        new("Console.Error", "events; only programs speak to a terminal", AllowedConsole),
        new("Activator.CreateInstance", NoReflection, "tests/", "kernels/"),
        new("Type.GetType", NoReflection, "tests/", "kernels/"),
        new("Assembly.Load", NoReflection, "tests/", "kernels/"),
        new("AppDomain.CurrentDomain", "AppContext"),
    ];

    // The CLIs are for terminals, the build tool for the build's log; the daemon's Program is where events become lines for journald.
    private static string[] AllowedConsole =>
        ["src/Appliance.Ctl/", "src/Appliance.Phantom/", "src/Appliance/Program.cs", "kernels/Appliance.Kernels.Ptx/Program.cs"];

    // A modality that is paced sends a slice at its time: there is nothing else to wait for. With a TimeProvider it is allowed anywhere.
    private static string[] AllowedDelays => ["src/Appliance.Phantom/"];

    // Between studies, when nothing is under way: an idle process collects nothing by itself and would keep a study's memory for good.
    private static string[] AllowedCollections => ["src/Appliance/AnalysisThread.cs"];

    [Fact]
    public void No_banned_call_is_made() => Rule.Kept(SourceFile.All.SelectMany(Banned));

    [Theory]
    [InlineData("Thread.Sleep(1);", "Thread.Sleep")]
    [InlineData("System.Threading.Thread.Sleep(1);", "Thread.Sleep")]
    [InlineData("await Task.Delay(1);", "Task.Delay")]
    [InlineData("var t = DateTime.Now;", "DateTime.Now")]
    [InlineData("var t = DateTimeOffset.UtcNow.Ticks;", "DateTimeOffset.UtcNow")]
    [InlineData("Console.WriteLine(1);", "Console.WriteLine")]
    [InlineData("Console.Error.WriteLine(1);", "Console.Error")]
    public void The_rule_can_fail(string statement, string call)
    {
        Rule.Breaks(Banned(SourceFile.Of($"class A {{ async void B() {{ {statement} }} }}")), call);
    }

    [Theory]
    [InlineData("await Task.Delay(span, time, cancel);")]
    [InlineData("var s = \"Thread.Sleep(1)\";")]
    [InlineData("time.GetUtcNow();")]
    public void What_is_not_banned_passes(string statement)
    {
        Assert.Empty(Banned(SourceFile.Of($"class A {{ async void B() {{ {statement} }} }}")));
    }

    [Fact]
    public void Where_it_is_allowed_it_passes()
    {
        Assert.Empty(Banned(SourceFile.Of("class A { void B() { Console.WriteLine(1); } }", "src/Appliance.Ctl/A.cs")));
    }

    private static IEnumerable<string> Banned(SourceFile file)
    {
        foreach (MemberAccessExpressionSyntax access in file.Nodes<MemberAccessExpressionSyntax>())
        {
            string name = $"{LastName(access.Expression)}.{access.Name.Identifier.Text}";
            Ban? ban = Bans.FirstOrDefault(b => b.Call == name);
            if (ban is null || ban.Allowed.Any(a => file.Path.StartsWith(a, StringComparison.Ordinal)) || HasTimeProvider(access))
            {
                continue;
            }

            yield return $"{file.At(access)}: {ban.Call}; instead: {ban.Instead}";
        }
    }

    private static string LastName(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax inner => inner.Name.Identifier.Text,
        _ => string.Empty,
    };

    /// <summary>Task.Delay(span, timeProvider, cancel): a test moves the clock, nobody sleeps.</summary>
    private static bool HasTimeProvider(MemberAccessExpressionSyntax access) =>
        access.Name.Identifier.Text == "Delay"
        && access.Parent is InvocationExpressionSyntax call
        && call.ArgumentList.Arguments.Any(a => a.ToString().Contains("time", StringComparison.OrdinalIgnoreCase));
}
