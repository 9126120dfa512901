"""Judge of a presentation state: its polylines, filled by the even-odd rule, are the labels but for half a pixel at their borders.

usage: gsps.py GSPS.dcm LABELS EXPECT.json
LABELS   one byte a voxel, [slice][row][column]
EXPECT   {"rows", "columns", "slices": ["instance uid"], "organs": {"LAYER": value}, "slope", "intercept", "window": [centre, width]}
"""
import json
import sys

import numpy
import pydicom

state = pydicom.dcmread(sys.argv[1])
expect = json.load(open(sys.argv[3]))
rows, columns, slices = expect["rows"], expect["columns"], expect["slices"]
labels = numpy.fromfile(sys.argv[2], numpy.uint8).reshape(len(slices), rows, columns)

assert state.Modality == "PR" and state.PresentationLUTShape == "IDENTITY"
assert (float(state.RescaleSlope), float(state.RescaleIntercept)) == (expect["slope"], expect["intercept"])
window = state.SoftcopyVOILUTSequence[0]
assert [float(window.WindowCenter), float(window.WindowWidth)] == expect["window"]
area = state.DisplayedAreaSelectionSequence[0]
assert list(area.DisplayedAreaBottomRightHandCorner) == [columns, rows]
referenced = [i.ReferencedSOPInstanceUID for s in state.ReferencedSeriesSequence for i in s.ReferencedImageSequence]
assert referenced == slices
layers = {layer.GraphicLayer for layer in state.GraphicLayerSequence}
assert set(expect["organs"]) <= layers and len(layers) == len(state.GraphicLayerSequence)

masks = {}
centres_x, centres_y = numpy.meshgrid(numpy.arange(columns) + 0.5, numpy.arange(rows) + 0.5)
points = 0
for annotation in state.GraphicAnnotationSequence:
    assert annotation.GraphicLayer in layers
    if "ReferencedImageSequence" not in annotation:
        continue
    key = (slices.index(annotation.ReferencedImageSequence[0].ReferencedSOPInstanceUID), annotation.GraphicLayer)
    inside = masks.setdefault(key, numpy.zeros((rows, columns), bool))
    for graphic in annotation.GraphicObjectSequence:
        assert (graphic.GraphicAnnotationUnits, graphic.GraphicType) == ("PIXEL", "POLYLINE")
        line = numpy.array(graphic.GraphicData, float).reshape(-1, 2)
        assert len(line) == graphic.NumberOfGraphicPoints and (line[0] == line[-1]).all()
        points += len(line)
        for (ax, ay), (bx, by) in zip(line[:-1], line[1:]):
            if ay != by:
                crosses = (ay <= centres_y) != (by <= centres_y)
                inside ^= crosses & (centres_x < ax + (centres_y - ay) * (bx - ax) / (by - ay))

worst = 1.0
for name, value in expect["organs"].items():
    both = either = 0
    for k in range(len(slices)):
        mask, drawn = labels[k] == value, masks.get((k, name), numpy.zeros((rows, columns), bool))
        padded = numpy.pad(mask, 1, mode="edge")
        around = numpy.stack([padded[y:y + rows, x:x + columns] for y in range(3) for x in range(3)])
        border = around.any(0) & ~around.all(0)
        border[[0, -1]], border[:, [0, -1]] = True, True
        assert not ((mask != drawn) & ~border).any(), f"{name}, slice {k}: wrong away from its border"
        both, either = both + 2 * (mask & drawn).sum(), either + mask.sum() + drawn.sum()
    worst = min(worst, both / either)
assert worst > 0.95, worst
print("ok", len(masks), "outlines,", points, "points, worst Dice", round(float(worst), 4))
