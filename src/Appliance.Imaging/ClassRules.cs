using Appliance.Kernels;

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
        HasLargestPiece = new bool[256];
        Array.ForEach(LargestPiece, organ => HasLargestPiece[organ] = true);
        Offered = [.. manifest.Classes.Where(organ => organ.Value != 0 && OfferedAs[organ.Value] == organ.Value)];
    }

    /// <summary>The network's class to the class offered: a tumour counts as its organ, what was never learned as background.</summary>
    public byte[] OfferedAs { get; }

    /// <summary>Classes of which one piece is kept.</summary>
    public byte[] LargestPiece { get; }

    /// <summary>The same as 256 truth values.</summary>
    public bool[] HasLargestPiece { get; }

    /// <summary>Classes that are offered to readers.</summary>
    public IReadOnlyList<OrganClass> Offered { get; }

    public unsafe void Apply(Span<byte> labels)
    {
        int* table = stackalloc int[256];
        for (int label = 0; label < 256; label++)
        {
            table[label] = OfferedAs[label];
        }

        fixed (byte* volume = labels)
        {
            Relabel.Table kernel = new()
            {
                Labels = new View<byte>(volume, labels.Length), Becomes = new View<int>(table, 256), Width = labels.Length, Height = 1,
            };
            CpuLaunch.Lanes(kernel, labels.Length, 1, 0, 1);
        }
    }

    private static OrganClass? OrganOf(OrganClass finding, AppManifest manifest) => finding.AnatomicRegion is null
        ? null
        : manifest.Classes.FirstOrDefault(organ => organ.Learned && organ.Type == finding.AnatomicRegion);
}
