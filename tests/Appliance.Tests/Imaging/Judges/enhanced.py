"""Makes an Enhanced CT (PS3.3 A.38) of classic slices with pydicom, frames in an order of its own, and judges a segmentation of it.

  enhanced.py make  FOLDER OUT native|encapsulated
  enhanced.py judge ENHANCED SEG
"""
import sys
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"


def item(**attributes):
    dataset = Dataset()
    for name, value in attributes.items():
        setattr(dataset, name, value)
    return Sequence([dataset])


def make(folder, out, form):
    slices = [pydicom.dcmread(path) for path in sorted(Path(folder).iterdir()) ]
    slices.sort(key=lambda each: float(each.ImagePositionPatient[2]))
    slices = [slices[(7 * i) % len(slices)] for i in range(len(slices))]  # 7 and 20 share no factor: every slice once
    first = slices[0]
    whole = Dataset()
    for tag in (0x00080005, 0x00080020, 0x00080030, 0x00080050, 0x00080060, 0x00080070, 0x00080090, 0x00100010, 0x00100020, 0x00100030,
                0x00100040, 0x0020000D, 0x00200010, 0x00200011, 0x00200052, 0x00201040, 0x00180015, 0x0008103E, 0x00081030, 0x00280002,
                0x00280004, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103):
        if tag in first:
            whole[tag] = first[tag]
    whole.StudyInstanceUID = first.StudyInstanceUID or generate_uid()
    whole.SOPClassUID = ENHANCED_CT
    whole.SOPInstanceUID = generate_uid()
    whole.SeriesInstanceUID = generate_uid()
    whole.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    whole.InstanceNumber = 1
    whole.NumberOfFrames = len(slices)
    shared = Dataset()
    shared.PixelMeasuresSequence = item(PixelSpacing=first.PixelSpacing, SliceThickness=first.get("SliceThickness", 2))
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=first.ImageOrientationPatient)
    shared.PixelValueTransformationSequence = item(
        RescaleSlope=first.RescaleSlope, RescaleIntercept=first.RescaleIntercept, RescaleType="HU")
    shared.CTImageFrameTypeSequence = item(FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"])
    whole.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for each in slices:
        frame = Dataset()
        frame.PlanePositionSequence = item(ImagePositionPatient=each.ImagePositionPatient)
        frame.FrameContentSequence = item(FrameAcquisitionNumber=1)
        frames.append(frame)
    whole.PerFrameFunctionalGroupsSequence = Sequence(frames)
    if form == "native":
        whole.PixelData = b"".join(each.pixel_array.astype("<i2" if first.PixelRepresentation else "<u2").tobytes() for each in slices)
        syntax = ExplicitVRLittleEndian
    else:
        whole.PixelData = encapsulate([next(generate_pixel_data_frame(each.PixelData, 1)) for each in slices])
        syntax = first.file_meta.TransferSyntaxUID
    whole["PixelData"].VR = "OW" if form == "native" else "OB"
    whole["PixelData"].is_undefined_length = form != "native"
    whole.file_meta = pydicom.dataset.FileMetaDataset()
    whole.file_meta.TransferSyntaxUID = syntax
    whole.is_little_endian, whole.is_implicit_VR = True, False
    whole.save_as(out, write_like_original=False)


def judge(source, segmentation):
    enhanced, seg = pydicom.dcmread(source, stop_before_pixels=True), pydicom.dcmread(segmentation)
    positions = [list(map(float, each.PlanePositionSequence[0].ImagePositionPatient)) for each in
                 enhanced.PerFrameFunctionalGroupsSequence]
    used = set()
    for frame in seg.PerFrameFunctionalGroupsSequence:
        reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
        number = int(reference.ReferencedFrameNumber)
        used.add(number)
        assert reference.ReferencedSOPInstanceUID == enhanced.SOPInstanceUID and reference.ReferencedSOPClassUID == ENHANCED_CT
        where = list(map(float, frame.PlanePositionSequence[0].ImagePositionPatient))
        assert max(abs(a - b) for a, b in zip(where, positions[number - 1])) < 1e-4, (where, positions[number - 1])
    assert len(used) > len(positions) // 2, used
    assert [each.ReferencedSOPInstanceUID for each in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence] == [
        enhanced.SOPInstanceUID]
    print(f"{len(seg.PerFrameFunctionalGroupsSequence)} frames refer to {len(used)} of {len(positions)} frames")


{"make": make, "judge": judge}[sys.argv[1]](*sys.argv[2:])
