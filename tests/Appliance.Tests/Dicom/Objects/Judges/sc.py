"""Judge of an annotated slice: pydicom decodes it, and pixels and place are compared with what it was made from.

usage: sc.py SC.dcm RGB SOURCE.dcm
"""
import sys

import numpy
import pydicom

sc = pydicom.dcmread(sys.argv[1])
source = pydicom.dcmread(sys.argv[3], stop_before_pixels=True)
rgb = numpy.fromfile(sys.argv[2], numpy.uint8).reshape(sc.Rows, sc.Columns, 3)
assert (sc.pixel_array == rgb).all()
for keyword in ("FrameOfReferenceUID", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "Rows", "Columns",
                "StudyInstanceUID", "PatientName", "PatientID"):
    assert sc[keyword].value == source[keyword].value, keyword
assert sc.SeriesInstanceUID != source.SeriesInstanceUID
assert sc.BurnedInAnnotation == "NO" and sc.ConversionType == "WSD"
assert sc.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
print("ok")
