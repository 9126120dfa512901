"""Runs the reference anatomy with its random draws recorded. usage: recorded.py PHANTOM.PY SEED FOLDER

Writes draws.f64 (each draw as a unit uniform or a standard normal), labels.u8, hu.f32 and classes.u8 for a replay by another program.
Two tissues that the reference names but never paints are left out, so that the numbers of the tissues are those of the replay.
"""
import sys
import numpy as np

source = open(sys.argv[1]).read()
for name in ("liverL ", "glut ", "liverL=1,", "S('liverL',li,3,5); ", "S('glut',mu); "):
    assert name in source, name
    source = source.replace(name, "", 1)
reference = {"__name__": "reference"}
exec(compile(source, sys.argv[1], "exec"), reference)


class Recorder:
    def __init__(self, seed):
        self.g, self.draws = np.random.Generator(np.random.PCG64(seed)), []

    def keep(self, unit):
        self.draws.append(np.atleast_1d(np.asarray(unit, np.float64)).ravel())
        return unit

    def random(self):
        return self.keep(self.g.random())

    def uniform(self, a, b):
        return a + (b - a) * self.keep(self.g.random())

    def standard_normal(self, shape):
        return self.keep(self.g.standard_normal(shape))

    def normal(self, mean, deviation, size=None):
        return mean + deviation * self.keep(self.g.standard_normal(size))

    def integers(self, low, high=None):
        low, high = (0, low) if high is None else (low, high)
        n = int(self.g.integers(low, high))
        self.keep((n - low + .5) / (high - low))
        return n

    def choice(self, n, p):
        i = int(self.g.choice(n, p=p))
        self.keep(sum(p[:i]) + p[i] / 2)
        return i


seed, folder = int(sys.argv[2]), sys.argv[3]
recorder = Recorder(seed)
np.random.default_rng = lambda _: recorder
labels = reference["Ph"](seed).L
hu, _ = reference["synth"](labels, recorder)
np.concatenate(recorder.draws).tofile(folder + "/draws.f64")
labels.tofile(folder + "/labels.u8")
hu.tofile(folder + "/hu.f32")
