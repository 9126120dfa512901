"""Judge of texts: what pydicom reads of patient and study, one value a line.

usage: text.py FILE.dcm
"""
import sys

import pydicom

ds = pydicom.dcmread(sys.argv[1], stop_before_pixels=True)
assert ds.SpecificCharacterSet == "ISO_IR 192"
print(ds.PatientName)
print(ds.StudyDescription)
print(ds.ProcedureCodeSequence[0].CodeMeaning)
print(ds.OtherPatientIDsSequence[0].PatientID)
