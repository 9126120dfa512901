namespace Appliance.Dicom.Data;

/// <summary>What PS3.5 6.2 and 7.1.2 say of each value representation.</summary>
public static class VrFacts
{
    public static bool IsKnown(this Vr vr) => HasShortLength(vr) || HasLongLength(vr);

    /// <summary>Explicit VR with a 16-bit length (PS3.5 table 7.1-2). Every other has 32 bits, those of a later edition included.</summary>
    public static bool HasShortLength(this Vr vr) => vr is Vr.AE or Vr.AS or Vr.AT or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.FD or Vr.FL
        or Vr.IS or Vr.LO or Vr.LT or Vr.PN or Vr.SH or Vr.SL or Vr.SS or Vr.ST or Vr.TM or Vr.UI or Vr.UL or Vr.US;

    /// <summary>Explicit VR with a reserved field and a 32-bit length (PS3.5 table 7.1-1).</summary>
    public static bool HasLongLength(this Vr vr) => vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW
        or Vr.SQ or Vr.SV or Vr.UC or Vr.UN or Vr.UR or Vr.UT or Vr.UV;

    /// <summary>Text in the repertoire of Specific Character Set (PS3.5 6.1.2.2).</summary>
    public static bool IsEncodedText(this Vr vr) => vr is Vr.LO or Vr.LT or Vr.PN or Vr.SH or Vr.ST or Vr.UC or Vr.UT;

    /// <summary>Any character VR, those in the default repertoire included.</summary>
    public static bool IsText(this Vr vr) => vr.IsEncodedText() || vr is Vr.AE or Vr.AS or Vr.CS or Vr.DA or Vr.DS
        or Vr.DT or Vr.IS or Vr.TM or Vr.UI or Vr.UR;

    /// <summary>A backslash separates values; in LT, ST, UT and UR it is a character (PS3.5 6.4).</summary>
    public static bool IsMultiValuedText(this Vr vr) => vr.IsText() && vr is not (Vr.LT or Vr.ST or Vr.UT or Vr.UR);

    /// <summary>The byte that makes a value even: NUL for UI and bytes, space for other text (PS3.5 6.2).</summary>
    public static byte Padding(this Vr vr) => vr.IsText() && vr != Vr.UI ? (byte)' ' : (byte)0;

    /// <summary>Bytes that are swapped together between endian forms; 1 for text and bytes.</summary>
    public static int WordLength(this Vr vr) => vr switch
    {
        Vr.AT or Vr.OW or Vr.SS or Vr.US => 2,
        Vr.FL or Vr.OF or Vr.OL or Vr.SL or Vr.UL => 4,
        Vr.FD or Vr.OD or Vr.OV or Vr.SV or Vr.UV => 8,
        _ => 1,
    };
}
