using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Status = Appliance.Dicom.Dimse.Status;

namespace Appliance.Daemon;

/// <summary>Modality Performed Procedure Step, as SCP (PS3.4 F.7): the modality says what it acquires, and when that has ended.</summary>
/// <remarks>
/// Asked by many associations at a time. A step is a file, so that a restart between N-CREATE and N-SET loses nothing. What is done
/// with it here: its lists of images are evidence of the end of their series. It is not passed on.
/// </remarks>
public sealed class ProcedureSteps(RequestFiles files, Action<Manifest> manifestCame, Action<Happening> tell, TimeProvider time)
{
    /// <summary>"Performed Procedure Step Object may no longer be updated" (PS3.4 table F.7.2-2).</summary>
    private const ushort NoLongerUpdated = 0xA710;

    private const string InProgress = "IN PROGRESS", Completed = "COMPLETED", Discontinued = "DISCONTINUED";

    private readonly Lock gate = new();

    /// <summary>What is answered to an N-CREATE or an N-SET.</summary>
    /// <param name="attributes">Its data set.</param>
    /// <exception cref="IOException">The disk cannot take it.</exception>
    public NormalizedAnswer Answer(NormalizedRequest request, DataSet attributes)
    {
        string? uid = request.Command.SopInstanceUid;
        if (uid is not null && !Uid.IsTaken(uid))
        {
            return new NormalizedAnswer(Status.InvalidObjectInstance);
        }

        lock (gate)
        {
            return request.Command.Field == CommandField.NCreateRq ? Create(uid, attributes) : Set(uid!, attributes);
        }
    }

    /// <summary>Why a step cannot become what the attributes say, or null where it can. The table of PS3.4 F.7.2.</summary>
    /// <param name="before">The state of the step; null where there is none.</param>
    /// <param name="after">(0040,0252) of the request; null where it has none.</param>
    public static NormalizedAnswer? Fault(bool isCreate, string? before, string? after) => (isCreate, before, after) switch
    {
        (true, not null, _) => new NormalizedAnswer(Status.DuplicateSopInstance),
        (true, null, null) => new NormalizedAnswer(Status.MissingAttribute, "Performed Procedure Step Status"),
        (true, null, InProgress) => null,
        (true, null, _) => new NormalizedAnswer(Status.InvalidAttributeValue, "a step begins IN PROGRESS"),
        (false, null, _) => new NormalizedAnswer(Status.NoSuchSopInstance),
        (false, Completed or Discontinued, _) =>
            new NormalizedAnswer(Status.ProcessingFailure, "the step may no longer be updated") { ErrorId = NoLongerUpdated },
        (false, _, null or InProgress or Completed or Discontinued) => null,
        (false, _, _) => new NormalizedAnswer(Status.InvalidAttributeValue, "Performed Procedure Step Status"),
    };

    private static string? StateOf(DataSet? step) =>
        step?.GetString(Tags.PerformedProcedureStepStatus) is { Length: > 0 } state ? state : null;

    private NormalizedAnswer Create(string? uid, DataSet attributes)
    {
        string name = uid ?? UidGenerator.New();
        string key = JournalEntry.Hash(name);
        if (Fault(true, StateOf(files.Find(key)?.DataSet), StateOf(attributes)) is NormalizedAnswer fault)
        {
            return fault;
        }

        Keep(key, name, attributes);
        return new NormalizedAnswer(Status.Success) { SopInstanceUid = name };
    }

    private NormalizedAnswer Set(string uid, DataSet modified)
    {
        string key = JournalEntry.Hash(uid);
        DataSet? step = files.Find(key)?.DataSet;
        if (Fault(false, StateOf(step), StateOf(modified)) is NormalizedAnswer fault)
        {
            return fault;
        }

        foreach (Element element in modified)
        {
            step!.Put(element);
        }

        Keep(key, uid, step!);
        if (StateOf(step) != InProgress)
        {
            Ended(step!);
        }

        return new NormalizedAnswer(Status.Success);
    }

    private void Keep(string key, string uid, DataSet step)
    {
        DataSet meta = FileMeta.Create(Uids.ModalityPerformedProcedureStep, uid, TransferSyntax.ExplicitLittleEndian);
        files.Put(key, new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, step));
        tell(new StepReported(time.GetUtcNow(), key, StudyOf(step), StateOf(step)!, SeriesOf(step).Sum(each => each.Names.Count)));
    }

    /// <summary>Each series that the step lists becomes evidence of its end.</summary>
    private void Ended(DataSet step)
    {
        foreach ((string series, IReadOnlySet<string> names) in SeriesOf(step))
        {
            manifestCame(new Manifest(CompletenessRule.StepCompleted, StudyOf(step), series, names));
        }
    }

    private static string StudyOf(DataSet step) =>
        JournalEntry.Hash(step.GetItem(Tags.ScheduledStepAttributesSequence)?.GetString(Tags.StudyInstanceUID) ?? "");

    private static IEnumerable<(string Series, IReadOnlySet<string> Names)> SeriesOf(DataSet step) =>
        step.GetItems(Tags.PerformedSeriesSequence).Select(series => (
            JournalEntry.Hash(series.GetString(Tags.SeriesInstanceUID) ?? ""),
            (IReadOnlySet<string>)series.GetItems(Tags.ReferencedImageSequence)
                .Concat(series.GetItems(Tags.ReferencedNonImageCompositeSOPInstanceSequence))
                .Select(item => JournalEntry.NameOf(item.GetString(Tags.ReferencedSOPInstanceUID) ?? ""))
                .ToHashSet()));
}
