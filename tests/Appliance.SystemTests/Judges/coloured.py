"""Share of colourful pixels in the left and the right half of the pictures of OHIF. usage: coloured.py SCREENSHOT.png -> [left, right]"""
import json
import sys

import numpy
import PIL.Image

pixels = numpy.asarray(PIL.Image.open(sys.argv[1]).convert("RGB")).astype(int)[110:830]
halves = pixels[:, 290:900], pixels[:, 930:1320]
print(json.dumps([float(((half.max(2) - half.min(2)) > 70).mean()) for half in halves]))
