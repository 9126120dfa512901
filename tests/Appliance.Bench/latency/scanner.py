"""A scanner that sends at an even pace over one association and knows when its last C-STORE was answered (PS3.7, PS3.8)."""
import pathlib
import re
import socket
import struct
import threading
import time

CT, IMPLICIT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
PDU_BYTES = 1 << 17
# (0000,0900) Status, of success.
SUCCESS = struct.pack("<HHIH", 0, 0x0900, 2, 0)


class Slices:
    """DICOM files of one CT series in memory, which can be given new UIDs of the same length."""

    def __init__(self, folder):
        self.files = []
        for path in pathlib.Path(folder).iterdir():
            raw = path.read_bytes()
            meta = 144 + struct.unpack("<I", raw[140:144])[0]
            data = raw[meta:]
            self.files.append((float(value(data, 0x0020, 0x0032).split("\\")[2]), data))
        self.files.sort(key=lambda each: each[0])
        self.bytes = sum(len(data) for _, data in self.files)

    def renamed(self, run):
        """(SOP Instance UID, data set) of each slice, in order, as another study."""
        sent = []
        for _, data in self.files:
            for group, element in ((0x0020, 0x000D), (0x0020, 0x000E), (0x0008, 0x0018)):
                old = value(data, group, element)
                # An object UID as long as the old one: everything in front of it keeps its length field.
                new = old[:-9] + f"{run % 10**4:04d}" + old[-5:]
                data = data.replace(old.encode(), new.encode())
            sent.append((value(data, 0x0008, 0x0018), data))
        return sent


def value(data, group, element):
    """A short explicit little endian value from the header."""
    tag = struct.pack("<HH", group, element)
    match = re.search(re.escape(tag) + rb"[A-Z]{2}(..)", data[:65536], re.S)
    length = struct.unpack("<H", match.group(1))[0]
    return data[match.end():match.end() + length].decode().rstrip("\0 ")


class Scanner(threading.Thread):
    """Sends the slices when started; `last_response` is the wall clock of the last answer, `latencies` all waits for one."""

    def __init__(self, port, slices, rate, release=True, called="APPLIANCE"):
        super().__init__(daemon=True)
        self.port, self.slices, self.rate, self.release, self.called = port, slices, rate, release, called
        self.latencies, self.failure, self.first_sent, self.last_response = [], None, None, None
        self.done = threading.Event()
        self.let_go = threading.Event()

    def run(self):
        try:
            self.send()
        except Exception as failure:  # told to who started the thread
            self.failure = failure
        self.done.set()

    def send(self):
        with socket.create_connection(("127.0.0.1", self.port)) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.sendall(associate(self.called))
            kind, _ = receive(link)
            if kind != 2:
                raise RuntimeError(f"association not accepted: PDU {kind}")
            begin = time.monotonic()
            for number, (uid, data) in enumerate(self.slices):
                wait = begin + number / self.rate - time.monotonic() if self.rate else 0
                if wait > 0:
                    time.sleep(wait)
                sent = time.monotonic()
                self.first_sent = self.first_sent or time.time()
                link.sendall(pdv(3, command(uid, number + 1)))
                for at in range(0, len(data), PDU_BYTES - 6):
                    link.sendall(pdv(2 if at + PDU_BYTES - 6 >= len(data) else 0, data[at:at + PDU_BYTES - 6]))
                kind, answer = receive(link)
                self.last_response = time.time()
                self.latencies.append(time.monotonic() - sent)
                if kind != 4 or SUCCESS not in answer:
                    raise RuntimeError(f"C-STORE not accepted: PDU {kind}, {answer!r}")
            self.done.set()
            if not self.release:
                self.let_go.wait()
            link.sendall(struct.pack(">BxI", 5, 4) + bytes(4))
            receive(link)


def receive(link):
    kind, length = struct.unpack(">BxI", exactly(link, 6))
    return kind, exactly(link, length)


def exactly(link, count):
    got = b""
    while len(got) < count:
        part = link.recv(count - len(got))
        if not part:
            raise RuntimeError("the connection was closed")
        got += part
    return got


def item(kind, content):
    return struct.pack(">BxH", kind, len(content)) + content


def associate(called):
    context = item(0x20, bytes([1, 0, 0, 0]) + item(0x30, CT.encode()) + item(0x40, EXPLICIT.encode()))
    user = item(0x50, item(0x51, struct.pack(">I", PDU_BYTES)) + item(0x52, b"1.2.3.4"))
    body = struct.pack(">HH16s16s32x", 1, 0, called.ljust(16).encode(), b"SCANNER".ljust(16)) + item(
        0x10, b"1.2.840.10008.3.1.1.1") + context + user
    return struct.pack(">BxI", 1, len(body)) + body


def command(uid, message):
    """C-STORE-RQ (PS3.7 9.3.1.1), implicit little endian."""
    def element(number, content):
        return struct.pack("<HHI", 0, number, len(content)) + content

    def padded(text):
        return text.encode() + bytes(len(text) % 2)
    body = element(0x0002, padded(CT)) + element(0x0100, struct.pack("<H", 1)) + element(0x0110, struct.pack("<H", message)) + element(
        0x0700, struct.pack("<H", 0)) + element(0x0800, struct.pack("<H", 0)) + element(0x1000, padded(uid))
    return element(0, struct.pack("<I", len(body))) + body


def pdv(flags, content):
    """One P-DATA-TF of context 1; flags: 1 command, 2 last fragment (PS3.8 E.2)."""
    return struct.pack(">BxIIBB", 4, len(content) + 6, len(content) + 2, 1, flags) + content
