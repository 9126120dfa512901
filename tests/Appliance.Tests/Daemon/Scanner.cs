using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>A modality that keeps its association open.</summary>
internal sealed class Scanner : IDisposable
{
    private readonly StoreUser user;

    private Scanner(StoreUser user) => this.user = user;

    public static async Task<Scanner> On(RunningBox box, string sopClassUid = Uids.CTImageStorage)
    {
        ConnectOutcome connected = await box.Connect(
            "APPLIANCE", new PresentationContextRequest(sopClassUid, TransferSyntax.ExplicitLittleEndian));
        Assert.NotNull(connected.User);
        return new Scanner(connected.User);
    }

    public async Task Store(params DicomFile[] files)
    {
        foreach (DicomFile file in files)
        {
            RequestOutcome outcome = await user.StoreAsync(
                file.DataSet.GetString(Tags.SOPClassUID)!, file.SopInstanceUid!, TransferSyntax.ExplicitLittleEndian,
                DataSetWriter.Write(file.DataSet, TransferSyntax.ExplicitLittleEndian));
            Assert.True(outcome.IsStored, $"{outcome}");
        }
    }

    public void Dispose() => user.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
