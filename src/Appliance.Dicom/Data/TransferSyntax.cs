namespace Appliance.Dicom.Data;

/// <summary>How a data set is laid out in bytes, and how its pixel data is compressed.</summary>
/// <remarks>PS3.5 annex A, PS3.6 table A-1. A UID that is not here is encapsulated explicit little endian (A.4).</remarks>
public sealed record TransferSyntax(
    string Uid,
    string Name,
    bool IsExplicit,
    bool IsBigEndian,
    bool IsDeflated,
    bool IsEncapsulated,
    bool IsLossy)
{
    public static readonly TransferSyntax ImplicitLittleEndian =
        Native(Uids.ImplicitVRLittleEndian, "implicit little endian", isExplicit: false);
    public static readonly TransferSyntax ExplicitLittleEndian = Native(Uids.ExplicitVRLittleEndian, "explicit little endian");
    public static readonly TransferSyntax Deflated = Native(Uids.DeflatedExplicitVRLittleEndian, "deflated", isDeflated: true);
    public static readonly TransferSyntax ExplicitBigEndian = Native(Uids.ExplicitVRBigEndian, "explicit big endian", isBigEndian: true);
    public static readonly TransferSyntax RleLossless = Encapsulated(Uids.RLELossless, "RLE lossless", false);
    public static readonly TransferSyntax JpegBaseline = Encapsulated("1.2.840.10008.1.2.4.50", "JPEG baseline", true);
    public static readonly TransferSyntax JpegExtended = Encapsulated("1.2.840.10008.1.2.4.51", "JPEG extended", true);
    public static readonly TransferSyntax JpegLossless = Encapsulated("1.2.840.10008.1.2.4.57", "JPEG lossless", false);
    public static readonly TransferSyntax JpegLosslessSv1 = Encapsulated("1.2.840.10008.1.2.4.70", "JPEG lossless, first-order", false);
    public static readonly TransferSyntax JpegLsLossless = Encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS lossless", false);
    public static readonly TransferSyntax JpegLsNearLossless = Encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless", true);
    public static readonly TransferSyntax Jpeg2000Lossless = Encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", false);
    public static readonly TransferSyntax Jpeg2000 = Encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000", true);
    public static readonly TransferSyntax HtJ2kLossless = Encapsulated(Uids.HTJ2KLossless, "HTJ2K lossless", false);
    public static readonly TransferSyntax HtJ2kLosslessRpcl = Encapsulated(Uids.HTJ2KLosslessRPCL, "HTJ2K lossless RPCL", false);
    public static readonly TransferSyntax HtJ2k = Encapsulated(Uids.HTJ2K, "HTJ2K", true);

    private static readonly Dictionary<string, TransferSyntax> Known = new[]
    {
        ImplicitLittleEndian, ExplicitLittleEndian, Deflated, ExplicitBigEndian, RleLossless, JpegBaseline, JpegExtended, JpegLossless,
        JpegLosslessSv1, JpegLsLossless, JpegLsNearLossless, Jpeg2000Lossless, Jpeg2000, HtJ2kLossless, HtJ2kLosslessRpcl, HtJ2k,
    }.ToDictionary(syntax => syntax.Uid);

    public static IReadOnlyCollection<TransferSyntax> All => Known.Values;

    /// <summary>The syntax of that UID; an unknown one is taken as encapsulated and lossy.</summary>
    public static TransferSyntax Of(string uid) =>
        Known.TryGetValue(uid, out TransferSyntax? syntax) ? syntax : Encapsulated(uid, uid, isLossy: true);

    private static TransferSyntax Native(
        string uid,
        string name,
        bool isExplicit = true,
        bool isBigEndian = false,
        bool isDeflated = false) =>
        new(uid, name, isExplicit, isBigEndian, isDeflated, IsEncapsulated: false, IsLossy: false);

    private static TransferSyntax Encapsulated(string uid, string name, bool isLossy) =>
        new(uid, name, IsExplicit: true, IsBigEndian: false, IsDeflated: false, IsEncapsulated: true, isLossy);
}
