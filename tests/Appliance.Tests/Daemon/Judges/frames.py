"""What pydicom finds in each frame of a multi-frame image, in the order in which a page shows them.

  frames.py FILE CENTRE WIDTH

Prints a list of frames, each a list of greys (0 to 255 through the window) of a grid of 16 x 16 pixels, row by row; of images in colour
red, green and blue of each, without a window.
"""
import json
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixel_data_handlers.util import convert_color_space

warnings.simplefilter("ignore")  # of old files; only what is printed counts
image = pydicom.dcmread(sys.argv[1])
centre, width = float(sys.argv[2]), float(sys.argv[3])
pixels = image.pixel_array.astype(np.float64)
if image.PhotometricInterpretation.startswith("YBR"):
    pixels = np.stack([convert_color_space(frame, "YBR_FULL", "RGB") for frame in image.pixel_array]).astype(np.float64)


def group(number, name):
    """The functional group of a frame, from 0: its own before the shared one."""
    for groups in (image.get("PerFrameFunctionalGroupsSequence", [])[number:number + 1], image.get("SharedFunctionalGroupsSequence", [])):
        for each in groups:
            if name in each:
                return each[name][0]
    return None


frames = []
for i in range(int(image.NumberOfFrames)):
    values, place = pixels[i], 0.0
    rescaling = group(i, "PixelValueTransformationSequence")
    if rescaling is not None:
        values = values * float(rescaling.RescaleSlope) + float(rescaling.RescaleIntercept)
    position, orientation = group(i, "PlanePositionSequence"), group(i, "PlaneOrientationSequence")
    if position is not None and orientation is not None:
        along = np.array(orientation.ImageOrientationPatient, float)
        place = float(np.dot(np.cross(along[:3], along[3:]), np.array(position.ImagePositionPatient, float)))
    shown = values if image.SamplesPerPixel == 3 else np.clip((values - (centre - width / 2)) * 255 / width, 0, 255)[..., None]
    rows = [(2 * k + 1) * shown.shape[0] // 32 for k in range(16)]
    columns = [(2 * k + 1) * shown.shape[1] // 32 for k in range(16)]
    frames.append((round(place, 4), i, [round(float(each), 2) for row in rows for column in columns for each in shown[row, column]]))

print(json.dumps([each[2] for each in sorted(frames, key=lambda each: each[:2])]))
