"""Reads what a receiver got of two versions of the results of one series, and fails unless the second names the first."""
import sys
from pathlib import Path

import pydicom

CT = "1.2.840.10008.5.1.4.1.1.2"
SR, SEG, SC = "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.7"
found = {}
for path in Path(sys.argv[1]).iterdir():
    image = pydicom.dcmread(path, stop_before_pixels=True)
    found.setdefault(image.SOPClassUID, []).append(image)

reports = sorted(found[SR], key=lambda each: each.SeriesNumber)
segmentations = sorted(found[SEG], key=lambda each: each.SeriesNumber)
pictures = {int(each.SeriesNumber) for each in found[SC]}
assert [int(each.SeriesNumber) for each in reports] == [9002, 9012], reports
assert [int(each.SeriesNumber) for each in segmentations] == [9001, 9011], segmentations
assert pictures == {9003, 9013}, pictures
old, new = reports
assert "PredecessorDocumentsSequence" not in old
predecessor = new.PredecessorDocumentsSequence[0]
assert predecessor.StudyInstanceUID == old.StudyInstanceUID
series = predecessor.ReferencedSeriesSequence[0]
assert series.SeriesInstanceUID == old.SeriesInstanceUID
assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == old.SOPInstanceUID
assert series.ReferencedSOPSequence[0].ReferencedSOPClassUID == SR
assert segmentations[0].SOPInstanceUID in segmentations[1].ImageComments, segmentations[1].ImageComments
assert "ReferencedImageSequence" not in segmentations[0]
[replaced] = segmentations[1].ReferencedImageSequence
assert (replaced.ReferencedSOPClassUID, replaced.ReferencedSOPInstanceUID) == (SEG, segmentations[0].SOPInstanceUID)
[purpose] = replaced.PurposeOfReferenceCodeSequence
assert (purpose.CodeValue, purpose.CodingSchemeDesignator) == ("SUPERSEDED", "99APPLIANCE"), purpose
source, before = segmentations[1].ReferencedSeriesSequence
assert {each.ReferencedSOPClassUID for each in source.ReferencedInstanceSequence} == {CT}, source
assert before.SeriesInstanceUID == segmentations[0].SeriesInstanceUID
[instance] = before.ReferencedInstanceSequence
assert (instance.ReferencedSOPClassUID, instance.ReferencedSOPInstanceUID) == (SEG, segmentations[0].SOPInstanceUID)
assert segmentations[1].SeriesDescription.endswith("version 2"), segmentations[1].SeriesDescription
assert len({each.SeriesInstanceUID for each in reports + segmentations}) == 4
print(segmentations[1].ImageComments)
