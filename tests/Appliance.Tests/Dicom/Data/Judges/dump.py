#!/usr/bin/python3
"""Every element of many DICOM files as pydicom or dcmtk (dcm2xml) reads it, one line each.

    dump.py pydicom|dcmtk LIST OUT

LIST has one file name a line; OUT gets lines of five columns: number of the file in LIST, path, VR, value, raw. The path is tags in
hexadecimal with item numbers between them ("00081140.0.00081150"). The value is, by VR:
  text        values trimmed of spaces and NUL, joined by backslash; control characters, "%" and lone surrogates as %XXXX
  numbers     64-bit floating point as 16 hexadecimal digits, joined by backslash (DS and IS too)
  AT          tags in hexadecimal, joined by backslash
  bytes       sha1 of the little-endian bytes without NUL at the end
  fragments   "fragments" and the sha1 of each, basic offset table first
  sequence    number of items
raw is the sha1 of the value field as it stands in the file without spaces and NUL at its end, where the judge tells. A file that the
judge cannot read has one line with the path "error".
"""
import base64
import concurrent.futures
import hashlib
import struct
import subprocess
import sys
import warnings
import xml.etree.ElementTree

TEXT = "AE AS CS DA DT LO LT PN SH ST TM UC UI UR UT".split()
NUMBERS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}


def digest(value):
    return hashlib.sha1(value.rstrip(b"\0")).hexdigest()


def escaped(text):
    return "".join(f"%{ord(c):04X}" if ord(c) < 32 or c == "%" or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 else c for c in text)


def words(values):
    return "\\".join(escaped(str(value).strip(" \0")) for value in values)


def numbers(values):
    return "\\".join(struct.pack(">d", float(value)).hex().upper() for value in values)


def little(value, vr, is_big):
    size = WORDS.get(vr, 1)
    if not is_big or size == 1:
        return value
    whole = len(value) // size * size
    return b"".join(value[i:i + size][::-1] for i in range(0, whole, size)) + value[whole:]


def fragments(value, is_big):
    out, at = [], 0
    while at + 8 <= len(value):
        group, element, length = struct.unpack_from(">HHL" if is_big else "<HHL", value, at)
        if (group, element) != (0xFFFE, 0xE000):
            break
        out.append(hashlib.sha1(value[at + 8:at + 8 + length] + b"\0" * (length & 1)).hexdigest())
        at += 8 + length
    return "fragments " + " ".join(out)


def listed(value):
    from pydicom.multival import MultiValue
    return list(value) if isinstance(value, (MultiValue, list, tuple)) else [] if value is None or value == "" or value == b"" else [value]


def pydicom_value(element, is_big):
    vr = element.VR
    values = listed(element.value)
    if vr in ("DS", "IS"):
        try:
            return numbers(values)
        except (TypeError, ValueError):
            return words(values)
    if vr in NUMBERS:
        return numbers(values)
    if vr in TEXT:
        # A text value of one line with backslashes is one value to pydicom where the VR says so.
        return words(values)
    if vr == "AT":
        return "\\".join(f"{int(value):08X}" for value in values)
    if element.is_undefined_length:
        return fragments(element.value, is_big)
    return digest(little(element.value or b"", vr, is_big))


def pydicom_lines(path):
    import pydicom
    from pydicom.dataelem import RawDataElement
    from pydicom.filewriter import correct_ambiguous_vr_element

    def walk(dataset, prefix):
        for tag in sorted(dataset.keys()):
            raw = dataset.get_item(tag)
            # Some elements are converted before they are asked for: their bytes are known only where there are none.
            raw_value = (raw.value or b"") if isinstance(raw, RawDataElement) or not raw.value else None
            raw_digest = "" if raw_value is None else hashlib.sha1(raw_value.rstrip(b" \0")).hexdigest()
            name = f"{prefix}{int(tag):08X}"
            element = dataset[tag]
            if " or " in element.VR:
                element = correct_ambiguous_vr_element(element, dataset, is_little_endian=not is_big)
            if element.VR == "SQ":
                yield name, "SQ", str(len(element.value)), raw_digest
                for number, item in enumerate(element.value):
                    yield from walk(item, f"{name}.{number}.")
            else:
                yield name, element.VR, pydicom_value(element, is_big), raw_digest

    file = pydicom.dcmread(path, force=True)
    is_big = not file.is_little_endian
    yield from walk(file.file_meta, "")
    yield from walk(file, "")


def dcmtk_value(vr, node):
    text = "".join(chr(ord(c) - 0xE000) if 0xE000 <= ord(c) < 0xE020 else c for c in node.text or "")
    if node.get("binary"):
        # OW goes into base64 with the high byte first.
        return digest(little(base64.b64decode(text), vr, is_big=True) if vr == "OW" else base64.b64decode(text))
    values = text.split("\\") if vr not in ("LT", "ST", "UT", "UR") else [text] if text else []
    values = [] if text == "" else values
    if vr in ("DS", "IS") or vr in NUMBERS:
        try:
            values = [float(value) for value in values]
            return numbers(struct.unpack("<f", struct.pack("<f", value))[0] if vr == "FL" else value for value in values)
        except ValueError:
            return words(values)
    if vr == "AT":
        return "\\".join(value.strip("()").replace(",", "").upper() for value in values)
    if vr in ("OF", "OD", "OL", "OV"):
        code = {"OF": "f", "OD": "d", "OL": "L", "OV": "Q"}[vr]
        return digest(b"".join(struct.pack("<" + code, (int if code in "LQ" else float)(value)) for value in values))
    return words(values)


def dcmtk_xml(path):
    # +U8 fails for character sets that dcmtk does not know: their text is then taken as ISO 8859-1.
    for options in (["+U8", "+Ca", "latin-1"], ["-q"]):
        run = subprocess.run(["dcm2xml", *options, "+M", "+Wb", "+Eb", "-Wn", path], capture_output=True, check=False)
        if run.returncode == 0:
            # XML has no control characters: they travel as private ones.
            allowed = bytes(range(32)).translate(None, b"\t\n\r")
            text = b"".join(chr(0xE000 + c).encode() if c in allowed else bytes([c]) for c in run.stdout) \
                if any(c in run.stdout for c in allowed) else run.stdout
            return xml.etree.ElementTree.fromstring(text)
    raise ValueError((run.stderr or b"dcm2xml failed").decode(errors="replace").strip().splitlines()[-1])


def dcmtk_lines(path):
    def walk(node, prefix):
        for child in node:
            if child.tag not in ("element", "sequence"):
                continue
            vr = child.get("vr")
            name = prefix + child.get("tag").replace(",", "").upper()
            if child.tag == "element":
                raw = base64.b64decode(child.text or "").rstrip(b" \0") if child.get("binary") else None
                yield name, vr, dcmtk_value(vr, child), "" if raw is None else hashlib.sha1(raw).hexdigest()
            elif any(item.tag == "pixel-item" for item in child):
                parts = [base64.b64decode(item.text or "") for item in child]
                yield name, vr, "fragments " + " ".join(hashlib.sha1(part).hexdigest() for part in parts), ""
            else:
                items = [item for item in child if item.tag == "item"]
                yield name, "SQ", str(len(items)), ""
                for number, item in enumerate(items):
                    yield from walk(item, f"{name}.{number}.")

    root = dcmtk_xml(path)
    for part in [root] if root.tag == "data-set" else root:
        yield from walk(part, "")


def file_lines(judge, number, path):
    try:
        return [(str(number),) + line for line in (pydicom_lines if judge == "pydicom" else dcmtk_lines)(path)]
    except Exception as problem:  # whatever a judge says of a bent file is its verdict
        return [(str(number), "error", "", escaped(f"{type(problem).__name__}: {problem}"), "")]


def main():
    judge, list_name, out_name = sys.argv[1:]
    warnings.simplefilter("ignore")
    with open(list_name, encoding="utf-8") as names:
        paths = names.read().splitlines()
    pool = concurrent.futures.ProcessPoolExecutor(2) if judge == "pydicom" else concurrent.futures.ThreadPoolExecutor(2)
    with open(out_name, "w", encoding="utf-8") as out, pool:
        jobs = [pool.submit(file_lines, judge, number, path) for number, path in enumerate(paths)]
        for job in jobs:
            for line in job.result():
                out.write("\t".join(line) + "\n")


if __name__ == "__main__":
    main()
