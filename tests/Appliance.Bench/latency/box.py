"""An appliance of the published binaries and a receiver (dcmtk storescp) for one case of the benchmark."""
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

SEGMENTATION = b"1.2.840.10008.5.1.4.1.1.66.4"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def name_of(uid):
    """A folder of the journal."""
    return hashlib.sha256(uid.encode()).hexdigest()[:32]


class Box:
    def __init__(self, binaries, folder, apps, settings):
        """settings: TOML lines by section, e.g. {"analysis": "overlap = false"}."""
        self.folder = pathlib.Path(folder)
        shutil.rmtree(folder, ignore_errors=True)
        self.received = self.folder / "received"
        self.received.mkdir(parents=True)
        self.port, receiver = free_port(), free_port()
        sections = "\n".join(f"[{name}]\n{lines}\n" for name, lines in settings.items())
        (self.folder / "appliance.toml").write_text(f"""data_dir = "{self.folder}/data"
runtime_dir = "{self.folder}"
apps_dir = "{apps}"

[listener]
address = "127.0.0.1"
port = {self.port}

[disk]
refuse_below_free_mib = 256

{sections}
[screen]
enabled = false

[[destination]]
name = "pacs"
ae_title = "PACS"
host = "127.0.0.1"
port = {receiver}
""")
        log = open(self.folder / "receiver.log", "w")
        self.storescp = subprocess.Popen(["storescp", "-pdu", "131072", "-od", self.received, "+B", "+xa", "-aet", "PACS", str(receiver)], stdout=log,
                                         stderr=log, env={**os.environ, "TCP_NODELAY": "1"})
        self.ctl, self.ready = binaries / "appliancectl", self.folder / "ready"
        log = open(self.folder / "appliance.log", "w")
        self.process = subprocess.Popen([binaries / "appliance", "--settings", self.folder / "appliance.toml", "--ready-file", self.ready], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.until(self.ready.exists, "appliance", 60)
        self.until(self.takes_objects, "self-test", 120)

    def takes_objects(self):
        answer = subprocess.run([self.ctl, "status", "--json", "--socket", self.folder / "appliance.sock"], capture_output=True, text=True)
        status = json.loads(answer.stdout) if answer.stdout.startswith("{") else {}
        return status.get("device") in ("Ready", "Degraded") and [a for a in status.get("apps", []) if a["ready"]]

    def until(self, condition, what, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            if self.process.poll() is not None:
                raise RuntimeError(f"{what}: the appliance ended with {self.process.returncode}, see {self.folder}/appliance.log")
            time.sleep(0.002)
        raise RuntimeError(f"{what}: not within {seconds} s, see {self.folder}/appliance.log")

    def cpu_s(self):
        """Processor time of the process so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mib(self, field="VmRSS"):
        """Resident, all of it; RssAnon: without pages of files, most of them code (proc(5))."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024

    def accepted(self, study_uid):
        """Wall clock at which the receiver had accepted each object of the study, by its path in the journal (docs/decisions/0006)."""
        log = self.study(study_uid) / "sent-pacs.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return {path: datetime.datetime.fromisoformat(when[:26] + "+00:00").timestamp()
                for path, status, when in (line.split(" ") for line in lines) if status == "0000"}

    def segmentation_accepted(self, study_uid):
        for path, when in self.accepted(study_uid).items():
            if path.startswith("results-"):
                with open(self.study(study_uid) / path, "rb") as f:
                    if SEGMENTATION in f.read(1024):
                        return when
        return None

    def decided_after_s(self):
        """By series: seconds from its last slice to the decision that it is complete, and how long that was before it was analysed."""
        found = re.findall(r"AnalysisBegan: series (\w+) .*?, (\d+) ms after the last", (self.folder / "appliance.log").read_text())
        return {series: int(ms) / 1000 for series, ms in found}

    def not_analysed(self):
        """By series: why it is not."""
        found = re.findall(r"SeriesNotAnalysed: series (\w+) [^:]*: (.*)", (self.folder / "appliance.log").read_text())
        return dict(found)

    def rest(self, seconds):
        """Waits until the process takes less than a twentieth of a core, for that long at most."""
        end, before = time.monotonic() + seconds, self.cpu_s()
        while time.monotonic() < end:
            time.sleep(0.5)
            before, used = self.cpu_s(), self.cpu_s() - before
            if used < 0.025:
                return

    def give_back(self, most, seconds):
        """Waits until the process is no larger than that in each field, for so long at most, and then until it has settled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(self.rss_mib(field) > mib for field, mib in most.items()):
            time.sleep(0.5)
        self.settle(end - time.monotonic())

    def settle(self, seconds, least_s=6):
        """Waits until the process has not become smaller for `least_s` seconds, for so long at most: it has given back what it will."""
        end, least, since = time.monotonic() + seconds, self.rss_mib(), time.monotonic()
        while time.monotonic() < min(end, since + least_s):
            time.sleep(0.5)
            if self.rss_mib() < least - 0.5:
                least, since = self.rss_mib(), time.monotonic()

    def rungs(self):
        """Slices by rung of the ladder, from `appliancectl latency`."""
        answer = subprocess.run([self.ctl, "latency", "--json", "--socket", self.folder / "appliance.sock"], capture_output=True, text=True)
        return json.loads(answer.stdout).get("rungs", {}) if answer.stdout.startswith("{") else {}

    def identical(self, slices):
        """How many of the slices the receiver has, byte for byte."""
        same = 0
        for uid, data in slices:
            path = self.received / f"CT.{uid}"
            raw = path.read_bytes() if path.exists() else b""
            same += len(raw) > 144 and raw[144 + struct.unpack("<I", raw[140:144])[0]:] == data
        return same

    def study(self, uid):
        return self.folder / "data/journal" / name_of(uid)

    def stop(self):
        for process in (self.process, self.storescp):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in (self.process, self.storescp):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
