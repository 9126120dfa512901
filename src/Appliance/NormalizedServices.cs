using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Status = Appliance.Dicom.Dimse.Status;

namespace Appliance.Daemon;

/// <summary>What a modality may ask beside storing: procedure steps and storage commitment.</summary>
public sealed class NormalizedServices
{
    private readonly ProcedureSteps steps;
    private readonly Commitments commitments;

    /// <param name="manifestCame">Told of each list of instances: evidence of the end of their series.</param>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public NormalizedServices(
        Settings settings, Journal journal, Action<Manifest> manifestCame, Action<Happening> tell, TimeProvider time)
    {
        RequestFiles Files(string folder, int bound) => new(Path.Combine(settings.DataDirectory, folder), bound);
        steps = new ProcedureSteps(Files("steps", Limits.StepFiles), manifestCame, tell, time);
        commitments = new Commitments(
            Files("commitments", Limits.CommitmentFiles), new KeptInstances(journal), settings.Modalities, AssociationTimeouts.Default,
            manifestCame, tell, time);
    }

    /// <summary>What the association server asks.</summary>
    public NormalizedProvider Provider => new()
    {
        Offered = new HashSet<(string SopClassUid, CommandField Request)>
        {
            (Uids.ModalityPerformedProcedureStep, CommandField.NCreateRq),
            (Uids.ModalityPerformedProcedureStep, CommandField.NSetRq),
            (Uids.StorageCommitmentPushModel, CommandField.NActionRq),
        },
        Answer = (request, _) => ValueTask.FromResult(Answer(request)),
        Reported = commitments.Reported,
    };

    /// <summary>The abstract syntaxes that the listener accepts.</summary>
    public static bool Takes(string sopClassUid) => StorageClasses.IsVerificationOrStorage(sopClassUid)
        || sopClassUid is Uids.ModalityPerformedProcedureStep or Uids.StorageCommitmentPushModel;

    /// <summary>What is the same for all of them: a data set that can be read, and a disk that takes what is to be kept.</summary>
    private NormalizedAnswer Answer(NormalizedRequest request)
    {
        Parsed<DataSet> read = DataSetReader.Read(request.DataSet, request.Syntax);
        if (read.Failed)
        {
            return new NormalizedAnswer(Status.ProcessingFailure, "the data set cannot be read");
        }

        try
        {
            return request.Command.Field == CommandField.NActionRq
                ? commitments.Answer(request, read.Value)
                : steps.Answer(request, read.Value);
        }
        catch (Exception failure) when (DiskFault.Is(failure))
        {
            return new NormalizedAnswer(Status.ResourceLimitation, "the disk cannot take it");
        }
    }

    /// <summary>Reports what no association took, until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Task.Run(() => commitments.RunAsync(stop), CancellationToken.None);
}
