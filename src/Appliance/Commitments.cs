using System.Threading.Channels;
using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;
using Status = Appliance.Dicom.Dimse.Status;

namespace Appliance.Daemon;

/// <summary>Storage Commitment Push Model, as SCP (PS3.4 J.3): whoever sent asks whether it may delete its own copies.</summary>
/// <remarks>
/// <code>
/// N-ACTION              1 checked  2 kept as a file  3 evidence: the list of what was sent  4 answered 0000
/// the association stays 5 N-EVENT-REPORT on it, a moment later
/// else                  6 N-EVENT-REPORT on an association to the address of the requester in the settings, again until it is taken
/// </code>
/// What is reported is looked up when it is reported: an instance that came meanwhile counts.
/// </remarks>
public sealed class Commitments(
    RequestFiles files, KeptInstances kept, IReadOnlyList<ModalitySettings> modalities, AssociationTimeouts timeouts,
    Action<Manifest> manifestCame, Action<Happening> tell, TimeProvider time)
{
    private const ushort Requested = 1, AllKept = 1, SomeFailed = 2;

    private readonly Channel<string> wake = Channel.CreateUnbounded<string>();

    /// <summary>What is answered to an N-ACTION.</summary>
    /// <param name="information">Its data set.</param>
    /// <exception cref="IOException">The disk cannot take it, or does not say what is kept.</exception>
    public NormalizedAnswer Answer(NormalizedRequest request, DataSet information)
    {
        if (request.Command.RequestedSopInstanceUid != Uids.StorageCommitmentPushModelInstance)
        {
            return new NormalizedAnswer(Status.NoSuchSopInstance);
        }

        if (request.Command.ActionTypeId != Requested)
        {
            return new NormalizedAnswer(Status.NoSuchActionType);
        }

        string transaction = information.GetString(Tags.TransactionUID) ?? "";
        if (transaction.Length == 0 || AskedIn(information).Count == 0)
        {
            return new NormalizedAnswer(Status.MissingAttribute, transaction.Length == 0 ? "Transaction UID" : "Referenced SOP Sequence");
        }

        string requester = request.Association.CallingAeTitle;
        DataSet meta = FileMeta.Create(
            Uids.StorageCommitmentPushModel, transaction, TransferSyntax.ExplicitLittleEndian, requester);
        files.Put(KeyOf(transaction), new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, information));
        manifestCame(new Manifest(
            CompletenessRule.CommitmentRequested, null, null,
            AskedIn(information).Select(asked => JournalEntry.NameOf(asked.SopInstanceUid)).ToHashSet()));
        return new NormalizedAnswer(Status.Success) { Then = ReportOf(transaction, information) };
    }

    /// <summary>Told by the association: whether it took its report.</summary>
    public void Reported(Association association, EventReport report, bool isTaken)
    {
        string key = KeyOf(report.Information.GetString(Tags.TransactionUID) ?? "");
        if (isTaken)
        {
            End(key, association.CallingAeTitle, report);
        }
        else
        {
            wake.Writer.TryWrite(key);
        }
    }

    /// <summary>Reports what no association took, until stopped; what a stop leaves over is reported after the next start.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        List<string> owed = [.. files.Keys];
        for (int failures = 0; ; failures = owed.Count == 0 ? 0 : failures + 1)
        {
            List<string> left = [];
            foreach (string key in owed)
            {
                if (!await TryReportingAsync(key, stop).ConfigureAwait(false))
                {
                    left.Add(key);
                }
            }

            owed = left;
            TimeSpan wait = owed.Count > 0 ? Backoff.OfObject(failures + 1) : Timeout.InfiniteTimeSpan;
            using CancellationTokenSource retry = new(wait, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(retry.Token, stop);
            await WaitAsync(either.Token).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            while (wake.Reader.TryRead(out string? key))
            {
                owed.Add(key);
            }
        }
    }

    private async Task<bool> TryReportingAsync(string key, CancellationToken stop)
    {
        try
        {
            return await ReportElsewhereAsync(key, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (DiskFault.Is(failure) || failure is InvalidDataException)
        {
            tell(new PartFailed(time.GetUtcNow(), "storage commitment", Text.Of(failure)));
            return false;
        }
    }

    private async Task WaitAsync(CancellationToken until)
    {
        try
        {
            await wake.Reader.WaitToReadAsync(until).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Time to try again, or to stop.
        }
    }

    /// <returns>False where it has to be tried again.</returns>
    private async Task<bool> ReportElsewhereAsync(string key, CancellationToken stop)
    {
        if (files.Find(key) is not DicomFile request)
        {
            return true;
        }

        string requester = request.Meta.GetString(Tags.SourceApplicationEntityTitle) ?? "";
        if (modalities.FirstOrDefault(each => each.AeTitle == requester) is not ModalitySettings modality)
        {
            // It stays as a file: after the next start the settings may know the address.
            tell(new CommitmentUnreported(time.GetUtcNow(), requester, "no [[modality]] of that AE title in the settings"));
            return true;
        }

        EventReport report = ReportOf(request.DataSet.GetString(Tags.TransactionUID)!, request.DataSet);
        ConnectOutcome connected = await StoreUser.ConnectAsProviderAsync(
            modality.Host, modality.Port, modality.CallingAe, modality.AeTitle,
            new PresentationContextRequest(
                report.SopClassUid, TransferSyntax.ExplicitLittleEndian, TransferSyntax.ImplicitLittleEndian),
            timeouts, time, stop).ConfigureAwait(false);
        if (connected.User is null)
        {
            tell(new CommitmentUnreported(time.GetUtcNow(), requester, $"{connected.Failure}"));
            return false;
        }

        await using StoreUser user = connected.User;
        RequestOutcome outcome = await user.ReportAsync(report, stop).ConfigureAwait(false);
        await user.ReleaseAsync(stop).ConfigureAwait(false);
        if (!outcome.IsStored)
        {
            tell(new CommitmentUnreported(time.GetUtcNow(), requester, $"{outcome}"));
            return false;
        }

        End(key, requester, report);
        return true;
    }

    private EventReport ReportOf(string transaction, DataSet information)
    {
        DataSet report = kept.Report(transaction, AskedIn(information));
        return new EventReport(
            Uids.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance,
            report.Contains(Tags.FailedSOPSequence) ? SomeFailed : AllKept, report);
    }

    private void End(string key, string requester, EventReport report)
    {
        files.Delete(key);
        int keeps = report.Information.GetItems(Tags.ReferencedSOPSequence).Count;
        int fails = report.Information.GetItems(Tags.FailedSOPSequence).Count;
        tell(new CommitmentReported(time.GetUtcNow(), requester, keeps, keeps + fails));
    }

    private static string KeyOf(string transaction) => JournalEntry.Hash(transaction);

    private static List<(string SopClassUid, string SopInstanceUid)> AskedIn(DataSet information) =>
    [
        .. information.GetItems(Tags.ReferencedSOPSequence).Select(item => (
            item.GetString(Tags.ReferencedSOPClassUID) ?? "", item.GetString(Tags.ReferencedSOPInstanceUID) ?? "")),
    ];
}
