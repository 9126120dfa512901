"""How much of one picture is the same in another: size of the first, share of its pixels that are equal, share of those that are dark."""
import sys

import numpy
import PIL.Image

first, second = (numpy.asarray(PIL.Image.open(name).convert("RGB")).astype(int) for name in sys.argv[1:3])
same = (numpy.abs(first - second).max(axis=2) <= 2).mean() if first.shape == second.shape else 0
print(first.shape[1], first.shape[0], round(float(same), 5), round(float((first.max(axis=2) < 32).mean()), 5))
