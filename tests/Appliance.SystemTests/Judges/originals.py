#!/usr/bin/python3
"""originals.py SENT RECEIVED: every file of folder SENT is in folder RECEIVED with the same data set, byte for byte, and the same pixels.

Prints JSON: {"sent": n, "identical": n, "missing": [...], "different": [...], "results": {sop class: [paths]}}.
A file is known by its SOP Instance UID. The bytes compared are all those behind the file meta information.
"""
import json
import pathlib
import sys

import pydicom


def load(path):
    with open(path, "rb") as f:
        f.seek(132)
        meta = pydicom.filereader._read_file_meta_info(f)
        return meta, f.read()


def files(folder):
    return [p for p in pathlib.Path(folder).rglob("*") if p.is_file()]


def main(sent, received):
    arrived = {}
    for path in files(received):
        meta, data = load(path)
        arrived[str(meta.MediaStorageSOPInstanceUID)] = (path, meta, data)
    missing, different, identical = [], [], 0
    ours = set()
    for path in files(sent):
        meta, data = load(path)
        uid = str(meta.MediaStorageSOPInstanceUID)
        ours.add(uid)
        if uid not in arrived:
            missing.append(path.name)
        elif arrived[uid][2] != data or arrived[uid][1].TransferSyntaxUID != meta.TransferSyntaxUID:
            different.append(path.name)
        else:
            identical += 1
    results = {}
    for uid, (path, meta, _) in arrived.items():
        if uid not in ours:
            results.setdefault(str(meta.MediaStorageSOPClassUID), []).append(str(path))
    print(json.dumps({"sent": len(ours), "identical": identical, "missing": missing, "different": different, "results": results}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
