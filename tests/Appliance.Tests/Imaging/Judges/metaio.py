"""Judge of MetaIO images: read by their headers as ITK does, compared with the DICOM slices through pydicom.

usage: metaio.py FOLDER mhd|mha SOURCES LABELS
SOURCES  DICOM files whose names are in order along the normal
LABELS   one byte a voxel, [slice][row][column]
"""
import glob
import os
import sys

import numpy
import pydicom

TYPES = {"MET_SHORT": numpy.dtype("<i2"), "MET_UCHAR": numpy.dtype("u1")}


def read(path):
    """Header as a dictionary, and the array [z][y][x]. The key ElementDataFile ends the header (MetaIO's documentation)."""
    content, header, at = open(path, "rb").read(), {}, 0
    while "ElementDataFile" not in header:
        end = content.index(b"\n", at)
        key, value = content[at:end].decode("ascii").split("=", 1)
        header[key.strip()], at = value.strip(), end + 1
    data = content[at:] if header["ElementDataFile"] == "LOCAL" else open(
        os.path.join(os.path.dirname(path), header["ElementDataFile"]), "rb").read()
    size = [int(n) for n in header["DimSize"].split()]
    return header, numpy.frombuffer(data, TYPES[header["ElementType"]]).reshape(size[::-1])


folder, form = sys.argv[1:3]
files = [pydicom.dcmread(path) for path in sorted(glob.glob(sys.argv[3] + "/*"))]
hu = numpy.stack([f.pixel_array.astype(float) * float(f.RescaleSlope) + float(f.RescaleIntercept) for f in files])
labels = numpy.fromfile(sys.argv[4], numpy.uint8).reshape(hu.shape)
for name, wanted in (("volume", numpy.round(hu)), ("labels", labels)):
    header, array = read(os.path.join(folder, f"{name}.{form}"))
    assert (header["ObjectType"], header["NDims"], header["BinaryData"], header["CompressedData"]) == ("Image", "3", "True", "False")
    assert array.shape == wanted.shape and (array == wanted).all(), name

    # ITK: a point is offset + sum over the axes of index * spacing * direction; a line of the matrix is one axis' direction.
    numbers = {key: numpy.array([float(n) for n in header[key].split()]) for key in ("TransformMatrix", "Offset", "ElementSpacing")}
    directions = numbers["TransformMatrix"].reshape(3, 3)
    for k in (0, len(files) // 2, len(files) - 1):
        for y, x in ((0, 0), (3, 5)):
            ours = numbers["Offset"] + (numpy.array([x, y, k]) * numbers["ElementSpacing"]) @ directions
            o = numpy.array(files[k].ImageOrientationPatient, float)
            spacing = [float(s) for s in files[k].PixelSpacing]
            theirs = numpy.array(files[k].ImagePositionPatient, float) + x * spacing[1] * o[:3] + y * spacing[0] * o[3:]
            assert numpy.abs(ours - theirs).max() < 1e-3, (name, k, ours, theirs)
print("ok", hu.shape, int((labels > 0).sum()), "labelled voxels")
