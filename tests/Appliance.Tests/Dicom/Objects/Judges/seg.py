"""Judge of a segmentation: pydicom unpacks it, and every voxel is compared with the labels it was made from.

usage: seg.py SEG.dcm LABELS EXPECT.json
LABELS   one byte a voxel, [slice][row][column]
EXPECT   {"rows", "columns", "keepEmptyFrames",
          "slices":   [{"instance", "frame", "position": "text as in the source"}],
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
at = {s["position"]: k for k, s in enumerate(slices)}

assert (seg.Rows, seg.Columns) == (rows, columns)
assert seg.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
assert [s.SegmentNumber for s in seg.SegmentSequence] == list(range(1, len(seg.SegmentSequence) + 1))
values = {s.SegmentNumber: expect["segments"][s.TrackingUID] for s in seg.SegmentSequence}
assert len(values) == len(expect["segments"]), "segments"

pixels = seg.pixel_array.reshape(int(seg.NumberOfFrames), rows, columns)
assert len(seg.PixelData) == (pixels.size + 7) // 8 + (((pixels.size + 7) // 8) & 1), "padding"
found, last, positions, used = {}, (0, 0), {}, set()
for frame, group in zip(pixels, seg.PerFrameFunctionalGroupsSequence):
    number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
    element = group.PlanePositionSequence[0].get_item("ImagePositionPatient")
    text = element.value.decode().rstrip() if isinstance(element.value, bytes) else "\\".join(
        str(v) for v in group.PlanePositionSequence[0].ImagePositionPatient)
    k = at[text]
    source = group.DerivationImageSequence[0].SourceImageSequence[0]
    assert source.ReferencedSOPInstanceUID == slices[k]["instance"], "source of a frame"
    assert source.get("ReferencedFrameNumber") == slices[k]["frame"], "frame of a source"
    assert source.SpatialLocationsPreserved == "YES"
    index = tuple(group.FrameContentSequence[0].DimensionIndexValues)
    assert index > last and index[0] == number, "order of the dimensions"
    assert positions.setdefault(index[1], k) == k, "one index, one position"
    last = index
    assert (number, k) not in found
    found[number, k] = frame
    used.add(slices[k]["instance"])
assert sorted(positions) == list(range(1, len(positions) + 1)), "indices without a gap"
assert [positions[i] for i in sorted(positions)] == sorted(positions.values()), "positions in spatial order"

for number, wanted in values.items():
    mask = numpy.isin(labels, wanted)
    assert mask.any(), "a segment without a voxel"
    for k in range(len(slices)):
        if (number, k) in found:
            assert (found[number, k] == mask[k]).all(), f"segment {number}, slice {k}"
            assert mask[k].any() or expect["keepEmptyFrames"], "empty frame"
        else:
            assert not mask[k].any(), f"segment {number} has no frame for slice {k}"
            assert not expect["keepEmptyFrames"], "missing frame"

listed = [i.ReferencedSOPInstanceUID for s in seg.ReferencedSeriesSequence for i in s.ReferencedInstanceSequence]
assert set(listed) == used and len(listed) == len(used), "referenced instances"
assert [s.ReferencedSOPInstanceUID for s in seg.SourceImageSequence] == listed
print("ok", len(pixels), "frames,", int(pixels.sum()), "voxels")
