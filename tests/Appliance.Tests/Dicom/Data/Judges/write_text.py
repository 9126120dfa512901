#!/usr/bin/python3
"""Files with text in a character set, written by pydicom.

    write_text.py LIST

LIST has lines of three columns: file to write, Specific Character Set (values joined by backslash), text. The text goes into Patient's
Name and, with a line break before it, into Patient Comments.
"""
import sys
import warnings
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

warnings.simplefilter("error")
with open(sys.argv[1], encoding="utf-8") as names:
    lines = names.read().splitlines()
for line in lines:
    path, terms, text = line.split("\t")
    dataset = Dataset()
    dataset.SpecificCharacterSet = terms.split("\\")
    dataset.PatientName = text
    if "IR 13" not in terms:  # pydicom cannot encode Latin letters next to katakana without name components between them
        dataset.PatientComments = "one\r\n" + text
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.is_little_endian, dataset.is_implicit_VR = True, False
    dataset.save_as(path)
