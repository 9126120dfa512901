using System.Globalization;
using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>The modules that all our objects share: the right patient and study, our own series, equipment and SOP common.</summary>
internal static class CommonModules
{
    // PS3.3 C.7.1.1, C.7.1.3 and C.7.2.1 to C.7.2.3. Type 2 ones stand in their own lists.
    private static readonly Tag[] Patient =
    [
        Tags.IssuerOfPatientID, Tags.PatientBirthTime, Tags.OtherPatientIDsSequence, Tags.OtherPatientNames, Tags.EthnicGroup,
        Tags.PatientComments, Tags.PatientSpeciesDescription, Tags.PatientBreedDescription, Tags.ResponsiblePerson,
        Tags.ResponsiblePersonRole, Tags.ResponsibleOrganization, Tags.PatientIdentityRemoved, Tags.DeidentificationMethod,
        Tags.QualityControlSubject,
    ];

    private static readonly Tag[] Study =
    [
        Tags.StudyInstanceUID, Tags.StudyDescription, Tags.IssuerOfAccessionNumberSequence, Tags.PatientAge, Tags.PatientSize,
        Tags.PatientWeight, Tags.AdditionalPatientHistory, Tags.AdmissionID,
    ];

    private static readonly Tag[] ClinicalTrial =
    [
        Tags.ClinicalTrialSponsorName, Tags.ClinicalTrialProtocolID, Tags.ClinicalTrialProtocolName, Tags.ClinicalTrialSiteID,
        Tags.ClinicalTrialSiteName, Tags.ClinicalTrialSubjectID, Tags.ClinicalTrialSubjectReadingID, Tags.ClinicalTrialTimePointID,
        Tags.ClinicalTrialTimePointDescription,
    ];

    /// <summary>Patient, study and trial as the source has them, its texts from its own character sets into UTF-8.</summary>
    public static void PutPatientAndStudy(DataSet source, DataSet target)
    {
        target.UseUtf8();
        SourceCopy.CopyOrEmpty(source, target, Tags.PatientName, Vr.PN);
        SourceCopy.CopyOrEmpty(source, target, Tags.PatientID, Vr.LO);
        SourceCopy.CopyOrEmpty(source, target, Tags.PatientBirthDate, Vr.DA);
        SourceCopy.CopyOrEmpty(source, target, Tags.PatientSex, Vr.CS);
        SourceCopy.CopyOrEmpty(source, target, Tags.StudyDate, Vr.DA);
        SourceCopy.CopyOrEmpty(source, target, Tags.StudyTime, Vr.TM);
        SourceCopy.CopyOrEmpty(source, target, Tags.ReferringPhysicianName, Vr.PN);
        SourceCopy.CopyOrEmpty(source, target, Tags.StudyID, Vr.SH);
        SourceCopy.CopyOrEmpty(source, target, Tags.AccessionNumber, Vr.SH);
        SourceCopy.CopyCodes(source, target, Tags.ProcedureCodeSequence);
        SourceCopy.CopyCodes(source, target, Tags.DeidentificationMethodCodeSequence);
        foreach (Tag tag in (ReadOnlySpan<Tag>)[.. Patient, .. Study, .. ClinicalTrial])
        {
            // Our type 3 copies are worth something only with a value.
            if (source.HasValue(tag))
            {
                SourceCopy.Copy(source, target, tag);
            }
        }
    }

    /// <summary>
    /// General Series, Equipment and SOP Common (PS3.3 C.7.3.1, C.7.5.1, C.12.1). The instance UID follows from the series UID,
    /// so that a run repeated after a restart with the same series UID makes the same instances and not a second set.
    /// </summary>
    public static void PutResult(
        ResultSeries series, string sopClassUid, string modality, int instanceNumber, DataSet source, DataSet target)
    {
        DateTimeOffset now = LocalTo(source, series.CreatedAt);
        string date = now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string time = now.ToString("HHmmss.ffffff", CultureInfo.InvariantCulture);
        target.SetString(Tags.SOPClassUID, Vr.UI, sopClassUid)
            .SetString(Tags.SOPInstanceUID, Vr.UI, ResultSeries.InstanceUidOf(series.InstanceUid, sopClassUid, instanceNumber))
            .SetString(Tags.InstanceCreationDate, Vr.DA, date)
            .SetString(Tags.InstanceCreationTime, Vr.TM, time)
            .SetString(Tags.SeriesDate, Vr.DA, date)
            .SetString(Tags.SeriesTime, Vr.TM, time)
            .SetString(Tags.ContentDate, Vr.DA, date)
            .SetString(Tags.ContentTime, Vr.TM, time)
            .SetString(Tags.Modality, Vr.CS, modality)
            .SetString(Tags.SeriesInstanceUID, Vr.UI, series.InstanceUid)
            .SetIntegerString(Tags.SeriesNumber, series.Number)
            .SetString(Tags.SeriesDescription, Vr.LO, ResultText.Long(series.Description))
            .SetIntegerString(Tags.InstanceNumber, instanceNumber);
        if (source.HasValue(Tags.TimezoneOffsetFromUTC))
        {
            target.CopyFrom(source, Tags.TimezoneOffsetFromUTC);
        }

        series.Equipment.Put(target);
        DataSet[] contributors = [.. series.Algorithms.Select(algorithm => algorithm.ContributingEquipmentItem())];
        if (contributors.Length > 0)
        {
            target.SetItems(Tags.ContributingEquipmentSequence, contributors);
        }
    }

    public static void PutFrameOfReference(SourceSlice source, DataSet target)
    {
        target.CopyFrom(source.Header, Tags.FrameOfReferenceUID);
        SourceCopy.CopyOrEmpty(source.Header, target, Tags.PositionReferenceIndicator, Vr.LO);
    }

    /// <summary>Lossy once is lossy for good: what was derived from such pixels says so (PS3.3 C.7.6.1.1.5).</summary>
    public static void PutLossyHistory(IEnumerable<SourceSlice> sources, DataSet target)
    {
        SourceSlice? lossy = sources.FirstOrDefault(source =>
            source.Header.GetString(Tags.LossyImageCompression) == "01" || source.Syntax is { IsLossy: true });
        target.SetString(Tags.LossyImageCompression, Vr.CS, lossy is null ? "00" : "01");
        if (lossy is null)
        {
            return;
        }

        target.CopyFrom(lossy.Header, Tags.LossyImageCompressionRatio).CopyFrom(lossy.Header, Tags.LossyImageCompressionMethod);
        if (!target.HasValue(Tags.LossyImageCompressionMethod) && MethodOf(lossy.Syntax) is string method)
        {
            target.SetString(Tags.LossyImageCompressionMethod, Vr.CS, method);
        }
    }

    /// <summary>Defined terms of PS3.3 C.7.6.1.1.5.1.</summary>
    private static string? MethodOf(TransferSyntax? syntax) =>
        syntax == TransferSyntax.JpegBaseline || syntax == TransferSyntax.JpegExtended ? "ISO_10918_1"
        : syntax == TransferSyntax.JpegLsNearLossless ? "ISO_14495_1"
        : syntax == TransferSyntax.Jpeg2000 ? "ISO_15444_1"
        : syntax == TransferSyntax.HtJ2k ? "ISO_15444_15"
        : null;

    /// <summary>
    /// A time zone stated in an object holds for all its dates and times, those copied from the source included (PS3.3
    /// C.12.1.1.8): so we state one only where the source does, and put our own times into that zone.
    /// </summary>
    private static DateTimeOffset LocalTo(DataSet source, DateTimeOffset now)
    {
        string? zone = source.GetString(Tags.TimezoneOffsetFromUTC);
        if (zone is not { Length: 5 } || zone[0] is not ('+' or '-')
            || !int.TryParse(zone.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int hoursMinutes)
            || hoursMinutes > 1400 || hoursMinutes % 100 > 59)
        {
            return now;
        }

        TimeSpan offset = new(hoursMinutes / 100, hoursMinutes % 100, 0);
        return now.ToOffset(zone[0] == '-' ? -offset : offset);
    }
}
