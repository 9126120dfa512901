using Appliance.Core;
using Appliance.Daemon;
using Appliance.Imaging;
using Appliance.Tests.Daemon;
using Appliance.Tests.House;
using Xunit;
using Bounds = Appliance.Daemon.Limits;

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

    [Fact]
    public void The_rules_of_completeness_are_documented_as_they_are()
    {
        Same("docs/completeness.md", $"""
            # When a series is complete

            The table is printed by the code (`UPDATE_DOCS=1`, `tests/Appliance.Tests/Core/PrintedDocsTests.cs`); a test compares.

            DICOM has no message for the end of a series. It is decided by evidence (`Completeness.Decide`, a pure function): each rule that
            holds has a confidence that nothing more comes, rules count as independent, and a series is complete when the doubt that
            they leave together is at most {Completeness.DoubtAccepted}. Silence is evidence too: of length t it leaves the doubt
            0.05^(t/T), where T is `analysis.quiet_regular_s` (2 s) while the slices form a grid without a gap, and `analysis.quiet_time_s`
            (10 s) otherwise, but at least {Bounds.WaitedGaps} times the longest pause so far. So T alone is enough, and each further
            rule shortens it. A closed grid proves that no slice is missing, not that the end has come: it chooses T and gives other
            rules their ground, it is no rule of its own.

            {Completeness.ToMarkdown()}
            Beside that: a rule that is no list must have held for {Bounds.ConfirmMs} ms, a release for
            {Bounds.ShortestWaitMs} ms (or three pauses) while the modality may be one that opens an association for each image; an
            object in flight holds the decision unless there is a list or its association has gone on to another series; what a procedure
            step names and is not here takes away every rule but silence.

            The confidences are judgements, not measurements: a hospital's own scanners can be seen in event 301, which names the rules
            that decided, and in event 305, which says that they were wrong: a late slice came. Then the results are replaced by a new
            version that names the old one.

            ## Recorded arrivals

            How slices really arrive was recorded once with a scanner at its own pace before the published appliance
            (`scripts/record-traces`); `RecordedArrivalsTests` decides about the same arrivals again and expects this, and what the
            appliance decided itself. The association is released after the last slice. What is refused, and why, says docs/geometry.md.

            {RecordedArrivalsTests.ToMarkdown()}
            """);
    }

    [Fact]
    public void The_geometry_gate_is_documented_as_it_is()
    {
        Same("docs/geometry.md", $"""
            # The geometry gate

            The table is printed by the code (`UPDATE_DOCS=1`, `tests/Appliance.Tests/Core/PrintedDocsTests.cs`); a test compares.

            Between the slices of a series and its analysis stands one pure decision (`GeometryGate.Decide`). What can be repaired without
            inventing a voxel is repaired, and stated in the report (a comment), in the segmentation (image comments) and in event 308;
            everything else is refused by name (event 303). Originals leave in any case.

            {GeometryGate.ToMarkdown()}
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
