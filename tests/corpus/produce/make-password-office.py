"""Protects an Office document with a password, as Office does. Usage: make-password-office.py FOLDER"""
import sys
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile

out = Path(sys.argv[1])
for source, target in [('openpyxl-seeds.xlsx', 'msoffcrypto-password.xlsx'), ('pandoc-handbook.docx', 'msoffcrypto-password.docx')]:
    with open(out / source, 'rb') as plain, open(out / target, 'wb') as protected:
        OOXMLFile(plain).encrypt('secret', protected)
