using System.Globalization;
using Appliance.Dicom.Data;

namespace Appliance.Phantom.Series;

/// <summary>Who was scanned and under which UIDs: nobody, ever.</summary>
/// <param name="Instance">UID of the slice with that InstanceNumber.</param>
public sealed record SeriesIdentity(
    string PatientName, string PatientId, string StudyUid, string SeriesUid, string FrameOfReferenceUid, Func<int, string> Instance)
{
    /// <summary>The same UIDs for the same seed: made twice, it is the same series.</summary>
    public static SeriesIdentity OfSeed(ulong seed, SeriesGeometry geometry) => Of(seed, $"appliance-phantom {seed} {geometry}");

    /// <summary>A new study each time.</summary>
    public static SeriesIdentity Fresh(ulong seed) => Of(seed, UidGenerator.New());

    private static SeriesIdentity Of(ulong seed, string root)
    {
        string number = seed.ToString(CultureInfo.InvariantCulture);
        return new SeriesIdentity(
            $"PHANTOM^SEED {number}", $"PHANTOM-{number}",
            UidGenerator.FromName(root + " study"), UidGenerator.FromName(root + " series"), UidGenerator.FromName(root + " frame"),
            instance => UidGenerator.FromName($"{root} instance {instance}"));
    }
}
