#!/usr/bin/python3
"""mask.py SEG SERIES LABELS: unpacks a SEG with pydicom and compares it, voxel for voxel, with our label volume.

SERIES is a folder with the source slices. LABELS is raw uint8 [slice][row][column] in the order given by LABELS.json:
{"slices": [SOP Instance UIDs in order], "values": {"1": "liver", ...}}. A frame belongs to the source slice with the same
ImagePositionPatient, which is compared with the referenced instance too. Prints JSON: {"segments", "frames", "voxels", "wrong"}.
"""
import json
import pathlib
import sys

import numpy as np
import pydicom


def main(seg_path, series, labels_path):
    seg = pydicom.dcmread(seg_path)
    index = json.loads(pathlib.Path(labels_path + ".json").read_text())
    position = {}
    shape = None
    for path in pathlib.Path(series).rglob("*"):
        if path.is_file():
            ds = pydicom.dcmread(path, stop_before_pixels=True)
            position[tuple(float(v) for v in ds.ImagePositionPatient)] = (ds.SOPInstanceUID, [float(v) for v in ds.ImageOrientationPatient])
            shape = (ds.Rows, ds.Columns)
    order = {uid: i for i, uid in enumerate(index["slices"])}
    ours = np.fromfile(labels_path, np.uint8).reshape(len(order), *shape)
    frames = seg.pixel_array
    frames = frames[None] if frames.ndim == 2 else frames
    names = {int(s.SegmentNumber): s.SegmentLabel for s in seg.SegmentSequence}
    theirs = {n: np.zeros(ours.shape, np.uint8) for n in names}
    shared_orientation = [float(v) for v in seg.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient]
    for frame, group in zip(frames, seg.PerFrameFunctionalGroupsSequence):
        at = tuple(float(v) for v in group.PlanePositionSequence[0].ImagePositionPatient)
        uid, orientation = position[at]
        referenced = group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        assert referenced == uid, "the frame's position and its referenced instance are different slices"
        assert np.allclose(orientation, shared_orientation, atol=1e-6), "orientation differs from the source"
        theirs[int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)][order[uid]] |= frame
    wrong = 0
    by_segment = {v["segment"]: [] for v in index["values"].values()}
    for value, entry in index["values"].items():
        by_segment[entry["segment"]].append(int(value))
    for name, values in by_segment.items():
        mine = np.isin(ours, values)
        number = next((n for n, label in names.items() if label == name), None)
        his = theirs[number].astype(bool) if number is not None else np.zeros_like(mine)
        wrong += int((mine != his).sum())
    print(json.dumps({"segments": len(names), "frames": len(frames), "voxels": int(sum(np.isin(ours, v).sum() for v in by_segment.values())), "wrong": wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
