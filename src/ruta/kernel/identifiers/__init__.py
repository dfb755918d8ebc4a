"""Identifiers of persons, organisations, cases and outputs: written one way, typed in many.

Each `parse_…` takes what somebody typed and gives the stored form, or raises `Invalid` with field, fault and cure.
Sources: common facts §1 (documents, NIT, case numbers) and §16 (GS1).
"""

from .case_numbers import CaseNumber, case_number, iso7064_mod_11_10, parse_case_number, split_case_number
from .codes import gs1_check_digit, output_code, parse_output_code
from .documents import (
    DOCUMENT_TYPES,
    DocumentType,
    document_types_by_age,
    format_document,
    normalise_number,
    parse_document,
    problem_of_document,
)
from .nit import format_nit, nit_check_digit, parse_nit, problem_of_nit

__all__ = [
    "DOCUMENT_TYPES",
    "CaseNumber",
    "DocumentType",
    "case_number",
    "document_types_by_age",
    "format_document",
    "format_nit",
    "gs1_check_digit",
    "iso7064_mod_11_10",
    "nit_check_digit",
    "normalise_number",
    "output_code",
    "parse_case_number",
    "parse_document",
    "parse_nit",
    "parse_output_code",
    "problem_of_document",
    "problem_of_nit",
    "split_case_number",
]
