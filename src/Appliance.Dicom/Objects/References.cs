using System.Globalization;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>References to the source images, in the several forms that modules and templates ask for.</summary>
internal static class References
{
    /// <summary>SOP Instance Reference Macro (PS3.3 table 10-11).</summary>
    public static DataSet Instance(string? sopClassUid, string? sopInstanceUid) => new DataSet()
        .SetString(Tags.ReferencedSOPClassUID, Vr.UI, sopClassUid)
        .SetString(Tags.ReferencedSOPInstanceUID, Vr.UI, sopInstanceUid);

    /// <summary>One item for each instance, in order, with the numbers of its frames where it has several (PS3.3 table 10-3).</summary>
    public static List<DataSet> Images(IEnumerable<SourceSlice> slices)
    {
        List<DataSet> items = [];
        foreach (IGrouping<string?, SourceSlice> instance in slices.GroupBy(slice => slice.SopInstanceUid))
        {
            DataSet item = Instance(instance.First().SopClassUid, instance.Key);
            int[] frames = [.. instance.Select(slice => slice.FrameNumber).OfType<int>().Distinct().Order()];
            if (frames.Length > 0)
            {
                item.SetString(Tags.ReferencedFrameNumber, Vr.IS,
                    [.. frames.Select(frame => frame.ToString(CultureInfo.InvariantCulture))]);
            }

            items.Add(item);
        }

        return items;
    }

    /// <summary>Items of Source Image Sequence: from here the pixels came, and they are where they were (PS3.3 C.7.6.16.2.6).</summary>
    public static List<DataSet> SourceImages(IEnumerable<SourceSlice> slices)
    {
        List<DataSet> items = Images(slices);
        foreach (DataSet item in items)
        {
            item.SetString(Tags.SpatialLocationsPreserved, Vr.CS, "YES")
                .SetCode(Tags.PurposeOfReferenceCodeSequence, Codes.SourceImageForProcessing);
        }

        return items;
    }

    /// <summary>Referenced Series Sequence of the Common Instance Reference Module (PS3.3 C.12.2): the overlaid series first.</summary>
    public static DataSet[] Series(IEnumerable<SourceSlice> slices) =>
    [
        .. slices.GroupBy(slice => slice.SeriesInstanceUid).Select(series => new DataSet()
            .SetString(Tags.SeriesInstanceUID, Vr.UI, series.Key)
            .SetItems(Tags.ReferencedInstanceSequence, [.. DistinctInstances(series)])),
    ];

    /// <summary>One item of an evidence sequence: all instances, by series, of one study (PS3.3 C.17.2.2 and table 10-3b).</summary>
    public static DataSet Evidence(IReadOnlyList<SourceSlice> slices, DataSet? segmentation)
    {
        List<DataSet> series =
        [
            .. slices.GroupBy(slice => slice.SeriesInstanceUid).Select(group => new DataSet()
                .SetString(Tags.SeriesInstanceUID, Vr.UI, group.Key)
                .SetItems(Tags.ReferencedSOPSequence, [.. DistinctInstances(group)])),
        ];
        if (segmentation is not null)
        {
            series.Add(new DataSet()
                .CopyFrom(segmentation, Tags.SeriesInstanceUID)
                .SetItems(Tags.ReferencedSOPSequence, Instance(
                    segmentation.GetString(Tags.SOPClassUID), segmentation.GetString(Tags.SOPInstanceUID))));
        }

        return new DataSet()
            .SetString(Tags.StudyInstanceUID, Vr.UI, slices[0].StudyInstanceUid)
            .SetItems(Tags.ReferencedSeriesSequence, [.. series]);
    }

    /// <summary>Predecessor Documents Sequence (PS3.3 C.17.2): the reports that a report replaces.</summary>
    public static DataSet[] Predecessors(IEnumerable<SupersededResult> results) =>
    [
        .. results.Where(result => result.SopClassUid == Uids.Comprehensive3DSRStorage).Select(result => new DataSet()
            .SetString(Tags.StudyInstanceUID, Vr.UI, result.StudyInstanceUid)
            .SetItems(Tags.ReferencedSeriesSequence, new DataSet()
                .SetString(Tags.SeriesInstanceUID, Vr.UI, result.SeriesInstanceUid)
                .SetItems(Tags.ReferencedSOPSequence, Instance(result.SopClassUid, result.SopInstanceUid)))),
    ];

    /// <summary>
    /// Items of Referenced Image Sequence (PS3.3 C.12.4): the segmentations that a segmentation replaces. For that purpose the standard
    /// has no code (PS3.16 CID 7201 knows predecessors in time of acquisition only), so that it is one of ours.
    /// </summary>
    public static DataSet[] Replaced(IEnumerable<SupersededResult> segmentations) =>
    [
        .. segmentations.Select(each => Instance(each.SopClassUid, each.SopInstanceUid)
            .SetCode(Tags.PurposeOfReferenceCodeSequence, Codes.SupersededVersion)),
    ];

    /// <summary>The same in the Referenced Series Sequence of the Common Instance Reference Module (PS3.3 C.12.2).</summary>
    public static DataSet[] Series(IEnumerable<SupersededResult> results) =>
    [
        .. results.GroupBy(each => each.SeriesInstanceUid).Select(series => new DataSet()
            .SetString(Tags.SeriesInstanceUID, Vr.UI, series.Key)
            .SetItems(Tags.ReferencedInstanceSequence, [.. series.Select(each => Instance(each.SopClassUid, each.SopInstanceUid))])),
    ];

    private static IEnumerable<DataSet> DistinctInstances(IEnumerable<SourceSlice> slices) =>
        slices.DistinctBy(slice => slice.SopInstanceUid).Select(slice => Instance(slice.SopClassUid, slice.SopInstanceUid));
}
