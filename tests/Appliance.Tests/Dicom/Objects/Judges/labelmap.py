"""Judge of a label map: the rules of PS3.3 (A.51, C.8.20.2, 2024e) one by one, and every voxel through pydicom.

usage: labelmap.py SEG.dcm LABELS EXPECT.json
LABELS   one byte a voxel, [slice][row][column]
EXPECT   {"rows", "columns",
          "slices":   [{"instance", "position": "text as in the source"}],
          "segments": {"tracking uid": [label values]}}   only those with a voxel
"""
import json
import sys

import numpy
import pydicom

seg = pydicom.dcmread(sys.argv[1])
expect = json.load(open(sys.argv[3]))
rows, columns, slices = expect["rows"], expect["columns"], expect["slices"]
labels = numpy.fromfile(sys.argv[2], numpy.uint8).reshape(len(slices), rows, columns)

# The SOP class of Supplement 243, and what C.8.20.2 demands of LABELMAP.
assert seg.SOPClassUID == seg.file_meta.MediaStorageSOPClassUID == "1.2.840.10008.5.1.4.1.1.66.7"
assert seg.Modality == "SEG" and list(seg.ImageType) == ["DERIVED", "PRIMARY"]
assert seg.SegmentationType == "LABELMAP"
assert (seg.SamplesPerPixel, seg.PhotometricInterpretation, seg.PixelRepresentation) == (1, "MONOCHROME2", 0)
assert (seg.BitsAllocated, seg.BitsStored, seg.HighBit) == (8, 8, 7)
assert seg.SegmentsOverlap == "NO"
assert "SegmentationFractionalType" not in seg and "MaximumFractionalValue" not in seg
assert seg.LossyImageCompression in ("00", "01")
for keyword in ("ContentLabel", "ContentDescription", "ContentCreatorName", "InstanceNumber", "ContentDate", "ContentTime",
                "FrameOfReferenceUID", "Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions"):
    assert keyword in seg, keyword

# Segment numbers need not follow on each other, but each value that occurs is one of them, and none is there twice.
numbers = [item.SegmentNumber for item in seg.SegmentSequence]
assert len(set(numbers)) == len(numbers)
pixels = seg.pixel_array.reshape(int(seg.NumberOfFrames), rows, columns)
assert set(numpy.unique(pixels)) <= set(numbers), "a value that no segment describes"
background = seg.PixelPaddingValue
for item in seg.SegmentSequence:
    assert item.SegmentAlgorithmType == "AUTOMATIC" and item.SegmentAlgorithmName
    assert len(item.RecommendedDisplayCIELabValue) == 3
    code = item.SegmentedPropertyTypeCodeSequence[0]
    assert item.SegmentedPropertyCategoryCodeSequence[0].CodeValue and code.CodeMeaning
    if item.SegmentNumber == background:
        assert (code.CodeValue, code.CodingSchemeDesignator) == ("125040", "DCM") and "TrackingUID" not in item
    else:
        assert item.TrackingID and item.TrackingUID in expect["segments"]
assert len(numbers) == len(expect["segments"]) + 1

# A voxel names its segment itself: neither the macro nor the dimension of segments may be there.
assert [i.DimensionIndexPointer for i in seg.DimensionIndexSequence] == [0x00200032]
assert seg.DimensionIndexSequence[0].DimensionOrganizationUID == seg.DimensionOrganizationSequence[0].DimensionOrganizationUID
shared = seg.SharedFunctionalGroupsSequence[0]
assert "SegmentIdentificationSequence" not in shared
assert {"PlaneOrientationSequence", "PixelMeasuresSequence"} <= set(shared.dir())
assert len(pixels) == len(seg.PerFrameFunctionalGroupsSequence) == len(slices)
for i, (group, source) in enumerate(zip(seg.PerFrameFunctionalGroupsSequence, slices)):
    assert "SegmentIdentificationSequence" not in group
    index = group.FrameContentSequence[0].DimensionIndexValues
    assert (list(index) if isinstance(index, pydicom.multival.MultiValue) else [index]) == [i + 1]
    element = group.PlanePositionSequence[0].get_item("ImagePositionPatient")
    assert element.value.decode().rstrip() == source["position"], "position of a frame"
    reference = group.DerivationImageSequence[0].SourceImageSequence[0]
    assert reference.ReferencedSOPInstanceUID == source["instance"] and reference.SpatialLocationsPreserved == "YES"
listed = [i.ReferencedSOPInstanceUID for s in seg.ReferencedSeriesSequence for i in s.ReferencedInstanceSequence]
assert listed == [s["instance"] for s in slices]

# Every voxel.
number = {item.get("TrackingUID"): item.SegmentNumber for item in seg.SegmentSequence}
wanted = numpy.full(labels.shape, background, numpy.uint8)
for tracking, values in expect["segments"].items():
    wanted[numpy.isin(labels, values)] = number[tracking]
assert (pixels == wanted).all(), "voxels"
print("ok", len(pixels), "frames,", int((pixels != background).sum()), "voxels")
