using Appliance.Dicom.Data;
using Appliance.Phantom.Scan;

namespace Appliance.Phantom.Series;

/// <summary>A phantom in the scanner: gives its slices as DICOM objects, and their truth where someone wants it.</summary>
public sealed class PhantomSeries
{
    private readonly NativeScan scan;
    private readonly CtObject objects;

    public PhantomSeries(NativeScan scan, SeriesIdentity identity, DateTimeOffset scanned)
    {
        this.scan = scan;
        Identity = identity;
        objects = new CtObject(identity, scan.Geometry, scanned);
    }

    public SeriesIdentity Identity { get; }

    public SeriesGeometry Geometry => scan.Geometry;

    /// <summary>The slice acquired as that one, from 0.</summary>
    /// <param name="truth">Takes its labels; null: nobody wants them.</param>
    public DataSet Acquire(int acquired, TruthWriter? truth)
    {
        int slice = Geometry.AcquiredAs(acquired);
        NativeSlice made = scan.Slice(slice);
        if (truth is not null)
        {
            lock (truth)
            {
                truth.Put(slice, made.Truth);
            }
        }

        return objects.Of(slice, made.Hu);
    }
}
