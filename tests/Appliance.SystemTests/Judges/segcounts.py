"""Voxels of each segment on each slice, as pydicom reads them. usage: segcounts.py SEG.dcm -> {"instance uid": {"label": voxels}}"""
import json
import sys

import pydicom

seg = pydicom.dcmread(sys.argv[1])
names = {item.SegmentNumber: item.SegmentLabel for item in seg.SegmentSequence}
counts = {}
for frame, group in zip(seg.pixel_array, seg.PerFrameFunctionalGroupsSequence):
    instance = group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
    name = names[group.SegmentIdentificationSequence[0].ReferencedSegmentNumber]
    if frame.any():
        counts.setdefault(instance, {})[name] = int(frame.sum())
print(json.dumps(counts))
