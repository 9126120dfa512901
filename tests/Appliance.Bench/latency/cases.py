"""The cases of `make bench-latency`. A new one is a line here."""
from dataclasses import dataclass, field


@dataclass
class Case:
    name: str
    share: float = 1.0                    # of RUNS; at least one run
    rate: float = 20                      # slices/s of each scanner
    scanners: int = 1
    slices: int = 300
    thickness: float = 2                  # mm; 600 mm on a grid of 3 mm: the network runs 200 times, on both sides
    release: bool = True                  # the association is released after the last slice; else silence decides
    app: str = "bench-u2d256"
    settings: dict = field(default_factory=dict)
    memory: bool = False                  # reported is the memory for each slice in flight
    budget_s: float = 2                   # from the evidence for the end; as in settings
    evidence_s: float = 0.5               # beside the budget from the last slice on: a release must have held for a quarter of a second
    about: str = ""


CASES = [
    Case("overlap-20", about="the goal: p50 300 ms, p99 800 ms"),
    Case("overlap-20-open", 0.2, release=False, evidence_s=2.5, about="quiet time decides; counted from the decision"),
    Case("no-overlap-20", 0.2, settings={"analysis": "overlap = false\nladder = false"}, about="all after the last slice, in full"),
    Case("ct-organs-20", 0.4, app="ct-organs", about="the app that ships"),
    Case("two-scanners-60", 5 / 3, rate=60, scanners=2, thickness=3.3, budget_s=1.5, settings={"analysis": "budget_s = 1.5"},
         about="the ladder holds the budget; 330 network slices each"),
    Case("two-scanners-60-no-ladder", 0.2, rate=60, scanners=2, thickness=3.3, budget_s=1.5,
         settings={"analysis": "ladder = false\nbudget_s = 1.5"}, about="must miss"),
    Case("memory-1200", 0.03, rate=60, slices=1200, thickness=0.5, app="ct-organs", memory=True, about="1200 slices; MiB for each"),
]
