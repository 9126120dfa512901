using System.Runtime.InteropServices;
using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>One series as a volume in memory, with the labels of its analysis: what planes and the view in space are drawn from.</summary>
/// <remarks>
/// [slice][row][column], values lifted by <see cref="SliceReader.Lift"/>. It is read slice by slice, first those that somebody looks at,
/// so that the first picture is there at once; what is not read yet is black. One caller at a time.
/// </remarks>
public sealed class SeriesVolume : IDisposable
{
    private readonly SeriesFiles files;
    private readonly SliceReader reader = new();
    private Pixels<byte> voxels = new(0);
    private Pixels<byte> labels = new(0);
    private SliceFile[] slices = [];
    private bool[] isRead = [];
    private string?[] labelledOf = [];
    private int unread;

    public SeriesVolume(SeriesFiles files)
    {
        this.files = files;
        Update();
    }

    public SeriesFiles Files => files;

    /// <summary>Of so many rows and columns one is kept: 1 unless there are more than <see cref="Limits.OpenVoxels"/>.</summary>
    public int Shrink { get; private set; } = 1;

    public Extent Extent { get; private set; }

    /// <summary>Empty where there are colours instead.</summary>
    public unsafe View<short> Values => IsColour ? new(null, 0) : new((short*)voxels.View.Pointer, voxels.Length / sizeof(short));

    /// <summary>It has colours instead of values.</summary>
    public bool IsColour { get; private set; }

    /// <summary>[slice][row][column][red, green, blue]; empty where there are values.</summary>
    public unsafe View<byte> Colours => IsColour ? voxels.View : new(null, 0);

    /// <summary>0 for none, else 1 + the organ's index.</summary>
    public View<byte> Labels => labels.View;

    /// <summary>256 colours 0xbbggrr for the kernels.</summary>
    public int[] Palette { get; } = new int[256];

    /// <summary>Millimetres between voxels in x, y, z.</summary>
    public (double X, double Y, double Z) SpacingMm => (files.SpacingMm.Column * Shrink, files.SpacingMm.Row * Shrink, files.SliceMm);

    /// <summary>Nothing is left to be read.</summary>
    public bool IsWhole => unread == 0;

    public int ReadSlices => Extent.Depth - unread;

    /// <summary>Counts what has changed in it: something that was made of it holds as long as it is the same.</summary>
    public int Changes { get; private set; }

    /// <summary>After the files were refreshed: makes room for new slices and labels, and keeps what was read.</summary>
    public void Update()
    {
        int width = files.Columns, height = files.Rows, depth = files.Slices.Count;
        int shrink = 1;
        while ((long)(width / shrink) * (height / shrink) * depth > Limits.OpenVoxels)
        {
            shrink++;
        }

        Extent extent = new() { Width = width / shrink, Height = height / shrink, Depth = depth };
        bool isOther = extent.Width != Extent.Width || extent.Height != Extent.Height
            || files.IsColour != IsColour || !slices.SequenceEqual(files.Slices);
        if (isOther)
        {
            Shrink = shrink;
            Reshape(extent);
        }

        Array.Clear(Palette);
        (files.Labels?.Palette.Take(byte.MaxValue) ?? []).ToArray().CopyTo(Palette, 1);
        unread = Enumerable.Range(0, depth).Count(IsUnread);
        Changes++;
    }

    /// <summary>Reads one slice with its labels unless it is there.</summary>
    /// <exception cref="IOException">The study has gone.</exception>
    public void Read(int slice)
    {
        if (!IsUnread(slice))
        {
            return;
        }

        int plane = Extent.Width * Extent.Height;
        if (!isRead[slice])
        {
            // What cannot be decoded stays black.
            Span<byte> into = SliceOf(voxels, slice, VoxelBytes(IsColour) * plane);
            _ = IsColour
                ? reader.ReadColours(slices[slice], files.Rows, files.Columns, Shrink, files.Recommended, into)
                : reader.Read(slices[slice], files.Rows, files.Columns, Shrink, MemoryMarshal.Cast<byte, short>(into));
            isRead[slice] = true;
        }

        if (labelledOf[slice] != files.Labelled)
        {
            Span<byte> target = SliceOf(labels, slice, plane);
            target.Clear();
            if (files.Labels is LabelFrames frames && frames.Rows == files.Rows && frames.Columns == files.Columns)
            {
                frames.Fill(slices[slice], Shrink, target);
            }

            labelledOf[slice] = files.Labelled;
        }

        unread--;
        Changes++;
        if (IsWhole)
        {
            reader.Forget();
        }
    }

    /// <summary>Reads the unread slice that is nearest to <paramref name="near"/>.</summary>
    /// <exception cref="IOException">The study has gone.</exception>
    public void ReadNext(int near)
    {
        for (int away = 0; away < Extent.Depth; away++)
        {
            foreach (int slice in (ReadOnlySpan<int>)[near + away, near - away])
            {
                if (slice >= 0 && slice < Extent.Depth && IsUnread(slice))
                {
                    Read(slice);
                    return;
                }
            }
        }
    }

    public void Dispose()
    {
        voxels.Dispose();
        labels.Dispose();
    }

    private static int VoxelBytes(bool isColour) => isColour ? 3 : sizeof(short);

    private static Span<byte> SliceOf(Pixels<byte> of, int slice, int sliceBytes) => of.Span((long)slice * sliceBytes, sliceBytes);

    private bool IsUnread(int slice) => !isRead[slice] || labelledOf[slice] != files.Labelled;

    private void Reshape(Extent extent)
    {
        bool isSamePlane = extent.Width == Extent.Width && extent.Height == Extent.Height && files.IsColour == IsColour;
        Dictionary<SliceFile, int> before = isSamePlane ? slices.Index().ToDictionary(each => each.Item, each => each.Index) : [];
        int plane = extent.Width * extent.Height, sliceBytes = VoxelBytes(files.IsColour) * plane;
        Pixels<byte> newVoxels = new((long)sliceBytes * extent.Depth);
        Pixels<byte> newLabels = new((long)plane * extent.Depth);
        SliceFile[] newSlices = [.. files.Slices];
        bool[] newRead = new bool[extent.Depth];
        string?[] newLabelled = new string?[extent.Depth];
        for (int slice = 0; slice < extent.Depth; slice++)
        {
            if (before.TryGetValue(newSlices[slice], out int old) && isRead[old])
            {
                SliceOf(voxels, old, sliceBytes).CopyTo(SliceOf(newVoxels, slice, sliceBytes));
                SliceOf(labels, old, plane).CopyTo(SliceOf(newLabels, slice, plane));
                (newRead[slice], newLabelled[slice]) = (true, labelledOf[old]);
            }
        }

        Dispose();
        (voxels, labels, IsColour) = (newVoxels, newLabels, files.IsColour);
        (slices, isRead, labelledOf, Extent) = (newSlices, newRead, newLabelled, extent);
    }
}
