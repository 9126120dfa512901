using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Comparison;

/// <summary>One frame of a binary segmentation: which organ, and where its pixels lie.</summary>
/// <param name="FirstBit">Of the frame in the pixel data.</param>
public sealed record SegmentationFrame(
    Organ Organ, long FirstBit, Vector First, Vector RowDirection, Vector ColumnDirection, double RowMm, double ColumnMm);

/// <summary>A binary DICOM segmentation of anyone (PS3.3 A.51): its frames by organ and place.</summary>
public sealed record SegmentationVolume(IReadOnlyList<SegmentationFrame> Frames, int Rows, int Columns, ReadOnlyMemory<byte> Bits)
{
    /// <summary>SNOMED CT codes of the organs; a kidney's side is its modifier (24028007 right, 7771000 left).</summary>
    private static readonly Dictionary<(string Type, string? Side), Organ> ByCode = new()
    {
        [("10200004", null)] = Organ.Liver,
        [("78961009", null)] = Organ.Spleen,
        [("64033007", "24028007")] = Organ.KidneyRight,
        [("64033007", "7771000")] = Organ.KidneyLeft,
        [("39607008", null)] = Organ.Lung,
        [("272673000", null)] = Organ.Bone,
        [("15825003", null)] = Organ.Aorta,
        [("69695003", null)] = Organ.Stomach,
        [("89837001", null)] = Organ.Bladder,
        [("15776009", null)] = Organ.Pancreas,
    };

    /// <exception cref="InvalidDataException">It is no binary segmentation, or lacks geometry.</exception>
    public static SegmentationVolume Read(string path)
    {
        Parsed<DicomFile> read = DicomFileReader.Read(File.ReadAllBytes(path));
        if (read.Failed)
        {
            throw new InvalidDataException($"{path}: {read.Malformed}");
        }

        DataSet set = read.Value.DataSet;
        if (set.GetString(Tags.SOPClassUID) != Uids.SegmentationStorage || set.GetString(Tags.SegmentationType) != "BINARY")
        {
            throw new InvalidDataException($"{path} is no binary DICOM segmentation");
        }

        int rows = (int)(set.GetInteger(Tags.Rows) ?? 0), columns = (int)(set.GetInteger(Tags.Columns) ?? 0);
        Dictionary<long, Organ> organs = OrgansOf(set);
        DataSet? shared = set.GetItem(Tags.SharedFunctionalGroupsSequence);
        List<SegmentationFrame> frames = [];
        long bit = 0;
        foreach (DataSet frame in set.GetItems(Tags.PerFrameFunctionalGroupsSequence))
        {
            long segment = Group(frame, shared, Tags.SegmentIdentificationSequence)?.GetInteger(Tags.ReferencedSegmentNumber) ?? -1;
            if (organs.TryGetValue(segment, out Organ organ))
            {
                frames.Add(FrameOf(frame, shared, organ, bit));
            }

            bit += (long)rows * columns;
        }

        ReadOnlyMemory<byte> bits = set.GetBytes(Tags.PixelData);
        return bits.Length * 8L >= bit ? new(frames, rows, columns, bits) : throw new InvalidDataException(
            $"{path}: pixel data is too short");
    }

    /// <summary>Segment numbers of the organs that are known here, by code, else by the words of the label.</summary>
    private static Dictionary<long, Organ> OrgansOf(DataSet set)
    {
        Dictionary<long, Organ> organs = [];
        foreach (DataSet segment in set.GetItems(Tags.SegmentSequence))
        {
            DataSet? type = segment.GetItem(Tags.SegmentedPropertyTypeCodeSequence);
            string? side = type?.GetCode(Tags.SegmentedPropertyTypeModifierCodeSequence)?.Value;
            string code = CodedConcept.Of(type)?.Value ?? "";
            if (segment.GetInteger(Tags.SegmentNumber) is not long number)
            {
                continue;
            }

            if (ByCode.TryGetValue((code, side), out Organ organ) || ByCode.TryGetValue((code, null), out organ)
                || ByLabel(segment.GetString(Tags.SegmentLabel) ?? "", out organ))
            {
                organs[number] = organ;
            }
        }

        return organs;
    }

    private static bool ByLabel(string label, out Organ organ)
    {
        string[] words = label.ToLowerInvariant().Split([' ', '_', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        organ = Enum.GetValues<Organ>().FirstOrDefault(known =>
            known != Organ.Background && Organs.Name(known).Split('_').All(words.Contains));
        return organ != Organ.Background;
    }

    private static SegmentationFrame FrameOf(DataSet frame, DataSet? shared, Organ organ, long bit)
    {
        double[] at = Group(frame, shared, Tags.PlanePositionSequence)?.GetDoubles(Tags.ImagePositionPatient) ?? [];
        double[] axes = Group(frame, shared, Tags.PlaneOrientationSequence)?.GetDoubles(Tags.ImageOrientationPatient) ?? [];
        double[] spacing = Group(frame, shared, Tags.PixelMeasuresSequence)?.GetDoubles(Tags.PixelSpacing) ?? [];
        return at.Length == 3 && axes.Length == 6 && spacing.Length == 2
            ? new SegmentationFrame(
                organ, bit, new(at[0], at[1], at[2]), new(axes[0], axes[1], axes[2]), new(axes[3], axes[4], axes[5]), spacing[0],
                    spacing[1])
            : throw new InvalidDataException("a frame of the segmentation lacks position, orientation or spacing");
    }

    private static DataSet? Group(DataSet frame, DataSet? shared, Tag tag) => frame.GetItem(tag) ?? shared?.GetItem(tag);
}
