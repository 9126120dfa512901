"""Writes the arrival traces beside it: a paced scanner of 20 slices a second, with the jitter of a seeded generator.

Lines: MS ASSOCIATION VERB ...
  begin | end | close                      an object begins to arrive, was given up, the association ended
  slice SERIES NAME Z [key=value ...]      stored; y=, tilt= (degrees), patient=, pixels=, acquisition=N/OF
  step SERIES NAME,NAME,...                a performed procedure step was completed and lists these
  = MS SERIES SLICES "RULES" | GATE        expected: decided at that time, by these rules; what the geometry gate says of it
"""
import random
from pathlib import Path

HERE = Path(__file__).parent
STEP_MS = 50


class Trace:
    def __init__(self, name, what):
        self.name, self.lines, self.expected, self.what = name, [], [], what
        self.random = random.Random(name)
        self.now = 0

    def slice(self, series, name, z, association=1, wait=STEP_MS, **more):
        self.now += wait if not self.lines else max(1, wait + self.random.randint(-5, 5))
        self.lines.append(f"{self.now - 3} {association} begin")
        rest = "".join(f" {key}={value}" for key, value in more.items())
        self.lines.append(f"{self.now} {association} slice {series} {name} {z:g}{rest}")

    def add(self, text, association=1, wait=0):
        self.now += wait
        self.lines.append(f"{self.now} {association} {text}")

    def expect(self, after, series, slices, rules, gate):
        self.expected.append(f"= {self.now + after} {series} {slices} \"{rules}\" | {gate}")

    def mark(self):
        """Expectations stand where they happen."""
        self.lines += self.expected
        self.expected = []

    def write(self):
        self.mark()
        (HERE / f"{self.name}.trace").write_text(f"# {self.what}\n" + "\n".join(self.lines) + "\n")


def in_order(trace, series, count, first=0, **more):
    for k in range(count):
        trace.slice(series, f"{series}{first + k}", 2 * (first + k), **more)


t = Trace("released", "24 slices in order, then the association is released")
in_order(t, "A", 24)
t.add("close", wait=2)
t.expect(100, "A", 24, "association released + quiet", "taken")
t.write()

t = Trace("random-order", "the same in random order")
order = list(range(24))
t.random.shuffle(order)
for k in order:
    t.slice("A", f"A{k}", 2 * k)
t.add("close", wait=2)
t.expect(100, "A", 24, "association released + quiet", "taken")
t.write()

t = Trace("open-association", "the association stays open and silent: two seconds decide")
in_order(t, "A", 24)
t.expect(2000, "A", 24, "quiet", "taken")
t.write()

t = Trace("duplicates", "three slices come again under other names, with the same pixels")
in_order(t, "A", 24)
for k in (3, 4, 23):
    t.slice("A", f"again{k}", 2 * k, pixels=f"A{k}")
t.add("close", wait=2)
t.expect(100, "A", 27, "association released + quiet", "taken, duplicate: 3 images set aside")
t.write()

t = Trace("other-pixels", "one slice comes again under another name, with other pixels")
in_order(t, "A", 24)
t.slice("A", "other", 8)
t.add("close", wait=2)
t.expect(100, "A", 25, "association released + quiet", "refused, two at one place")
t.write()

t = Trace("late-gap", "slice 10 is missing when the association is released; it comes five seconds later over another one")
for k in range(24):
    if k != 10:
        t.slice("A", f"A{k}", 2 * k)
t.expect(318, "A", 23, "association released + quiet", "refused, gap")
t.add("close", wait=2)
t.mark()
t.slice("A", "A10", 20, association=2, wait=5000)
t.expect(10000, "A", 24, "association released + quiet", "taken")
t.add("close", association=2, wait=2)
t.write()

t = Trace("interleaved", "two series of one study alternate on one association: that one goes on proves nothing of the other")
for k in range(24):
    t.slice("A", f"A{k}", 2 * k)
    t.slice("B", f"B{k}", 2 * k)
t.add("close", wait=2)
t.expect(100, "B", 24, "association released + quiet", "taken")
t.expect(100, "A", 24, "association released + quiet", "taken")
t.write()

t = Trace("one-after-the-other", "the association goes on with another series of the study")
in_order(t, "A", 24)
t.expect(225, "A", 24, "next series begun + quiet", "taken")
in_order(t, "B", 24)
t.add("close", wait=2)
t.expect(100, "B", 24, "association released + quiet", "taken")
t.write()

t = Trace("stall", "the scanner stalls for 30 s after 12 slices, its association open; then the rest comes")
in_order(t, "A", 12)
t.expect(2000, "A", 12, "quiet", "taken")
t.mark()
t.slice("A", "A12", 24, wait=30000)
in_order(t, "A", 11, first=13)
t.expect(10000, "A", 24, "quiet", "taken")
t.write()

t = Trace("other-patient", "from slice 12 on the images name another patient")
in_order(t, "A", 12)
in_order(t, "A", 12, first=12, patient="P2")
t.add("close", wait=2)
t.expect(100, "A", 24, "association released + quiet", "refused, other patient")
t.write()

t = Trace("tilt", "the gantry is tilted by 15 degrees")
in_order(t, "A", 24, tilt=15)
t.add("close", wait=2)
t.expect(100, "A", 24, "association released + quiet", "taken, gantry tilt: 15 degrees")
t.write()

t = Trace("counted", "each image says that its acquisition has 24; the association stays open")
for k in range(24):
    t.slice("A", f"A{k}", 2 * k, acquisition="1/24")
t.expect(225, "A", 24, "all images counted + quiet", "taken")
t.write()

t = Trace("step", "a performed procedure step is completed before its last two images have come")
in_order(t, "A", 22)
t.add("step A " + ",".join(f"A{k}" for k in range(24)), wait=10)
in_order(t, "A", 2, first=22)
t.expect(0, "A", 24, "procedure step completed", "taken")
t.write()
