using Appliance.Core;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Core;

/// <summary>Documents that the code prints. <c>UPDATE_DOCS=1</c> writes them; without it a difference fails.</summary>
public sealed class PrintedDocsTests
{
    [Fact]
    public void The_states_are_documented_as_they_are()
    {
        Same("docs/states.md", $"""
            # States

            Printed by the code (`UPDATE_DOCS=1`, `tests/Appliance.Tests/Core/PrintedDocsTests.cs`); a test compares. Rows are states,
            columns are signals. A dot: the signal is ignored, for the reason given below the table. A pair that is in no table cannot
            exist: the process would not start.

            ## The device

            {DeviceStates.Table.ToMarkdown()}
            ```mermaid
            {DeviceStates.Table.ToMermaid()}```

            What the device is *doing* is no state: it derives from its studies. Only Fault and ShuttingDown accept no association.

            ## Each study

            {StudyStates.Table.ToMarkdown()}
            ```mermaid
            {StudyStates.Table.ToMermaid()}```

            Originals are forwarded in every state, from the first object on. *Sent* means that every destination has accepted everything
            that it is to get; with no destination, it is reached at once.

            ## The lamp

            Highest priority first: what stands above hides what stands below.

            {Lamps.ToMarkdown()}
            The lamp never blinks red: that is the language of clinical alarms, and this device gives none.

            """);
    }

    [Fact]
    public void The_events_are_documented_as_they_are()
    {
        Same("docs/events.md", $"""
            # Events

            Printed by the code (`UPDATE_DOCS=1`, `tests/Appliance.Tests/Core/PrintedDocsTests.cs`); a test compares. Every event has a
            number that is never used again. `journalctl -u appliance` and `appliancectl events` show them. No event holds patient data:
            studies, series and objects are named by the first digits of the SHA-256 of their UID.

            {EventCatalogue.ToMarkdown()}
            """);
    }

    private static void Same(string path, string printed)
    {
        string file = Path.Combine(Checkout.Root, path);
        string text = printed.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is missing: run the tests with UPDATE_DOCS=1");
        Assert.Equal(text, File.ReadAllText(file));
    }
}
