using System.Globalization;
using System.Runtime.InteropServices;
using Appliance.Dicom.Data;

namespace Appliance.Phantom.Series;

/// <summary>A slice as a CT Image Storage object (PS3.3 A.3).</summary>
public sealed class CtObject
{
    // Unsigned 12 bit: -1024 HU is stored as 0.
    private const int RescaleIntercept = -1024;
    private const int BitsStored = 12;

    private readonly SeriesIdentity identity;
    private readonly SeriesGeometry geometry;
    private readonly string date;
    private readonly string time;

    /// <param name="scanned">When the phantom lay in the scanner.</param>
    public CtObject(SeriesIdentity identity, SeriesGeometry geometry, DateTimeOffset scanned)
    {
        this.identity = identity;
        this.geometry = geometry;
        date = scanned.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        time = scanned.ToString("HHmmss", CultureInfo.InvariantCulture);
    }

    /// <param name="slice">Counted along the normal.</param>
    /// <param name="hu">[row][column].</param>
    public DataSet Of(int slice, ReadOnlySpan<short> hu)
    {
        DataSet target = new();
        int instance = geometry.AcquiredAs(slice) + 1;
        PutPatientAndStudy(target);
        PutSeriesAndEquipment(target);
        PutPlane(target, slice, instance);
        PutCt(target);
        PutPixels(target, hu);
        return target;
    }

    /// <summary>Patient, General Study (PS3.3 C.7.1.1, C.7.2.1).</summary>
    private void PutPatientAndStudy(DataSet target) => target
        .SetString(Tags.PatientName, Vr.PN, identity.PatientName)
        .SetString(Tags.PatientID, Vr.LO, identity.PatientId)
        .SetString(Tags.PatientBirthDate, Vr.DA)
        .SetString(Tags.PatientSex, Vr.CS, "O")
        .SetString(Tags.StudyInstanceUID, Vr.UI, identity.StudyUid)
        .SetString(Tags.StudyDate, Vr.DA, date)
        .SetString(Tags.StudyTime, Vr.TM, time)
        .SetString(Tags.ReferringPhysicianName, Vr.PN)
        .SetString(Tags.StudyID, Vr.SH, "PHANTOM")
        .SetString(Tags.StudyDescription, Vr.LO, "CT abdomen, phantom")
        .SetString(Tags.AccessionNumber, Vr.SH);

    /// <summary>General Series, Frame of Reference, General Equipment (PS3.3 C.7.3.1, C.7.4.1, C.7.5.1).</summary>
    private void PutSeriesAndEquipment(DataSet target) => target
        .SetString(Tags.Modality, Vr.CS, "CT")
        .SetString(Tags.SeriesInstanceUID, Vr.UI, identity.SeriesUid)
        .SetIntegerString(Tags.SeriesNumber, 1)
        .SetString(Tags.SeriesDescription, Vr.LO, $"Phantom {geometry.SliceMm.ToString("0.##", CultureInfo.InvariantCulture)} mm")
        .SetString(Tags.SeriesDate, Vr.DA, date)
        .SetString(Tags.SeriesTime, Vr.TM, time)
        .SetString(Tags.PatientPosition, Vr.CS, geometry.PatientPosition)
        .SetString(Tags.BodyPartExamined, Vr.CS, "ABDOMEN")
        .SetString(Tags.FrameOfReferenceUID, Vr.UI, identity.FrameOfReferenceUid)
        .SetString(Tags.PositionReferenceIndicator, Vr.LO)
        .SetString(Tags.Manufacturer, Vr.LO, "The Appliance")
        .SetString(Tags.ManufacturerModelName, Vr.LO, "appliance-phantom")
        .SetString(Tags.SoftwareVersions, Vr.LO, "0.1.0")
        .SetString(Tags.DeviceSerialNumber, Vr.LO, "PHANTOM");

    /// <summary>General Image, Image Plane, SOP Common (PS3.3 C.7.6.1, C.7.6.2, C.12.1).</summary>
    private void PutPlane(DataSet target, int slice, int instance)
    {
        Vector at = geometry.PositionOf(slice), row = geometry.RowDirection, column = geometry.ColumnDirection;
        target
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .SetString(Tags.SOPInstanceUID, Vr.UI, identity.Instance(instance))
            .SetString(Tags.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "AXIAL")
            .SetIntegerString(Tags.InstanceNumber, instance)
            .SetString(Tags.ContentDate, Vr.DA, date)
            .SetString(Tags.ContentTime, Vr.TM, time)
            .SetString(Tags.AcquisitionDate, Vr.DA, date)
            .SetString(Tags.AcquisitionTime, Vr.TM, time)
            .SetDecimal(Tags.PixelSpacing, geometry.PixelMm, geometry.PixelMm)
            .SetDecimal(Tags.ImageOrientationPatient, Neat(row.X), Neat(row.Y), Neat(row.Z), Neat(column.X), Neat(column.Y), Neat(column.Z))
            .SetDecimal(Tags.ImagePositionPatient, Neat(at.X), Neat(at.Y), Neat(at.Z))
            .SetDecimal(Tags.SliceThickness, geometry.SliceMm);
        if (geometry.Orientation is Orientation.Axial or Orientation.FeetFirst)
        {
            target.SetDecimal(Tags.SliceLocation, Neat(at.Z));
        }
    }

    /// <summary>CT Image and VOI LUT (PS3.3 C.8.2.1, C.11.2): an abdominal window.</summary>
    private static void PutCt(DataSet target) => target
        .SetIntegerString(Tags.AcquisitionNumber, 1)
        .SetDecimal(Tags.KVP, 120)
        .SetIntegerString(Tags.XRayTubeCurrent, 200)
        .SetIntegerString(Tags.ExposureTime, 500)
        .SetString(Tags.ConvolutionKernel, Vr.SH, "PHANTOM")
        .SetDecimal(Tags.RescaleIntercept, RescaleIntercept)
        .SetDecimal(Tags.RescaleSlope, 1)
        .SetString(Tags.RescaleType, Vr.LO, "HU")
        .SetDecimal(Tags.WindowCenter, 50)
        .SetDecimal(Tags.WindowWidth, 400);

    /// <summary>Image Pixel (PS3.3 C.7.6.3).</summary>
    private void PutPixels(DataSet target, ReadOnlySpan<short> hu)
    {
        ushort[] stored = new ushort[hu.Length];
        for (int i = 0; i < hu.Length; i++)
        {
            stored[i] = (ushort)(hu[i] - RescaleIntercept);
        }

        target
            .SetUInt16(Tags.SamplesPerPixel, 1)
            .SetString(Tags.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .SetUInt16(Tags.Rows, (ushort)geometry.Rows)
            .SetUInt16(Tags.Columns, (ushort)geometry.Columns)
            .SetUInt16(Tags.BitsAllocated, 16)
            .SetUInt16(Tags.BitsStored, BitsStored)
            .SetUInt16(Tags.HighBit, BitsStored - 1)
            .SetUInt16(Tags.PixelRepresentation, 0)
            .SetBytes(Tags.PixelData, Vr.OW, MemoryMarshal.AsBytes(stored.AsSpan()).ToArray());
    }

    /// <summary>Micrometre digits and no minus zero.</summary>
    private static double Neat(double value) => Math.Round(value, 6) + 0.0;
}
