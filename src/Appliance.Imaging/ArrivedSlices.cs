using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>One slice as it is kept while a series grows.</summary>
/// <param name="Frame">From 1 in a multi-frame image.</param>
/// <param name="Plane">Its rows and columns on the network's grid.</param>
internal sealed record ArrivedSlice(SliceGeometry Geometry, DataSet Header, int? Frame, Memory<float> Plane)
{
    /// <summary>For the gate. Two patients in one series are two studies that were mixed up.</summary>
    public GatedSlice Gated => new(
        Geometry, $"{Header.GetString(Tags.PatientID)}\n{Header.GetString(Tags.PatientName)}\n{Header.GetString(Tags.StudyInstanceUID)}");
}

/// <summary>Slices that share orientation, spacing and matrix, and so the way onto the network's grid.</summary>
internal sealed class ArrivedPlane(SliceGeometry first, AppManifest manifest) : IDisposable
{
    private readonly List<Point3> places = [];
    private SliceMemory? memory;

    public SliceGeometry First { get; } = first;

    public InPlane InPlane { get; } = InPlane.For(first, manifest);

    /// <summary>Rows and columns of one slice on the network's grid.</summary>
    public Memory<float> Apply(float[] hu)
    {
        int pixels = InPlane.Rows.Outputs * InPlane.Columns.Outputs;
        memory ??= new SliceMemory(pixels * sizeof(float), Limits.SlicesOf(hu.Length));
        Memory<float> plane = memory.Rent<float>(pixels);
        InPlane.Apply(hu, plane.Span);
        return plane;
    }

    public void Dispose() => memory?.Dispose();

    /// <summary>False where a slice lies at that place already.</summary>
    public bool TakePlace(Point3 position)
    {
        if (places.Exists(place => (place - position).Length < Limits.SamePositionMm))
        {
            return false;
        }

        places.Add(position);
        return true;
    }
}

/// <summary>What has arrived of a series: each image once, each in its plane, localizers counted.</summary>
internal sealed class ArrivedSlices(AppManifest manifest) : IDisposable
{
    private readonly HashSet<string> known = [];
    private readonly List<ArrivedPlane> planes = [];
    private readonly List<ArrivedSlice> slices = [];

    public int Count => slices.Count;

    /// <summary>Images that are marked as localizers.</summary>
    public int Localizers { get; private set; }

    /// <summary>The plane of the first slice.</summary>
    public ArrivedPlane? First => planes.Count > 0 ? planes[0] : null;

    /// <summary>The slices of a stack that passed the gate, in its order along the normal.</summary>
    public ArrivedSlice[] InOrder(GatedStack gated) => [.. gated.Stack.Order.Select(i => slices[gated.Kept[i]])];

    /// <summary>How the slices of the stack get onto the network's grid.</summary>
    public InPlane InPlaneOf(GatedStack gated) => PlaneOf(slices[gated.Kept[0]].Geometry)!.InPlane;

    /// <summary>False where the image was there before. An image without a name is new each time.</summary>
    public bool IsNew(DataSet header, int? frame) =>
        header.GetString(Tags.SOPInstanceUID) is not { Length: > 0 } uid || known.Add($"{uid} {frame}");

    /// <summary>Planes go back to the system; headers stay with who holds them.</summary>
    public void Dispose() => planes.ForEach(plane => plane.Dispose());

    public void Localizer() => Localizers++;

    /// <summary>The plane that the slice lies in, made where it is the first; null where there are too many of them.</summary>
    public ArrivedPlane? PlaneFor(SliceGeometry geometry)
    {
        ArrivedPlane? plane = PlaneOf(geometry);
        if (plane is null && planes.Count < Limits.GridPlanes)
        {
            planes.Add(plane = new ArrivedPlane(geometry, manifest));
        }

        return plane;
    }

    public void Add(ArrivedSlice slice) => slices.Add(slice);

    /// <summary>Through the gate. Slices show the same where nothing on the network's grid tells them apart.</summary>
    public Outcome<GatedStack> Gate() => GeometryGate.Decide(
        [.. slices.Select(slice => slice.Gated)], Localizers,
        (one, other) => slices[one].Plane.Span.SequenceEqual(slices[other].Plane.Span));

    private ArrivedPlane? PlaneOf(SliceGeometry geometry) => planes.Find(plane => geometry.DifferenceFrom(plane.First) is null);
}
