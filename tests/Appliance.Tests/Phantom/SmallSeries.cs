using Appliance.Dicom.Data;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;

namespace Appliance.Tests.Phantom;

/// <summary>A phantom series of 24 slices of 96 x 96, coarse enough to be made in a moment, with its truth beside it.</summary>
internal sealed class SmallSeries
{
    public SmallSeries(string folder, Orientation orientation, ulong seed = 17)
    {
        Geometry = new SeriesGeometry(orientation, 24, 96, 96, 4, 5);
        PhantomSeries series = new(
            NativeScan.Make(seed, Geometry), SeriesIdentity.OfSeed(seed, Geometry), DateTimeOffset.UnixEpoch.AddYears(50));
        Folder = Directory.CreateDirectory(folder).FullName;
        using TruthWriter truth = new(Path.Combine(Folder, "truth"), Geometry);
        for (int acquired = 0; acquired < Geometry.Slices; acquired++)
        {
            DataSet set = series.Acquire(acquired, truth);
            DataSet meta = FileMeta.Create(Uids.CTImageStorage, set.GetString(Tags.SOPInstanceUID)!, TransferSyntax.ExplicitLittleEndian);
            File.WriteAllBytes(
                Path.Combine(Folder, $"{acquired:000}.dcm"),
                DicomFileWriter.Write(new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, set)));
            Objects.Add(set);
        }

        truth.Describe(seed, series.Identity.SeriesUid);
    }

    public string Folder { get; }

    public SeriesGeometry Geometry { get; }

    /// <summary>In the order of acquisition.</summary>
    public List<DataSet> Objects { get; } = [];

    public string[] Files => [.. Directory.GetFiles(Folder, "*.dcm").Order()];
}
