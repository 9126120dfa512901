#!/usr/bin/python3
"""dice.py SEG SERIES LABELS.nii.gz: Dice of a SEG's segments against TotalSegmentator's labels of ct-abdomen-20 (pydicom + nibabel).

Voxel (i, j, k) of the labels belongs to column i, row 511-j of the k-th slice in order of ascending z (data/README.md).
Prints JSON {segment label: dice}.
"""
import json
import pathlib
import sys

import nibabel
import numpy as np
import pydicom

# TotalSegmentator's numbers by SNOMED CT code of the segment's type and its modifier; bones and lungs are many labels there.
NUMBERS = {("10200004", None): ("liver", 5), ("78961009", None): ("spleen", 1), ("15825003", None): ("aorta", 52), ("69695003", None): ("stomach", 6),
           ("64033007", "24028007"): ("kidney_right", 2), ("64033007", "7771000"): ("kidney_left", 3)}


def code_of(segment):
    kind = segment.SegmentedPropertyTypeCodeSequence[0]
    modifier = kind.get("SegmentedPropertyTypeModifierCodeSequence") or segment.get("SegmentedPropertyTypeModifierCodeSequence")
    return kind.CodeValue, modifier[0].CodeValue if modifier else None


def main(seg_path, series, labels_path):
    seg = pydicom.dcmread(seg_path)
    z = sorted({float(pydicom.dcmread(p, stop_before_pixels=True).ImagePositionPatient[2]) for p in pathlib.Path(series).iterdir()})
    truth = np.asarray(nibabel.load(labels_path).dataobj)  # [i, j, k]
    truth = np.transpose(truth, (2, 1, 0))[:, ::-1, :]     # [slice, row, column]
    masks = {int(s.SegmentNumber): np.zeros(truth.shape, bool) for s in seg.SegmentSequence}
    for frame, group in zip(seg.pixel_array, seg.PerFrameFunctionalGroupsSequence):
        k = z.index(float(group.PlanePositionSequence[0].ImagePositionPatient[2]))
        masks[int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)][k] |= frame.astype(bool)
    out = {}
    for s in seg.SegmentSequence:
        if code_of(s) in NUMBERS:
            name, number = NUMBERS[code_of(s)]
            mask, want = masks[int(s.SegmentNumber)], truth == number
            if want.any():
                out[name] = round(2 * float((mask & want).sum()) / float(mask.sum() + want.sum()), 4)
    print(json.dumps(out))


if __name__ == "__main__":
    main(*sys.argv[1:4])
