"""The electronic file of a case as one ZIP: a signed index of everything in it, and the check of such a ZIP.

Law: Ley 594/2000; CPACA arts. 36, 55-59; AGN Acuerdo 003/2015 (common facts §13). What belongs to a case is gathered by
`cases`; this package knows no case and no database. `docs/reference/electronic-file.md` describes the format.
"""

from .index import FORMAT, INDEX, PAGE, SIGNATURE, Index, Leaf
from .packing import Member, pack, packed
from .verifying import Fault, NotAnElectronicFile, Report, verify

__all__ = [
    "FORMAT",
    "INDEX",
    "PAGE",
    "SIGNATURE",
    "Fault",
    "Index",
    "Leaf",
    "Member",
    "NotAnElectronicFile",
    "Report",
    "pack",
    "packed",
    "verify",
]
