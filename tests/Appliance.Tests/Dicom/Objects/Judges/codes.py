"""Judge of codes: each "value TAB scheme TAB meaning" of a file is looked up in pydicom's dictionary of PS3.16.

Prints those that it does not have with that meaning (letter case aside), with what it has instead.
"""
import sys

from pydicom.sr._concepts_dict import concepts

known = {}
for scheme, keywords in concepts.items():
    for codes in keywords.values():
        for value, (meaning, _) in codes.items():
            known.setdefault((value, scheme), set()).add(meaning)
for line in open(sys.argv[1]).read().splitlines():
    value, scheme, meaning = line.split("\t")
    meanings = known.get((value, scheme), set())
    if meaning.lower() not in {m.lower() for m in meanings}:
        print(line, sorted(meanings))
