"""Judge of where a segmentation lies: pydicom unpacks it, numpy puts each voxel to its place in the patient.

usage: patient.py SEG.dcm LABELS GRID.json
LABELS   one byte a voxel, [z][y][x] in patient order (x left, y back, z head)
GRID     {"counts": [x, y, z], "spacing": [x, y, z], "origin": [x, y, z], "values": {"segment label": label value}}
"""
import json
import sys

import numpy
import pydicom

seg = pydicom.dcmread(sys.argv[1])
grid = json.load(open(sys.argv[3]))
counts, spacing, origin = (numpy.array(grid[k], float) for k in ("counts", "spacing", "origin"))
x, y, z = grid["counts"]
expected = numpy.fromfile(sys.argv[2], numpy.uint8).reshape(z, y, x)
got = numpy.zeros_like(expected)

values = {s.SegmentNumber: grid["values"][s.SegmentLabel] for s in seg.SegmentSequence}
shared = seg.SharedFunctionalGroupsSequence[0]
orientation = numpy.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
row_spacing, column_spacing = (float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing)
row, column = numpy.mgrid[0:seg.Rows, 0:seg.Columns]
for frame, group in zip(seg.pixel_array, seg.PerFrameFunctionalGroupsSequence):
    position = numpy.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
    at = position + column[..., None] * column_spacing * orientation[:3] + row[..., None] * row_spacing * orientation[3:]
    index = (at - origin) / spacing
    whole = numpy.rint(index).astype(int)
    assert abs(index - whole).max() < 1e-3, "off the grid"
    i = whole[frame == 1]
    assert (got[i[:, 2], i[:, 1], i[:, 0]] == 0).all(), "two segments at one voxel"
    got[i[:, 2], i[:, 1], i[:, 0]] = values[group.SegmentIdentificationSequence[0].ReferencedSegmentNumber]

differing = int((got != expected).sum())
assert differing == 0, f"{differing} voxels differ"
print(f"{int((got > 0).sum())} voxels at their places")
