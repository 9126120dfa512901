using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>One slice of the analysed series: the header of a single-frame image, or one frame of a multi-frame image.</summary>
/// <param name="header">The source's data set; its pixel data is not looked at.</param>
/// <param name="frameNumber">From 1, for a multi-frame source; null for a single-frame one.</param>
public sealed class SourceSlice(DataSet header, int? frameNumber = null)
{
    public DataSet Header { get; } = header;

    public int? FrameNumber { get; } = frameNumber;

    /// <summary>How the source came, where the caller knows it: a lossy one makes the results lossy even if its header is silent.</summary>
    public TransferSyntax? Syntax { get; init; }

    public string? SopClassUid => Header.GetString(Tags.SOPClassUID);

    public string? SopInstanceUid => Header.GetString(Tags.SOPInstanceUID);

    public string? SeriesInstanceUid => Header.GetString(Tags.SeriesInstanceUID);

    public string? StudyInstanceUid => Header.GetString(Tags.StudyInstanceUID);

    public string? FrameOfReferenceUid => Header.GetString(Tags.FrameOfReferenceUID);

    public long Rows => Header.GetInteger(Tags.Rows) ?? 0;

    public long Columns => Header.GetInteger(Tags.Columns) ?? 0;

    /// <summary>x, y, z of the first pixel's centre in mm; empty where missing.</summary>
    public double[] Position => Numbers(Tags.PlanePositionSequence, Tags.ImagePositionPatient);

    /// <summary>Direction cosines of a row, then of a column; empty where missing.</summary>
    public double[] Orientation => Numbers(Tags.PlaneOrientationSequence, Tags.ImageOrientationPatient);

    /// <summary>Between rows, then between columns, in mm; empty where missing.</summary>
    public double[] PixelSpacing => Numbers(Tags.PixelMeasuresSequence, Tags.PixelSpacing);

    public static IReadOnlyList<SourceSlice> Of(IEnumerable<DataSet> headers) => [.. headers.Select(header => new SourceSlice(header))];

    /// <summary>Repeats an attribute digit for digit.</summary>
    internal DataSet CopyTo(DataSet target, Tag functionalGroup, Tag tag) => SourceCopy.Copy(SetOf(functionalGroup, tag), target, tag);

    internal double[] Numbers(Tag functionalGroup, Tag tag) => SetOf(functionalGroup, tag).GetDoubles(tag);

    /// <summary>
    /// Where the attribute stands: of a multi-frame image in the functional group of the frame or in the shared one
    /// (PS3.3 C.7.6.16), else in the header.
    /// </summary>
    private DataSet SetOf(Tag functionalGroup, Tag tag)
    {
        if (FrameNumber is not int frame)
        {
            return Header;
        }

        IReadOnlyList<DataSet> frames = Header.GetItems(Tags.PerFrameFunctionalGroupsSequence);
        DataSet? own = frame <= frames.Count ? frames[frame - 1].GetItem(functionalGroup) : null;
        return own?.Contains(tag) == true
            ? own
            : Header.GetItem(Tags.SharedFunctionalGroupsSequence)?.GetItem(functionalGroup) ?? Header;
    }
}
