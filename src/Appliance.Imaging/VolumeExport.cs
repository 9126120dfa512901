using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

/// <summary>The analysed series and its labels as MetaIO images (ITK's .mhd with .raw, or .mha), one slice in memory at a time.</summary>
/// <remarks>
/// Hounsfield units as 16-bit integers, labels as bytes, both [slice][row][column] on the scanner's own grid; positions are in the
/// patient's coordinates of DICOM (LPS), which are ITK's. Nothing in them names the patient.
/// </remarks>
/// <param name="segmentation">Null where nothing was found: all labels are background.</param>
/// <param name="source">The source image of an index into <see cref="PictureNotes.Sources"/>.</param>
public sealed class VolumeExport(PictureNotes notes, DataSet? segmentation, Func<int, DicomFile?> source)
{
    /// <summary>Files that readers look for; the data of .mhd headers has names of its own.</summary>
    private const string Volume = "volume", Labels = "labels", Table = "labels.tsv";

    /// <summary>Writes the files below temporary names, syncs them, and gives them their names: data first, headers last.</summary>
    /// <param name="version">Part of the data's names, so that a header never refers to data of another version.</param>
    /// <param name="single">Header and data in one file (.mha).</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Refusal? Write(string folder, string version, bool single)
    {
        // 1. The grid, from the first and the last slice: in between it is regular, or it would not have been analysed.
        if (GridOf(0) is not SliceGeometry first || GridOf(notes.Sources.Count - 1) is not SliceGeometry last)
        {
            return new Refusal(RefusalReason.BadPixels, "The first or last slice of the series cannot be read again.");
        }

        // 2. Slice by slice.
        string volume = Path.Combine(folder, $"{Volume}-{version}.part"), labels = Path.Combine(folder, $"{Labels}-{version}.part");
        Refusal? refusal;
        using (FileStream volumeFile = new(volume, FileMode.Create))
        using (FileStream labelFile = new(labels, FileMode.Create))
        {
            if (single)
            {
                volumeFile.Write(Header(first, last, "MET_SHORT", "LOCAL"));
                labelFile.Write(Header(first, last, "MET_UCHAR", "LOCAL"));
            }

            refusal = WriteSlices(first, volumeFile, labelFile);
            volumeFile.Flush(flushToDisk: true);
            labelFile.Flush(flushToDisk: true);
        }

        if (refusal is not null)
        {
            File.Delete(volume);
            File.Delete(labels);
            return refusal;
        }

        // 3. Names.
        Place(folder, Table, Encoding.UTF8.GetBytes(TableOf()));
        Place(folder, volume, Volume, version, single, Header(first, last, "MET_SHORT", $"{Volume}-{version}.raw"));
        Place(folder, labels, Labels, version, single, Header(first, last, "MET_UCHAR", $"{Labels}-{version}.raw"));
        return null;
    }

    private static void Place(string folder, string part, string name, string version, bool single, byte[] header)
    {
        if (single)
        {
            File.Move(part, Path.Combine(folder, $"{name}.mha"), overwrite: true);
            return;
        }

        string data = Path.Combine(folder, $"{name}-{version}.raw");
        File.Move(part, data, overwrite: true);
        Place(folder, $"{name}.mhd", header);
        foreach (string older in Directory.EnumerateFiles(folder, $"{name}-*.raw").Where(path => path != data))
        {
            File.Delete(older);
        }
    }

    private static void Place(string folder, string name, byte[] content)
    {
        string part = Path.Combine(folder, $"{name}.part");
        using (FileStream file = new(part, FileMode.Create))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(part, Path.Combine(folder, name), overwrite: true);
    }

    private SliceGeometry? GridOf(int slice) => source(slice) is DicomFile file ? SliceGeometry.FromHeader(file.DataSet).Value : null;

    private Refusal? WriteSlices(SliceGeometry grid, FileStream volumeFile, FileStream labelFile)
    {
        Decode decode = new();
        SegmentedSlices? segmented = segmentation is null ? null : new SegmentedSlices(segmentation, notes);
        short[] voxels = new short[grid.Rows * grid.Columns];
        byte[] labels = new byte[voxels.Length];
        for (int slice = 0; slice < notes.Sources.Count; slice++)
        {
            if (source(slice) is not DicomFile file)
            {
                return new Refusal(RefusalReason.BadPixels, $"Slice {slice + 1} of the series cannot be read again.");
            }

            Outcome<float[]> hu = decode.Hounsfield(file);
            if (hu.Refused)
            {
                return hu.Refusal;
            }

            for (int i = 0; i < voxels.Length; i++)
            {
                voxels[i] = (short)Math.Clamp(MathF.Round(hu.Value[i]), short.MinValue, short.MaxValue);
            }

            labels.AsSpan().Clear();
            segmented?.Fill(notes.Sources[slice], notes.Frames?[slice], labels);
            volumeFile.Write(MemoryMarshal.AsBytes<short>(voxels));
            labelFile.Write(labels);
        }

        return null;
    }

    /// <summary>Keys of MetaIO in the order that its readers expect; the data's name is the last.</summary>
    private byte[] Header(SliceGeometry first, SliceGeometry last, string type, string data)
    {
        int slices = notes.Sources.Count;
        double step = slices > 1 ? Math.Abs((last.Position - first.Position).Dot(first.Normal)) / (slices - 1) : 1;
        string[] lines =
        [
            "ObjectType = Image",
            "NDims = 3",
            "BinaryData = True",
            "BinaryDataByteOrderMSB = False",
            "CompressedData = False",
            $"TransformMatrix = {Text(first.AlongColumns)} {Text(first.AlongRows)} {Text(first.Normal)}",
            $"Offset = {Text(first.Position)}",
            "CenterOfRotation = 0 0 0",
            $"ElementSpacing = {Text(first.ColumnSpacing)} {Text(first.RowSpacing)} {Text(step)}",
            $"DimSize = {first.Columns} {first.Rows} {slices}",
            $"ElementType = {type}",
            $"ElementDataFile = {data}",
        ];
        return Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n");
    }

    private string TableOf()
    {
        StringBuilder table = new("value\tname\tred\tgreen\tblue\tml\tcontinues beyond the scan\n");
        foreach (NotedOrgan organ in notes.Organs)
        {
            table.Append(CultureInfo.InvariantCulture, $"{organ.Value}\t{organ.Name}\t{organ.Rgb[0]}\t{organ.Rgb[1]}\t{organ.Rgb[2]}\t");
            table.Append(CultureInfo.InvariantCulture, $"{organ.Ml:0.0}\t{(organ.IsCut ? "yes" : "no")}\n");
        }

        return table.Append(CultureInfo.InvariantCulture, $"# {notes.App} {notes.Version}. {notes.Notice}\n").ToString();
    }

    private static string Text(Point3 point) => $"{Text(point.X)} {Text(point.Y)} {Text(point.Z)}";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
