"""Judges a phantom series by pydicom and its truth by the MetaImage header alone. usage: judge_series.py FOLDER SLICE_MM PIXEL_MM

Prints the mean HU of bone and of lung, looked up at the patient coordinates of the truth's voxels in the DICOM files.
"""
import glob
import json
import sys
import numpy as np
import pydicom

folder, slice_mm, pixel_mm = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
slices = [pydicom.dcmread(f) for f in sorted(glob.glob(folder + "/*.dcm"))]
row, column = (np.array(slices[0].ImageOrientationPatient[i:i + 3], float) for i in (0, 3))
normal = np.cross(row, column)
assert len({d.SeriesInstanceUID for d in slices}) == 1 and len({d.SOPInstanceUID for d in slices}) == len(slices)
assert [int(d.InstanceNumber) for d in slices] == list(range(1, len(slices) + 1))
assert all(float(d.PixelSpacing[0]) == pixel_mm == float(d.PixelSpacing[1]) for d in slices)
along = np.array([np.dot(normal, np.array(d.ImagePositionPatient, float)) for d in slices])
assert np.allclose(np.abs(np.diff(along)), slice_mm, atol=1e-4), np.diff(along)
assert len(set(np.sign(np.diff(along)))) == 1
order = np.argsort(along)
hu = np.stack([slices[i].pixel_array * float(slices[i].RescaleSlope) + float(slices[i].RescaleIntercept) for i in order])
first = np.array(slices[order[0]].ImagePositionPatient, float)

head = dict(line.split(" = ", 1) for line in open(folder + "/truth/labels.mhd").read().splitlines() if " = " in line)
size = [int(n) for n in head["DimSize"].split()]
spacing, offset = (np.array(head[k].split(), float) for k in ("ElementSpacing", "Offset"))
axes = np.array(head["TransformMatrix"].split(), float).reshape(3, 3)
assert abs(np.linalg.det(axes) - 1) < 1e-6
labels = np.fromfile(folder + "/truth/" + head["ElementDataFile"], np.uint8).reshape(size[::-1])
classes = {name: int(number) for number, name in json.load(open(folder + "/truth/truth.json"))["classes"].items()}
for name in ("bone", "lung", "liver"):
    k, j, i = np.where(labels == classes[name])
    place = offset + (np.stack([i, j, k], 1) * spacing) @ axes
    back = np.stack([(place - first) @ normal / slice_mm, (place - first) @ column / pixel_mm, (place - first) @ row / pixel_mm])
    at = np.rint(back).astype(int)
    assert np.abs(back - at).max() < 1e-3
    print(name, len(k), round(float(hu[at[0], at[1], at[2]].mean())) if len(k) else "-")
