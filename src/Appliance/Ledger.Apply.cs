using System.Globalization;
using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>What each happening changes.</summary>
public sealed partial class Ledger
{
    /// <summary>What a complete series waits for; the others are paid slice by slice.</summary>
    private static readonly Stage[] AfterSlices = [Stage.Segment, Stage.Judge, Stage.Restore, Stage.Annotate];

    private void Apply(ListenerOpened opened)
    {
        listener = listener with { Open = true, Address = opened.Address, Port = opened.Port };
        events.Write(DeviceEvent.Listening, $"{opened.Address}:{opened.Port}", listener.AeTitle, Ms(opened.AfterStart));
    }

    private void Apply(AppChecked app)
    {
        apps.Add(new AppStatus(app.Name, app.Version, app.Trouble is null, app.Trouble?.Text));
        if (app.Trouble is null)
        {
            events.Write(DeviceEvent.AppLoaded, app.Name, app.Version, Ms(app.Took));
            return;
        }

        events.Write(DeviceEvent.AppRefused, app.Name, app.Trouble.Text);
        Raise($"app {app.Name}", DeviceEvent.AppRefused, AlarmLevel.Attention, $"app {app.Name}: {app.Trouble.Text}", app.When);
    }

    private void Apply(ComputeChosen chosen)
    {
        compute = compute with { Device = chosen.Device, Reason = chosen.Reason };
        events.Write(DeviceEvent.ComputeChosen, chosen.Device, chosen.Reason);
    }

    private void Apply(KernelsChosen chosen)
    {
        compute = compute with { Kernels = chosen.Device, KernelsReason = chosen.Reason };
        events.Write(DeviceEvent.KernelsChosen, chosen.Device, chosen.Reason);
        foreach (Refusal refused in chosen.Refused)
        {
            events.Write(DeviceEvent.GpuRefused, refused.Text);
            Raise($"gpu {refused.Text}", DeviceEvent.GpuRefused, AlarmLevel.Attention, refused.Text, chosen.When);
        }
    }

    private void Apply(GpuLost lost)
    {
        if (lost.KernelsLeft is string left)
        {
            compute = compute with { Kernels = left, KernelsReason = $"{lost.Device} failed" };
        }

        events.Write(DeviceEvent.GpuLost, lost.Device, lost.Why.Text);
        Raise($"gpu {lost.Device}", DeviceEvent.GpuLost, AlarmLevel.Attention, lost.Why.Text, lost.When);
    }

    private void Apply(AssociationOpened opened)
    {
        listener = listener with { OpenAssociations = listener.OpenAssociations + 1, LastAssociation = opened.When };
        counters = counters with { Associations = counters.Associations + 1 };
    }

    private void Apply(AssociationRefused refused)
    {
        counters = counters with { AssociationsRejected = counters.AssociationsRejected + 1 };
        events.Write(DeviceEvent.AssociationRejected, refused.Address, refused.Reason);
    }

    private void Apply(AssociationBroken broken)
    {
        listener = listener with { OpenAssociations = listener.OpenAssociations - (broken.WasOpen ? 1 : 0) };
        events.Write(DeviceEvent.AssociationTroubled, broken.Address, broken.Reason);
    }

    private void Apply(StudyFound found)
    {
        StudyRecord study = StudyOf(found.Study.Study, found.Study.LastArrival);
        study.Found(found.Study);
        if (study.State != StudyState.Sent)
        {
            // Of thousands that have long been sent nobody wants to read: they would push all else out of the black box.
            events.Write(DeviceEvent.StudyFound, Key(study.Id), $"{found.Study.Objects.Count}");
        }

        AlarmOfConflicts(study, found.When);
        foreach (JournalEntry entry in found.Study.Objects.Where(entry => !entry.IsResult))
        {
            TellOfPlace(entry, places.Found(entry));
        }
    }

    private void Apply(OriginalStored stored)
    {
        StudyRecord study = StudyOf(stored.Entry.Study, stored.When);
        bool wasRepeating = study.IsRepeating;
        study.Stored(stored, destinations.Where(each => each.Value.Owes([stored.Entry]).Any()).Select(each => each.Key));
        switch (stored.Kept)
        {
            case Kept.Duplicate:
                counters = counters with { ObjectsRepeated = counters.ObjectsRepeated + 1 };
                if (!wasRepeating)
                {
                    events.Write(DeviceEvent.ObjectRepeated, ObjectKey(stored.Entry), Key(study.Id));
                }

                return;
            case Kept.Conflict:
                events.Write(DeviceEvent.ContentConflict, ObjectKey(stored.Entry), Key(study.Id));
                AlarmOfConflicts(study, stored.When);
                break;
            default:
                TellOfPlace(stored.Entry, places.Came(stored.Entry));
                break;
        }

        Latencies.Arrived(stored.Entry, stored.When);
        counters = counters with { ObjectsStored = counters.ObjectsStored + 1, BytesStored = counters.BytesStored + stored.Bytes };
    }

    private void Apply(ObjectRefused refused)
    {
        counters = counters with { ObjectsRefused = counters.ObjectsRefused + 1 };
        events.Write(DeviceEvent.ObjectRefused, refused.Reason.Text);
    }

    private void Apply(GeometryRepaired repaired) => events.Write(
        DeviceEvent.GeometryRepaired, Key(repaired.Series), Key(repaired.Study), string.Join(' ', repaired.Findings));

    private void Apply(StepReported step) => events.Write(
        DeviceEvent.StepReported, Key(step.Step), Key(step.Study), step.State, $"{step.Images}");

    private void Apply(CommitmentReported reported) => events.Write(
        DeviceEvent.CommitmentReported, reported.Requester, $"{reported.Kept}", $"{reported.Asked}");

    private void Apply(CommitmentUnreported unreported) => events.Write(
        DeviceEvent.CommitmentUnreported, unreported.Requester, unreported.Reason);

    private void Apply(SeriesAnalysisBegan began)
    {
        StudyOf(began.Study, began.When).Began(began);
        events.Write(
            DeviceEvent.AnalysisBegan, Key(began.Series), Key(began.Study), $"{began.Slices}", $"{began.Decided.Decision}",
            Ms(began.Decided.SinceLastSlice - began.Decided.Late));
    }

    private void Apply(ResultsStored stored)
    {
        StudyOf(stored.Entries[0].Study, stored.When)
            .Stored(stored, destinations.Select(each => (each.Key, each.Value.Owes(stored.Entries).Count())));
        counters = counters with { ResultsMade = counters.ResultsMade + stored.Entries.Count };
        if (stored.Revision > 1 && stored.Entries.Any(entry => entry.Kind?.IsPicture() == false))
        {
            events.Write(
                DeviceEvent.ResultsSuperseded, Key(stored.Entries[0].SourceSeries), Key(stored.Entries[0].Study), $"{stored.Revision - 1}",
                $"{stored.Revision}");
        }
    }

    private void Apply(RungChanged changed)
    {
        events.Write(
            DeviceEvent.RungChanged, Key(changed.Series), Key(changed.Study), $"{changed.Step.State.Rung}", changed.Step.Why);
        if (changed.Step.State.Rung == Rung.Bypass)
        {
            // Said at once: its last slices may be minutes away.
            StudyOf(changed.Study, changed.When).Bypassed(
                changed.Series, new Refusal(RefusalReason.Budget, $"Not analysed: budget. {changed.Step.Why}."));
        }
    }

    private void Apply(SeriesTimed timed)
    {
        // A missed share is told. What is so late that the next stages would miss is cut by the stage itself and does not come here.
        SeriesTimeline timeline = timed.Timeline;
        foreach ((Stage stage, TimeSpan took) in timeline.InTail
            .Where(each => AfterSlices.Contains(each.Key) && each.Value > timeline.Budget.Of(each.Key)))
        {
            events.Write(
                DeviceEvent.StageOverBudget, Key(timed.Series), Key(timed.Study), $"{stage}", Ms(took), Ms(timeline.Budget.Of(stage)));
        }

        TellOfLatency(timed.Study, timed.Series, Latencies.Stored(
            timed.Study,
            timed.Series,
            timeline,
            destinations.Select(each => (each.Key, each.Value.Owes(timeline.Documents)))));
    }

    private void Apply(SeriesSettled settled)
    {
        StudyRecord study = StudyOf(settled.Study, settled.When);
        if (settled.NotAnalysed is null)
        {
            counters = counters with { SeriesAnalysed = counters.SeriesAnalysed + 1 };
            events.Write(
                DeviceEvent.SeriesAnalysed, Key(settled.Series), Key(settled.Study), settled.App, Ms(settled.Took),
                Ms(settled.Waited + settled.Took), $"{study.Results}");
        }
        else
        {
            counters = counters with { SeriesNotAnalysed = counters.SeriesNotAnalysed + 1 };
            Latencies.NotAnalysed(settled.Study, settled.Series, settled.NotAnalysed);
            events.Write(DeviceEvent.SeriesNotAnalysed, Key(settled.Series), Key(settled.Study), settled.NotAnalysed.ToString());
        }

        study.Settled(settled.Series, settled.NotAnalysed);
    }

    private void Apply(PicturesEnded ended)
    {
        events.Write(DeviceEvent.PicturesStored, Key(ended.Series), Key(ended.Study), $"{ended.Pictures}", Ms(ended.Took));
        StudyOf(ended.Study, ended.When).PicturesEnded(ended.Series);
    }

    private void Apply(SeriesReopened reopened)
    {
        StudyOf(reopened.Study, reopened.When).Reopened(reopened.Series);
        events.Write(DeviceEvent.SeriesReopened, Key(reopened.Series), Key(reopened.Study));
    }

    private void Apply(ObjectDelivered delivered)
    {
        StudyRecord study = StudyOf(delivered.Entry.Study, delivered.When);
        study.Delivered(delivered);
        if (delivered.Sent)
        {
            DestinationRecord destination = destinations[delivered.Destination];
            destination.Delivered(delivered.When);
            if (!destination.IsWell)
            {
                Apply(new DestinationSeen(delivered.When, delivered.Destination, null));
            }

            counters = counters with { ObjectsDelivered = counters.ObjectsDelivered + 1 };
        }

        AlarmOfHeld(delivered.Destination, null, delivered.When);
        if (delivered.Entry.IsResult)
        {
            JournalEntry entry = delivered.Entry;
            TellOfLatency(entry.Study, entry.SourceSeries, Latencies.Delivered(entry, delivered.Destination, delivered.When));
        }
    }

    private void TellOfLatency(string study, string series, SeriesLatency? latency)
    {
        if (latency is not null)
        {
            trace?.Invoke(study, series, latency);
        }

        if (latency is { IsMiss: true })
        {
            MissTrace miss = latency.Trace(study, series);
            events.Write(
                DeviceEvent.BudgetMissed, miss.Series, miss.Study, Ms(latency.FromDecision), Ms(latency.Timeline.Budget.Whole),
                miss.Guilty, $"{miss.StagesMs[miss.Guilty]:0}", $"{miss.SharesMs[miss.Guilty]:0}");
        }
    }

    private void Apply(ObjectHeldBack held)
    {
        if (StudyOf(held.Entry.Study, held.When).HeldBack(held))
        {
            events.Write(DeviceEvent.ObjectHeld, ObjectKey(held.Entry), Key(held.Entry.Study), held.Destination, held.Reason.Text);
        }

        AlarmOfHeld(held.Destination, held.Reason, held.When);
    }

    private void AlarmOfHeld(string destination, Refusal? reason, DateTimeOffset when)
    {
        string name = $"held {destination}";
        if (reason is null && !alarms.ContainsKey(name))
        {
            return;
        }

        int held = studies.Values.Sum(study => study.HeldFor(destination));
        if (held == 0)
        {
            Clear(name);
        }
        else if (reason is not null)
        {
            Raise(name, DeviceEvent.ObjectHeld, AlarmLevel.Attention, $"{held} objects are held for {destination}: {reason.Text}", when);
        }
    }

    private void Apply(DestinationSeen seen)
    {
        DestinationRecord destination = destinations[seen.Destination];
        if (seen.Down is not null && destination.LastDeliveredAt > seen.When)
        {
            // One that takes one association at a time does not answer while it takes objects.
            return;
        }

        bool wasDown = destination.IsDown;
        bool isNews = !wasDown || destination.LastError != seen.Down?.Text;
        destination.Seen(seen);
        if (seen.Down is not null && isNews)
        {
            events.Write(DeviceEvent.DestinationDown, seen.Destination, seen.Down.Text);
        }
        else if (seen.Down is null && wasDown)
        {
            events.Write(DeviceEvent.DestinationBack, seen.Destination);
        }

        RaiseOrClear(destination, seen.When);
    }

    /// <summary>A destination that is paused on purpose may be away: nothing is asked of it until it is resumed.</summary>
    private void RaiseOrClear(DestinationRecord destination, DateTimeOffset when)
    {
        string name = $"destination {destination.Name}";
        if (destination is { IsDown: true, IsPaused: false })
        {
            Raise(name, DeviceEvent.DestinationDown, AlarmLevel.Attention, $"{destination.Name}: {destination.LastError}", when);
        }
        else
        {
            Clear(name);
        }
    }

    private void Apply(DiskMeasured measured)
    {
        bool refused = disk.RefusesObjects;
        disk = new DiskStatus(measured.TotalBytes, measured.FreeBytes, measured.FreeBytes < settings.Disk.RefuseBelowFreeBytes);
        int bound = makingSpace ? settings.Disk.RemoveToPercent : settings.Disk.RemoveAbovePercent;
        makingSpace = disk.RefusesObjects || disk.UsedPercent > bound;
        if (disk.RefusesObjects && !refused)
        {
            events.Write(DeviceEvent.DiskFull, Mib(disk.FreeBytes));
            Raise("disk", DeviceEvent.DiskFull, AlarmLevel.Service, $"{Mib(disk.FreeBytes)} free, objects are refused", measured.When);
        }
        else if (!disk.RefusesObjects && refused)
        {
            events.Write(DeviceEvent.DiskRecovered, Mib(disk.FreeBytes));
            Clear("disk");
        }

        if (measured.Fault is not null && device.State is not (DeviceState.Fault or DeviceState.ShuttingDown))
        {
            events.Write(DeviceEvent.FaultFound, measured.Fault.Text);
            Raise("journal", DeviceEvent.FaultFound, AlarmLevel.Service, measured.Fault.Text, measured.When);
            Signal(DeviceSignal.FaultFound);
        }
        else if (measured.Fault is null && device.State == DeviceState.Fault)
        {
            events.Write(DeviceEvent.FaultCleared);
            Clear("journal");
            Signal(DeviceSignal.FaultCleared);
            Signal(HasLostPart ? DeviceSignal.SelfTestLimited : DeviceSignal.SelfTestPassed);
        }
    }

    private void Apply(StudyRemoved removed)
    {
        removing = null;
        if (!removed.Removed)
        {
            // It changed or could not be moved: looked at again with the next look at the disk, not at once.
            makingSpace = false;
        }
        else
        {
            studies.Remove(removed.Study);
            places.Forget(removed.Study);
            Latencies.Forget(removed.Study);
            counters = counters with { StudiesRemoved = counters.StudiesRemoved + 1 };
            events.Write(DeviceEvent.StudyRemoved, Key(removed.Study));
        }
    }

    private void Apply(WorkerReplaced replaced)
    {
        events.Write(DeviceEvent.PartReplaced, replaced.Worker, replaced.Operation);
        Raise(
            $"worker {replaced.Worker}",
            DeviceEvent.PartReplaced,
            AlarmLevel.Attention,
            $"{replaced.Worker} hung in {replaced.Operation} and was replaced",
            replaced.When);
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);

    private static string Mib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
