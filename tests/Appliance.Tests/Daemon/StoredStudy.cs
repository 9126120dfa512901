using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Dicom.Objects;
using Appliance.Imaging;

namespace Appliance.Tests.Daemon;

/// <summary>A small axial CT in a journal, and a liver of 8 x 8 pixels in its slice 2, from column 8 and row 4.</summary>
internal sealed class StoredStudy(Journal journal)
{
    public const int Rows = 16, Columns = 24, Slices = 5;
    public const string StudyUid = "1.2.3", SeriesUid = "1.2.3.4", PatientName = "DOE^JANE";

    /// <summary>Values of a slice: everywhere 40 times its number.</summary>
    public static readonly Func<int, int, int, int> Flat = (slice, _, _) => slice * 40;

    public static string Key => JournalEntry.Hash(StudyUid)[..Appliance.Daemon.Limits.StudyKeyDigits];

    public static string Series => JournalEntry.Hash(SeriesUid);

    /// <param name="valueOf">Of slice, row and column.</param>
    public static DicomFile Slice(int slice, Func<int, int, int, int>? valueOf = null)
    {
        byte[] pixels = new byte[Rows * Columns * 2];
        for (int i = 0; i < Rows * Columns; i++)
        {
            BitConverter.TryWriteBytes(pixels.AsSpan(2 * i), (short)(valueOf ?? Flat)(slice, i / Columns, i % Columns));
        }

        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        string uid = $"1.2.3.4.{slice + 1}";
        DataSet image = new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage).SetString(Tags.SOPInstanceUID, Vr.UI, uid)
            .SetString(Tags.StudyInstanceUID, Vr.UI, StudyUid).SetString(Tags.SeriesInstanceUID, Vr.UI, SeriesUid)
            .SetString(Tags.PatientName, Vr.PN, PatientName).SetString(Tags.PatientID, Vr.LO, "4711").SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.FrameOfReferenceUID, Vr.UI, "1.2.3.9")
            .SetDecimal(Tags.ImagePositionPatient, 0, 0, slice * 2).SetDecimal(Tags.ImageOrientationPatient, 1, 0, 0, 0, 1, 0)
            .SetDecimal(Tags.PixelSpacing, 1, 1).SetDecimal(Tags.RescaleSlope, 1).SetDecimal(Tags.RescaleIntercept, 0)
            .SetUInt16(Tags.SamplesPerPixel, 1).SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.Rows, Rows).SetUInt16(Tags.Columns, Columns).SetUInt16(Tags.BitsAllocated, 16)
            .SetUInt16(Tags.BitsStored, 16).SetUInt16(Tags.HighBit, 15).SetUInt16(Tags.PixelRepresentation, 1)
            .SetBytes(Tags.PixelData, Vr.OW, pixels);
        return new DicomFile(FileMeta.Create(Uids.CTImageStorage, uid, syntax), syntax, image);
    }

    public void Store(DicomFile file)
    {
        DataSet header = file.DataSet;
        using ArrivingInstance arriving = journal.Begin(header.GetString(Tags.SOPClassUID)!, file.SopInstanceUid!, file.Syntax, "SCANNER");
        arriving.Append(DataSetWriter.Write(header, file.Syntax));
        journal.Commit(arriving, JournalEntry.Original(
            header.GetString(Tags.StudyInstanceUID)!, header.GetString(Tags.SeriesInstanceUID)!, file.SopInstanceUid!));
    }

    public void Analyse(DicomFile[] sources) => Analyse(SourceSlice.Of([.. sources.Select(source => source.DataSet)]));

    /// <param name="slices">In order along the patient.</param>
    public void Analyse(IReadOnlyList<SourceSlice> slices)
    {
        byte[] labels = new byte[Rows * Columns * Slices];
        for (int row = 4; row < 12; row++)
        {
            labels.AsSpan((((2 * Rows) + row) * Columns) + 8, 8).Fill(1);
        }

        SegmentDescription liver = new(
            [1], "Liver", new CodedConcept("123037004", "SCT", "Anatomical Structure"), new CodedConcept("10200004", "SCT", "Liver"),
            (0xdd, 0x54, 0x3c));
        EquipmentIdentification box = new("Appliance", "Appliance", "test", "0.1.0");
        AlgorithmIdentification algorithm = new("ct-organs", "0.1.0", "Appliance");
        ResultSeries series = new(9001, "organs", DateTimeOffset.UnixEpoch, box, [algorithm]);
        Created segmentation = Segmentation.Create(
            new SegmentationRequest(slices, [liver], algorithm, series), Dicom.Objects.Sources.Packed(labels, Rows * Columns));
        Created report = MeasurementReport.Create(new MeasurementReportRequest(
            slices, segmentation.DataSet, [new SegmentVolume(liver.TrackingUid, 12.5)], [], series));
        string study = JournalEntry.Hash(StudyUid);
        using PreparedResults prepared = journal.Prepare(
            study,
            JournalEntry.Hash(slices[0].SeriesInstanceUid!),
            [new Result(ResultKind.Segmentation, FileOf(segmentation.DataSet!)), new Result(ResultKind.Report, FileOf(report.DataSet!))],
            JournalResultsTests.Notes([]));
        journal.Place(prepared);
    }

    private static DicomFile FileOf(DataSet dataSet)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
        return new DicomFile(
            FileMeta.Create(dataSet.GetString(Tags.SOPClassUID)!, dataSet.GetString(Tags.SOPInstanceUID)!, syntax), syntax, dataSet);
    }
}
