using Appliance.Dicom.Data;
using Appliance.Dicom.Network;

namespace Appliance.Tests.Dicom.Network;

/// <summary>Bytes that dcmtk 3.6.7 wrote, taken from a socket, and requests to vary.</summary>
internal static class Wire
{
    /// <summary>echoscu -aet MODALITY -aec APPLIANCE: A-ASSOCIATE-RQ.</summary>
    public static readonly byte[] EchoscuRequest = Convert.FromHexString(
        "0100000000cd000100004150504c49414e4345202020202020204d4f44414c4954592020202020202020"
        + "0000000000000000000000000000000000000000000000000000000000000000"
        + "10000015312e322e3834302e31303030382e332e312e312e31"
        + "2000002e0100ff0030000011312e322e3834302e31303030382e312e3140000011312e322e3834302e31303030382e312e32"
        + "5000003a51000004000040005200001b312e322e3237362e302e373233303031302e332e302e332e362e37"
        + "5500000f4f464649535f44434d544b5f333637");

    /// <summary>storescp's A-ASSOCIATE-AC to it.</summary>
    public static readonly byte[] StorescpAccept = Convert.FromHexString(
        "0200000000b8000100004150504c49414e4345202020202020204d4f44414c4954592020202020202020"
        + "0000000000000000000000000000000000000000000000000000000000000000"
        + "10000015312e322e3834302e31303030382e332e312e312e31"
        + "21000019010000004000001" + "1312e322e3834302e31303030382e312e32"
        + "5000003a51000004000040005200001b312e322e3237362e302e373233303031302e332e302e332e362e37"
        + "5500000f4f464649535f44434d544b5f333637");

    /// <summary>echoscu's C-ECHO-RQ as P-DATA-TF.</summary>
    public static readonly byte[] EchoscuEcho = Convert.FromHexString(
        "04000000004a0000004601030000000004000000380000000000020012000000312e322e3834302e31303030382e312e3100"
        + "00000001020000003000000010010200000001000000000802000000010" + "1");

    /// <summary>storescp's C-ECHO-RSP to it.</summary>
    public static readonly byte[] StorescpEcho = Convert.FromHexString(
        "0400000000540000005001030000000004000000420000000000020012000000312e322e3834302e31303030382e312e3100"
        + "000000010200000030800000200102000000010000000008020000000101000000090200000000" + "00");

    /// <summary>storescu's C-STORE-RQ command of a small secondary capture (context 201).</summary>
    public static readonly byte[] StorescuCommand = Convert.FromHexString(
        "04000000006c00000068c90300000000040000005a000000000002001a000000312e322e3834302e31303030382e352e312e342e312e312e3700"
        + "000000010200000001000000100102000000010000000007020000000000000000080200000001000000001008000000312e322e332e3400");

    /// <summary>And its data set: SOP class, SOP instance 1.2.3.4, modality OT.</summary>
    public static readonly byte[] StorescuDataSet = Convert.FromHexString(
        "0400000000420000003ec9020800160055491a00312e322e3834302e31303030382e352e312e342e312e312e3700"
        + "0800180055490800312e322e332e340008006000435302004f54");

    public static AssociateRequest Request(params ProposedContext[] contexts) => new()
    {
        CalledAeTitle = "APPLIANCE",
        CallingAeTitle = "MODALITY",
        Contexts = contexts.Length > 0 ? contexts : [CtContext(1)],
        UserInformation = new UserInformation { MaxPduBytes = 16384 },
    };

    public static ProposedContext CtContext(byte id) => new(id, Uids.CTImageStorage, [Uids.ExplicitVRLittleEndian]);

    public static ProposedContext EchoContext(byte id) => new(id, Uids.Verification, [Uids.ImplicitVRLittleEndian]);
}
