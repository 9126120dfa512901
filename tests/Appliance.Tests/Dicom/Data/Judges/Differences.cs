using System.Globalization;

namespace Appliance.Tests.Dicom.Data.Judges;

/// <summary>The table of differences between a judge and us that are explained; every other one fails the test.</summary>
internal static class Differences
{
    public const string PrivateDictionary = "private element of implicit VR, UN to us: the judge has a private dictionary; same bytes";
    public const string PrivateGroupLength = "group length of a private group, UL to us (PS3.5 7.2), UN to pydicom; same bytes";
    public const string UnKept = "UN for an element of PS3.6 or a private creator, its VR to us (PS3.5 6.2.2); dcmtk keeps UN, same bytes";
    public const string UnKeptSequence = "the same for a sequence, which pydicom reads as we do";
    public const string CharacterSetOfDump = "(0008,0005): dcm2xml +U8 says ISO_IR 192 of what it prints";
    public const string SixteenDigits = "dcm2xml prints FD with 16 digits, and negative zero as zero";
    public const string PixelSequence = "encapsulated pixel data declared OW: dcmtk says OB";

    /// <summary>The reason from the table, or null.</summary>
    public static string? Explain(string judge, string path, DumpLine? ours, DumpLine? theirs, Func<string, bool> isKeptSequence)
    {
        string tag = path[(path.LastIndexOf('.') + 1)..];
        bool isPrivate = (int.Parse(tag[..4], NumberStyles.HexNumber) & 1) == 1;
        bool sameBytes = ours is not null && theirs is not null && ours.Raw == theirs.Raw;
        return judge == "pydicom"
            ? (ours?.Vr, theirs?.Vr) switch
            {
                ("UN", _) when isPrivate && sameBytes => PrivateDictionary,
                ("UL", "UN") when isPrivate && tag.EndsWith("0000") && sameBytes => PrivateGroupLength,
                _ => null,
            }
            : (ours?.Vr, theirs?.Vr) switch
            {
                (_, "CS") when tag == "00080005" && theirs!.Value == "ISO_IR 192" => CharacterSetOfDump,
                ("UN", not null) when isPrivate => PrivateDictionary,
                ("SQ", "UN") => UnKeptSequence,
                (not null, null) when isKeptSequence(path[..^9]) => UnKeptSequence,
                (_, "UN") when sameBytes => UnKept,
                ("FD" or "FL", "FD" or "FL") when IsNear(ours!.Value, theirs!.Value) => SixteenDigits,
                ("OW", "OB") when ours!.Value == theirs!.Value && ours.Value.StartsWith("fragments") => PixelSequence,
                _ => null,
            };
    }

    private static bool IsNear(string ours, string theirs)
    {
        string[] left = ours.Split('\\');
        string[] right = theirs.Split('\\');
        return left.Length == right.Length && left.Zip(right).All(pair => Math.Abs(Number(pair.First) - Number(pair.Second))
            <= Math.Abs(Number(pair.First)) * 5e-16);
    }

    private static double Number(string hex) => BitConverter.Int64BitsToDouble(long.Parse(hex, NumberStyles.HexNumber));
}
