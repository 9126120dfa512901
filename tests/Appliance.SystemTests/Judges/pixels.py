#!/usr/bin/python3
"""pixels.py SENT RECEIVED: files with the same SOP Instance UID have the same pixels and, pixels and syntax apart, the same elements.

SENT is uncompressed. Prints JSON {"equal": n, "different": [...]}.
"""
import json
import pathlib
import sys

import pydicom


def load(folder):
    return {ds.SOPInstanceUID: ds for ds in (pydicom.dcmread(p) for p in pathlib.Path(folder).rglob("*") if p.is_file())}


def rest(ds):
    # What a lossless encoder or decoder may rewrite: the pixels' own description.
    return {e.tag: e.value for e in ds if e.tag.group not in (0x7FE0, 0x0002) and e.keyword not in ("PlanarConfiguration",)}


def main(sent, received):
    theirs = load(received)
    equal, different = 0, []
    for uid, ds in load(sent).items():
        other = theirs.get(uid)
        ok = other is not None and (ds.pixel_array == other.pixel_array).all() and all(rest(other).get(t) == v for t, v in rest(ds).items())
        equal += bool(ok)
        if not ok:
            different.append(uid)
    print(json.dumps({"equal": equal, "different": different}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
