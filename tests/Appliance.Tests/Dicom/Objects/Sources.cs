using System.Globalization;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Xunit;

namespace Appliance.Tests.Dicom.Objects;

/// <summary>Source headers for the tests: synthetic ones in any geometry, and the real CT of ../shared.</summary>
internal static class Sources
{
    /// <summary>Direction cosines by name: axial, oblique, feet first (rows run to the patient's right), sagittal stack.</summary>
    public static readonly IReadOnlyDictionary<string, double[]> Orientations = new Dictionary<string, double[]>
    {
        ["axial"] = [1, 0, 0, 0, 1, 0],
        ["oblique"] = [0.8660254, 0.433013, 0.25, -0.5, 0.75, 0.433013],
        ["feet first"] = [-1, 0, 0, 0, 1, 0],
        ["sagittal"] = [0, 1, 0, 0, 0, -1],
    };

    /// <summary>Single-frame CT headers, in order along the normal, as a modality would write them.</summary>
    public static List<DataSet> Ct(string orientation, int slices, int rows, int columns, double spacing = 2.5)
    {
        double[] o = Orientations[orientation];
        double[] normal = [(o[1] * o[5]) - (o[2] * o[4]), (o[2] * o[3]) - (o[0] * o[5]), (o[0] * o[4]) - (o[1] * o[3])];
        string study = UidGenerator.New();
        string series = UidGenerator.New();
        string frame = UidGenerator.New();
        List<DataSet> headers = [];
        for (int i = 0; i < slices; i++)
        {
            double[] position = [.. new double[] { -120.3, 44.5, -801.25 }.Select((origin, axis) => origin + (i * spacing * normal[axis]))];
            headers.Add(new DataSet()
                .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
                .SetString(Tags.SOPInstanceUID, Vr.UI, UidGenerator.New())
                .SetString(Tags.StudyInstanceUID, Vr.UI, study)
                .SetString(Tags.SeriesInstanceUID, Vr.UI, series)
                .SetString(Tags.FrameOfReferenceUID, Vr.UI, frame)
                .SetString(Tags.Modality, Vr.CS, "CT")
                .SetString(Tags.PatientName, Vr.PN, "Phantom^Paul")
                .SetString(Tags.PatientID, Vr.LO, "P-4711")
                .SetString(Tags.PatientSex, Vr.CS, "O")
                .SetString(Tags.StudyDate, Vr.DA, "20260102")
                .SetString(Tags.StudyTime, Vr.TM, "030405")
                .SetUInt16(Tags.Rows, (ushort)rows)
                .SetUInt16(Tags.Columns, (ushort)columns)
                .SetString(Tags.SliceThickness, Vr.DS, "3")
                .SetString(Tags.PixelSpacing, Vr.DS, "0.80", "0.7500")
                .SetString(Tags.ImagePositionPatient, Vr.DS, [.. position.Select(Text)])
                .SetString(Tags.ImageOrientationPatient, Vr.DS, [.. o.Select(Text)]));
        }

        return headers;
    }

    /// <summary>The headers of ct-abdomen-20, in order of ascending z. Their UIDs are empty: filled in here.</summary>
    public static List<DataSet> RealCt()
    {
        string folder = Path.GetFullPath(Path.Combine(Root(), "../shared/data/ct-abdomen-20"));
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not here");
        string study = UidGenerator.New();
        string series = UidGenerator.New();
        List<DataSet> headers = [];
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            DataSet header = DicomFileReader.Read(File.ReadAllBytes(file)).Value!.DataSet;
            header.Remove(Tags.PixelData);
            headers.Add(header
                .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
                .SetString(Tags.SOPInstanceUID, Vr.UI, UidGenerator.New())
                .SetString(Tags.StudyInstanceUID, Vr.UI, study)
                .SetString(Tags.SeriesInstanceUID, Vr.UI, series));
        }

        return [.. headers.OrderBy(header => header.GetDoubles(Tags.ImagePositionPatient)[2])];
    }

    /// <summary>Five segments of the model's kind: a paired organ, a lesion with a region, a segment of two classes.</summary>
    public static List<SegmentDescription> Segments() =>
    [
        new([1, 11], "liver", Codes.AnatomicalStructure, Codes.Liver, (221, 84, 60)),
        new([3], "kidney right", Codes.AnatomicalStructure, Codes.Kidney, (255, 200, 0)) { TypeModifier = Codes.Right },
        new([4], "kidney left", Codes.AnatomicalStructure, Codes.Kidney, (170, 220, 40)) { TypeModifier = Codes.Left },
        new([7], "neoplasm", Codes.MorphologicallyAbnormalStructure, Codes.Neoplasm, (255, 0, 200)) { AnatomicRegion = Codes.Liver },
        new([200], "spleen", Codes.AnatomicalStructure, Codes.Spleen, (157, 78, 221)),
    ];

    /// <summary>A bit plane for each label value and slice, made voxel by voxel.</summary>
    public static PackedFrames Packed(byte[] labels, IReadOnlyList<SourceSlice> sources) =>
        Packed(labels, sources.Count == 0 ? 1 : (int)(sources[0].Rows * sources[0].Columns));

    public static PackedFrames Packed(byte[] labels, int voxels)
    {
        PackedFrames packed = new(labels.Length / voxels, voxels);
        for (int slice = 0; slice < packed.Slices; slice++)
        {
            byte[] plane = labels[(slice * voxels)..((slice + 1) * voxels)];
            foreach (byte value in plane.Distinct())
            {
                byte[] bits = new byte[PackedFrames.BytesOf(voxels)];
                for (int i = 0; i < voxels; i++)
                {
                    bits[i / 8] |= (byte)(plane[i] == value ? 1 << (i % 8) : 0);
                }

                packed.Add(slice, value, bits);
            }
        }

        return packed;
    }

    public static readonly AlgorithmIdentification Algorithm = new("ct-organs", "0.1.0", "The Appliance Project", "quantised");

    public static ResultSeries Series(int number, string description) => new(
        number,
        description,
        new DateTimeOffset(2026, 11, 24, 19, 0, 0, TimeSpan.FromHours(1)),
        new EquipmentIdentification("The Appliance Project", "Appliance", "SN-0001", "0.1.0"),
        [Algorithm]);

    /// <summary>Blocks of labels, some that no segment names, on some slices only; the seed is fresh and printed.</summary>
    public static byte[] Labels(int slices, int rows, int columns)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"labels of seed {seed}");
        Random random = new(seed);
        byte[] labels = new byte[slices * rows * columns];
        byte[] kinds = [1, 11, 3, 4, 7, 5, 200, 255];
        for (int block = 0; block < 40; block++)
        {
            byte kind = kinds[random.Next(kinds.Length)];
            int slice = random.Next(slices);
            int top = random.Next(rows);
            int left = random.Next(columns);
            for (int row = top; row < Math.Min(rows, top + random.Next(1, 20)); row++)
            {
                labels.AsSpan((((slice * rows) + row) * columns) + left, random.Next(1, columns - left + 1)).Fill(kind);
            }
        }

        return labels;
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    public static string Root([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../.."));
}
