using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>When the picture is made that says why a series was not analysed.</summary>
public enum Saying
{
    /// <summary>Before the series is settled.</summary>
    AtOnce,

    /// <summary>After it, on a thread of its own: a thread hung in the series, and what is read for the picture may be why.</summary>
    Aside,

    /// <summary>Never: making it is what failed.</summary>
    Not,
}

/// <summary>The picture that says why a series was not analysed, where a destination wants one.</summary>
public sealed class Notices(
    Journal journal,
    EquipmentIdentification equipment,
    IReadOnlyList<DestinationSettings> destinations,
    Outbox outbox,
    Supervisor supervisor,
    Action<Happening> tell,
    TimeProvider time)
{
    /// <summary>On the disk, without its name; null where nobody wants one, or the series does not even say which study it is of.</summary>
    /// <param name="app">That had taken the series, if one had.</param>
    public PreparedResults? Prepare(string study, string series, App? app, Refusal refusal)
    {
        string name = app?.Manifest.Name ?? "";
        return Owed.Wanted(destinations, name).Contains(NotAnalysed.KindOf(refusal))
            && SourcesOf(study, series) is { Count: > 0 } sources
            && NotAnalysed.Of(sources, refusal, app?.NameAndVersion ?? "", equipment, time.GetLocalNow()) is Result notice
            ? journal.Prepare(study, series, name, [notice])
            : null;
    }

    /// <summary>On a thread of its own, for a settled series. Where that hangs too, the series leaves without the picture.</summary>
    public void SayAside(string study, string series, App? app, Refusal refusal) =>
        new Thread(() => Say(study, series, app, refusal)) { Name = "notice", IsBackground = true }.Start();

    private void Say(string study, string series, App? app, Refusal refusal)
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        using Work watched = supervisor.Begin(new Worker("notice", _ => { }), Operations.Read);
        try
        {
            using PreparedResults? notice = Prepare(study, series, app, refusal);

            // A slice that came meanwhile has opened the series again: what was to be said is no longer so.
            if (notice is null || watched.IsAbandoned || !journal.IsSettled(study, series))
            {
                return;
            }

            outbox.Owe(journal.Place(notice));
        }
        catch (Exception failure)
        {
            // Where it was given up, that has been told.
            if (!watched.IsAbandoned)
            {
                tell(new PartFailed(time.GetUtcNow(), "notice", Text.Of(failure)));
            }
        }
    }

    /// <summary>The header of the first original of a series; of the others the UIDs, which stand at the head of their files.</summary>
    private List<DataSet> SourcesOf(string study, string series)
    {
        JournalReader reader = new(journal);
        List<DataSet> sources = [];
        foreach (JournalEntry entry in journal.OriginalsOf(study, series))
        {
            if (sources.Count == 0)
            {
                sources.AddRange(reader.Read(entry) is { Value: DicomFile first } ? [first.DataSet] : []);
                continue;
            }

            using FileStream file = File.OpenRead(journal.PathOf(entry));
            MetaOfFile meta = MetaOfFile.Read(file);
            sources.Add(new DataSet()
                .CopyFrom(sources[0], Tags.StudyInstanceUID)
                .CopyFrom(sources[0], Tags.SeriesInstanceUID)
                .SetString(Tags.SOPClassUID, Vr.UI, meta.SopClassUid)
                .SetString(Tags.SOPInstanceUID, Vr.UI, meta.SopInstanceUid));
        }

        return sources;
    }
}
