namespace Appliance.Imaging;

/// <summary>The manifest's rules about classes, as class numbers.</summary>
public sealed class ClassRules
{
    public ClassRules(AppManifest manifest)
    {
        OfferedAs = new byte[256];
        foreach (OrganClass organ in manifest.Classes)
        {
            bool suppressed = !organ.Learned || manifest.PostProcess.Suppress.Contains(organ.Name);
            OfferedAs[organ.Value] = (byte)(suppressed ? OrganOf(organ, manifest)?.Value ?? 0 : organ.Value);
        }

        LargestPiece = [.. manifest.Classes.Where(organ => manifest.PostProcess.LargestPiece.Classes.Contains(organ.Name))
            .Select(organ => (byte)organ.Value)];
        Offered = [.. manifest.Classes.Where(organ => organ.Value != 0 && OfferedAs[organ.Value] == organ.Value)];
    }

    /// <summary>The network's class to the class offered: a tumour counts as its organ, what was never learned as background.</summary>
    public byte[] OfferedAs { get; }

    /// <summary>Classes of which one piece is kept.</summary>
    public byte[] LargestPiece { get; }

    /// <summary>Classes that are offered to readers.</summary>
    public IReadOnlyList<OrganClass> Offered { get; }

    public void Apply(Span<byte> labels)
    {
        foreach (ref byte label in labels)
        {
            label = OfferedAs[label];
        }
    }

    private static OrganClass? OrganOf(OrganClass finding, AppManifest manifest) => finding.AnatomicRegion is null
        ? null
        : manifest.Classes.FirstOrDefault(organ => organ.Learned && organ.Type == finding.AnatomicRegion);
}
