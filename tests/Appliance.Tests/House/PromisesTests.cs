using Appliance.Core;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>What the settings file offers and the event catalogue announces is really there.</summary>
public sealed class PromisesTests
{
    private static readonly Type[] SettingsTypes =
        [typeof(Settings), typeof(ListenerSettings), typeof(AnalysisSettings), typeof(DiskSettings), typeof(ScreenSettings),
            typeof(DestinationSettings)];

    [Fact]
    public void Every_setting_is_asked_for_by_the_daemon()
    {
        // The runtime directory is asked for as the path of the socket in it.
        IEnumerable<string> settings = SettingsTypes.SelectMany(t => t.GetProperties()).Select(p => p.Name)
            .Where(n => n != "RuntimeDirectory");

        Rule.Kept(Unasked(settings, Daemon));
    }

    [Fact]
    public void Every_event_is_written_by_the_daemon() => Rule.Kept(Unasked(Enum.GetNames<DeviceEvent>(), Daemon));

    [Fact]
    public void The_promise_rule_can_fail()
    {
        SourceFile asks = SourceFile.Of(
            "class A { object B = settings.Listener.Port; object C = DeviceEvent.Started; }", "src/Appliance/A.cs");

        Rule.Breaks(Unasked(["Port", "Workers"], [asks]), "Workers");
        Rule.Breaks(Unasked(["Started", "Listening"], [asks]), "Listening");
    }

    private static IEnumerable<SourceFile> Daemon =>
        SourceFile.All.Where(f => f.Path.StartsWith("src/Appliance/", StringComparison.Ordinal));

    private static IEnumerable<string> Unasked(IEnumerable<string> promises, IEnumerable<SourceFile> files)
    {
        HashSet<string> asked = [.. files.SelectMany(f => f.Nodes<MemberAccessExpressionSyntax>()).Select(a => a.Name.Identifier.Text)];
        return promises.Where(p => !asked.Contains(p))
            .Select(p => $"{p}: nobody in src/Appliance asks for it; take the promise back, or keep it");
    }
}
