using Appliance.Dicom.Data;

namespace Appliance.Dicom.Network;

/// <summary>Which abstract syntaxes are storage (PS3.4 B.5, GG.3).</summary>
public static class StorageClasses
{
    /// <summary>All composite storage SOP classes of images, waveforms, documents and raw data are below it.</summary>
    private const string Root = "1.2.840.10008.5.1.4.1.1.";

    /// <summary>Storage outside that root, and private classes that scanners send along with their images.</summary>
    private static readonly HashSet<string> Others =
    [
        Uids.RTBeamsDeliveryInstructionStorage,
        Uids.RTBrachyApplicationSetupDeliveryInstructionStorage,
        "1.3.12.2.1107.5.9.1", // Siemens CSA non-image
        "1.3.46.670589.5.0.1", // Philips volume
        "1.3.46.670589.5.0.2", // Philips 3D object
        "1.3.46.670589.5.0.3", // Philips surface
        "1.3.46.670589.5.0.4", // Philips composite object
        "1.3.46.670589.11.0.0.12.1", // Philips MR spectrum
        "1.3.46.670589.11.0.0.12.2", // Philips MR series data
        "1.3.46.670589.11.0.0.12.4", // Philips MR examcard
        "1.2.840.113619.4.26", // GE 3D model
        "1.2.840.113619.4.30", // GE NM task
    ];

    /// <summary>Queries that stand among the storage classes.</summary>
    private static readonly HashSet<string> Queries =
    [
        Uids.ProtocolApprovalInformationModelFind, Uids.ProtocolApprovalInformationModelMove, Uids.ProtocolApprovalInformationModelGet,
    ];

    public static bool IsStorage(string sopClassUid) =>
        (sopClassUid.StartsWith(Root, StringComparison.Ordinal) && !Queries.Contains(sopClassUid)) || Others.Contains(sopClassUid);

    public static bool IsVerificationOrStorage(string sopClassUid) => sopClassUid == Uids.Verification || IsStorage(sopClassUid);
}
