"""Judge of a measurement report: pydicom walks it and prints what it finds, one "key: value" a line, sorted.

usage: sr.py SR.dcm
"""
import sys

import pydicom

sr = pydicom.dcmread(sys.argv[1])
assert sr.ContentTemplateSequence[0].TemplateIdentifier == "1500"
evidence = {i.ReferencedSOPInstanceUID for study in sr.CurrentRequestedProcedureEvidenceSequence
            for series in study.ReferencedSeriesSequence for i in series.ReferencedSOPSequence}


def name(item):
    return item.ConceptNameCodeSequence[0].CodeValue if "ConceptNameCodeSequence" in item else None


def value(item):
    kind = item.ValueType
    if kind == "CODE":
        return item.ConceptCodeSequence[0].CodeValue
    if kind == "NUM":
        measured = item.MeasuredValueSequence[0]
        return f"{measured.NumericValue} {measured.MeasurementUnitsCodeSequence[0].CodeValue}"
    if kind == "IMAGE":
        reference = item.ReferencedSOPSequence[0]
        return f"{reference.ReferencedSOPInstanceUID}#{reference.get('ReferencedSegmentNumber', '')}"
    return str({"TEXT": "TextValue", "UIDREF": "UID", "DATE": "Date"}.get(kind) and item[
        {"TEXT": "TextValue", "UIDREF": "UID", "DATE": "Date"}[kind]].value)


def walk(item, path):
    for child in item.get("ContentSequence", []):
        if child.ValueType == "IMAGE":
            assert child.ReferencedSOPSequence[0].ReferencedSOPInstanceUID in evidence, "a reference that is no evidence"
        key = f"{path}/{name(child)}"
        if child.ValueType != "CONTAINER":
            print(f"{key}: {value(child)}")
        walk(child, key)


print("patient:", sr.PatientName)
walk(sr, name(sr))
print("evidence:", len(evidence))
