using System.Text;

namespace Appliance.Core;

/// <summary>One kind of event.</summary>
/// <param name="Text">
/// With {holes} that the values fill in order. No hole ever holds patient data: studies and series are named by
/// hashes.
/// </param>
public sealed record EventDefinition(DeviceEvent Event, EventLevel Level, string Text, string Cause, string Effect, string Remedy)
{
    public int Number => (int)Event;

    /// <summary>The text with its holes filled. Control characters become spaces: no value can begin a line of its own.</summary>
    /// <exception cref="DefectException">Not as many values as holes.</exception>
    public string Fill(params ReadOnlySpan<string> values)
    {
        StringBuilder filled = new();
        int at = 0;
        int used = 0;
        for (int open = Text.IndexOf('{'); open >= 0; open = Text.IndexOf('{', at))
        {
            if (used == values.Length)
            {
                throw new DefectException($"event {Number}: {values.Length} values are too few");
            }

            filled.Append(Text, at, open - at).Append(Plain(values[used++]));
            at = Text.IndexOf('}', open) + 1;
        }

        if (used != values.Length)
        {
            throw new DefectException($"event {Number}: {values.Length} values are too many");
        }

        return filled.Append(Text, at, Text.Length - at).ToString();
    }

    private static string Plain(string value)
    {
        string cut = value.Length <= Limits.EventDetailChars ? value : string.Concat(value.AsSpan(0, Limits.EventDetailChars - 1), "…");
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c)) : cut;
    }
}

/// <summary>All events. docs/events.md is printed from here.</summary>
public static class EventCatalogue
{
    private const string None = "None needed.";
    private const string NoEffect = "None.";

    public static IReadOnlyList<EventDefinition> All { get; } =
        [.. Device(), .. Kernels(), .. Receiving(), .. Analysing(), .. Results(), .. Delivering(), .. Keeping(), .. Asked()];

    public static EventDefinition Of(DeviceEvent happened) =>
        All.FirstOrDefault(d => d.Event == happened) ?? throw new DefectException($"event {(int)happened} is not in the catalogue");

    public static string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append("| event | level | text | cause | effect | remedy |\n|---|---|---|---|---|---|\n");
        foreach (EventDefinition e in All)
        {
            text.Append($"| {e.Number} {e.Event} | {e.Level} | {e.Text} | {e.Cause} | {e.Effect} | {e.Remedy} |\n");
        }

        return text.ToString();
    }

    private static EventDefinition[] Device() =>
    [
        new(
            DeviceEvent.Started, EventLevel.Info, "appliance {version} started",
            "The process began.", NoEffect, None),
        new(
            DeviceEvent.StateChanged, EventLevel.Info, "device: {from} -> {to}",
            "A signal of the device's state table.",
            "The lamp follows.",
            "See the alarms of appliancectl status where the state is Degraded or Fault."),
        new(
            DeviceEvent.Listening, EventLevel.Info, "listening on {address} as {ae_title}, {ms} ms after start",
            "The DICOM port is open.", "Modalities can send.", None),
        new(
            DeviceEvent.StopRequested, EventLevel.Info, "asked to stop: {by}",
            "A signal or a command.", "Associations are ended; what is stored stays for the next start.", None),
        new(
            DeviceEvent.Stopped, EventLevel.Info, "stopped after {uptime}",
            "The end of an orderly stop.", NoEffect, None),
        new(
            DeviceEvent.FaultFound, EventLevel.Error, "fault: {reason}",
            "Objects cannot be stored safely.",
            "Every association is refused.",
            "Do what the reason says; the device looks again by itself."),
        new(
            DeviceEvent.FaultCleared, EventLevel.Info, "the fault is cleared",
            "Objects can be stored again.", "A self-test follows.", None),
        new(
            DeviceEvent.SettingsRead, EventLevel.Info, "settings of {source}: {destinations} destinations",
            "Start.", NoEffect, None),
        new(
            DeviceEvent.SettingsTried, EventLevel.Warning, "settings: {outcome}",
            "Settings were committed with commit-confirm.", "They hold until they go back or are confirmed.",
            "appliancectl config confirm, where they are right."),
        new(
            DeviceEvent.ComputeChosen, EventLevel.Info, "computing on {device}: {reason}",
            "The self-test chose a device.", NoEffect, None),
        new(
            DeviceEvent.KernelsChosen, EventLevel.Info, "image kernels on {device}: {reason}",
            "After the start every kernel's known answer was asked of each GPU, or there is none.", NoEffect, None),
        new(
            DeviceEvent.AppLoaded, EventLevel.Info, "app {app} {version} is ready after {ms} ms",
            "Start.", "Series that it takes are analysed.", None),
        new(
            DeviceEvent.AppRefused, EventLevel.Error, "app {app}: {reason}",
            "A file of the app is missing or does not match its hash, or there is no app at all.",
            "Its series are forwarded, not analysed.",
            "Install the app again; apps_dir in the settings says where apps are looked for."),
        new(
            DeviceEvent.CheckFailed, EventLevel.Warning, "check {check}: {reason}",
            "A check that goes on after the start.", "The device is degraded.", "Do what the reason says."),
        new(
            DeviceEvent.WatchdogOpened, EventLevel.Info, "hardware watchdog {device} is fed",
            "watchdog_device is set.", "A machine that hangs is reset.", None),
    ];

    private static EventDefinition[] Kernels() =>
    [
        new(
            DeviceEvent.GpuRefused, EventLevel.Warning, "a GPU is not used: {reason}",
            "A GPU is too old, or the driver refused something, or a kernel gave a wrong answer.",
            "Other GPUs, or the CPU, run the image kernels.",
            "nvidia-smi shows the driver's view; make gpu-check tests kernels and card alone. analysis.device = \"cpu\" leaves GPUs out."),
        new(
            DeviceEvent.GpuLost, EventLevel.Error, "{device} failed and is not used any more: {reason}",
            "A launch failed, or did not end in its time.",
            "The step was done again on another GPU or the CPU; no slice is lost. Analyses take longer.",
            "nvidia-smi and the kernel's log (Xid) say what happened; restart the appliance when the card works again."),
    ];

    private static EventDefinition[] Receiving() =>
    [
        new(
            DeviceEvent.AssociationRejected, EventLevel.Warning, "association from {address} rejected: {reason}",
            "Called or calling AE title, protocol version, or too many at once.",
            "The peer cannot send.",
            "Correct the peer's settings, or listener.ae_title and listener.accept_calling_ae here."),
        new(
            DeviceEvent.AssociationTroubled, EventLevel.Warning, "association from {address} ended: {reason}",
            "The peer aborted, went silent, or sent what is not DICOM.",
            "Objects that were answered with success are kept, the rest was not accepted.",
            "Look at the peer and at the network between."),
        new(
            DeviceEvent.ObjectRefused, EventLevel.Warning, "object refused: {reason}",
            "The object is malformed, or the disk cannot take it.",
            "The sender was told and keeps it.",
            "Do what the reason says, then send again."),
        new(
            DeviceEvent.ObjectRepeated, EventLevel.Info, "object {object} of study {study} was sent again",
            "The modality repeats what it sent.", "It is kept, analysed and forwarded once.", None),
        new(
            DeviceEvent.ContentConflict, EventLevel.Error, "object {object} of study {study} came with other content under the same UID",
            "The sender changed an object and kept its UID (PS3.5 section 9 forbids it).",
            "Both are kept; the first one is analysed and forwarded.",
            "Ask the sender's vendor. Then decide: on the screen under Alarms, or by appliancectl conflicts list, accept, discard."),
        new(
            DeviceEvent.StudyFound, EventLevel.Info, "study {study} was in the journal: {objects} objects",
            "Start.", "It goes on where it was.", None),
        new(
            DeviceEvent.StepReported, EventLevel.Info, "procedure step {step} of study {study}: {state}, {objects} images listed",
            "The modality reported a performed procedure step (MPPS).",
            "When the step has ended, its list tells when its series are complete.", None),
        new(
            DeviceEvent.CommitmentReported, EventLevel.Info, "storage commitment for {ae_title}: {kept} of {objects} objects are kept",
            "A modality asked whether it may delete its copies, and took the answer.",
            NoEffect,
            "Where some are not kept: the modality sends them again."),
        new(
            DeviceEvent.CommitmentUnreported, EventLevel.Warning, "storage commitment for {ae_title} cannot be reported: {reason}",
            "The requester has released its association and cannot be reached, or its address is not known.",
            "It keeps its copies. It is tried again, also after a start.",
            "Write its address into a [[modality]] section of the settings."),
        new(
            DeviceEvent.InstanceElsewhere, EventLevel.Warning,
            "object {object} of series {series} of study {study} lies in series {other_series} of study {other_study} as well",
            "The sender moved an object and kept its UID (PS3.5 section 9 forbids it). Told once of each two series.",
            "Both are kept, analysed and forwarded, each in its place; a destination may keep only one.",
            "Ask the sender's vendor."),
    ];

    private static EventDefinition[] Analysing() =>
    [
        new(
            DeviceEvent.StudyStateChanged, EventLevel.Info, "study {study}: {from} -> {to}",
            "A signal of the study's state table.", NoEffect, None),
        new(
            DeviceEvent.AnalysisBegan, EventLevel.Info,
            "series {series} of study {study} is complete: {slices} slices, {evidence}, {ms} ms after the last",
            "Evidence that no more slices come (docs/completeness.md).",
            "Analysis begins.",
            None),
        new(
            DeviceEvent.SeriesAnalysed, EventLevel.Info,
            "series {series} of study {study}: {app} took {ms} ms and ended {ms} ms after the last slice, {results} results",
            "The pipeline ended.",
            "Results are delivered.",
            None),
        new(
            DeviceEvent.SeriesNotAnalysed, EventLevel.Info, "series {series} of study {study} is not analysed: {reason}",
            "No app takes it, or its geometry, pixels or transfer syntax do not allow it.",
            "Originals are forwarded.",
            "See the reason; for many series (localizers, MR) this is normal."),
        new(
            DeviceEvent.StageOverBudget, EventLevel.Warning,
            "series {series} of study {study}: {stage} took {ms} ms, {budget} ms are its share",
            "The machine was busy or slow.",
            "Results come later.",
            "See load and temperature; a GPU shortens it."),
        new(
            DeviceEvent.SeriesReopened, EventLevel.Info, "series {series} of study {study}: a late slice came",
            "The modality paused inside a series.",
            "The series is analysed again.",
            "Where this is common, raise analysis.quiet_regular_s and analysis.quiet_time_s."),
    ];

    private static EventDefinition[] Results() =>
    [
        new(
            DeviceEvent.PicturesStored, EventLevel.Info,
            "series {series} of study {study}: all {pictures} annotated slices are there after {ms} ms",
            "They are drawn when segmentation and report have left, after all other work.",
            "They are delivered.",
            None),
        new(
            DeviceEvent.BudgetMissed, EventLevel.Warning,
            "series {series} of study {study} was accepted {ms} ms after it was complete, {budget} ms are allowed: "
                + "{stage} took {took} ms, its share is {share} ms",
            "The machine, its network or the destination was slower than measured before.",
            "The results came late.",
            "appliancectl latency shows the times of each stage; where one stage is guilty again and again, look at its part."),
        new(
            DeviceEvent.GeometryRepaired, EventLevel.Info, "series {series} of study {study}: {reason}",
            "Localizers, duplicates or a gantry tilt in the series (docs/geometry.md).",
            "The analysis is of the rest; report and segmentation say so.",
            None),
        new(
            DeviceEvent.RungChanged, EventLevel.Info,
            "series {series} of study {study} goes on to {rung}: {reason}",
            "The budget's ladder: what is predicted from measured times does not fit into the time that is left, or does again.",
            "Slices from now on are analysed in full, by the fast variant, every second one, or (Bypass) the series not at all.",
            "Where it is common: fewer scanners on one box, a GPU, or a longer analysis.budget_s."),
        new(
            DeviceEvent.ResultsSuperseded, EventLevel.Info,
            "series {series} of study {study}: results of version {from} are replaced by version {to}",
            "A slice came after the series had been analysed.",
            "New results refer to the old ones, which stay where they were sent.",
            "Where this is common, raise analysis.quiet_regular_s and analysis.quiet_time_s."),
    ];

    private static EventDefinition[] Delivering() =>
    [
        new(
            DeviceEvent.DestinationDown, EventLevel.Warning, "destination {destination} does not answer: {reason}",
            "The destination is off, unreachable or rejects the association.",
            "What is owed waits in the journal and is retried.",
            "Look at the destination and its settings; try echoscu from this machine."),
        new(
            DeviceEvent.DestinationBack, EventLevel.Info, "destination {destination} answers again",
            "A retry succeeded.", "What waited is sent.", None),
        new(
            DeviceEvent.ObjectHeld, EventLevel.Warning, "object {object} of study {study} is held for {destination}: {reason}",
            "The destination refuses this object as it is. Further ones of the study are counted in the alarm.",
            "It is kept; nothing else waits for it.",
            "Do what the reason says; it is offered again."),
        new(
            DeviceEvent.LabelMapRefused, EventLevel.Info, "destination {destination} takes no label map of study {study}: {reason}",
            "The destination is older than Supplement 243 of the standard (2024).",
            "It gets the BINARY segmentation and the report that refers to it.",
            "Write \"seg\" for \"labelmap\" in its send list to save the attempt."),
    ];

    private static EventDefinition[] Keeping() =>
    [
        new(
            DeviceEvent.StudyRemoved, EventLevel.Info, "study {study} was removed to make space",
            "The disk is above disk.remove_above_percent.",
            "Only studies that every destination has are removed, oldest first.",
            None),
        new(
            DeviceEvent.DiskFull, EventLevel.Error, "disk: {free} free, objects are refused",
            "Less space than disk.refuse_below_free_mib, nothing removable.",
            "Modalities get A700 and keep their objects.",
            "Bring destinations back so that studies can leave, or add space."),
        new(
            DeviceEvent.DiskRecovered, EventLevel.Info, "disk: {free} free, objects are taken again",
            "Space was made.", NoEffect, None),
    ];

    private static EventDefinition[] Asked() =>
    [
        new(
            DeviceEvent.CommandTaken, EventLevel.Info, "command {command} {target} by {by}",
            "Somebody used appliancectl, the page or the socket.", "What the command says.", None),
        new(
            DeviceEvent.CommandRefused, EventLevel.Warning, "command {command} {target} by {by} refused: {reason}",
            "The command does not fit the moment, or names what is not there.", NoEffect, "Do what the reason says."),
        new(
            DeviceEvent.CommandEnded, EventLevel.Info, "command {command} {target}: {outcome}",
            "What was begun has ended, well or not.", NoEffect, "Where it failed: do what it says."),
        new(
            DeviceEvent.PatientShown, EventLevel.Warning, "patient data of study {study} was shown to {by}",
            "appliancectl studies show --phi.", "Somebody who may has seen it.", None),
        new(
            DeviceEvent.PageLogin, EventLevel.Info, "page: {user} logged in from {address}",
            "Name and password were right.", "They may look, and act where their role allows it.", None),
        new(
            DeviceEvent.PageLoginRefused, EventLevel.Warning, "page: a login was refused: {reason}, from {address}",
            "A wrong name or password, or a try before the wait was over.", "Each further failure doubles the wait.",
            "Where nobody of yours did it: look who has that address."),
        new(
            DeviceEvent.NamesShown, EventLevel.Info, "page: patient names were shown to {user}",
            "Somebody asked for them.", "They are hidden again after half a minute (screen.names_hidden_after_s) without a touch.", None),
        new(
            DeviceEvent.PartFailed, EventLevel.Error, "{part} failed: {failure}",
            "A failure that was not expected, contained in this part.",
            "The part goes on with its next piece of work.",
            "Keep the log and tell the makers."),
        new(
            DeviceEvent.PartStuck, EventLevel.Error, "{part} is stuck in {operation}: the process ends and is started again",
            "A defect, or a terminal that takes no more output.",
            "Associations break; modalities send again what was not acknowledged.",
            "Keep the log and tell the makers."),
        new(
            DeviceEvent.PartReplaced, EventLevel.Error, "{part} is stuck in {operation}: it is given up and another thread goes on",
            "A defect, or a disk or a driver that does not answer.",
            "What was in hand is not analysed, or sent later; everything else goes on. A second time the process ends.",
            "Keep the log and tell the makers; restart the appliance when nothing is under way."),
    ];
}
