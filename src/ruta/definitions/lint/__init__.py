"""What is wrong with a service's folder, before anybody meets it.

`lint(folder)` gives every finding with file, line, fault and cure; `CHECKS` is the catalogue of what is looked for.
It reads nothing but the folder.
"""

from ..findings import Finding
from ..loader import Folder
from . import data, decisions, forms, messages, notices, processes, reasons, service
from .catalogue import CHECKS, Check
from .draft import FILE, Draft
from .expressions import Scope, base_scope, check_expression, check_template

__all__ = ["CHECKS", "Check", "Finding", "lint"]


def lint(folder: Folder) -> list[Finding]:
    """Every finding, by file and line. Errors refuse publication, warnings do not.

    While `service.yaml` cannot be read its faults come first, and nothing is checked against it.
    """
    draft = Draft(folder)
    names = decisions.names(draft)
    service.check(draft)
    data.check(draft, names)
    notices.check(draft)
    if draft.service is not None:
        _expressions(draft, names)
    return sorted(
        set_of(draft.found),
        key=lambda one: (
            draft.service is not None or one.file != FILE,
            one.file,
            one.line,
            one.check,
            one.say["en"],
        ),
    )


def _expressions(draft: Draft, names: frozenset[str]) -> None:
    assert draft.service is not None
    variables = {act: processes.variables(process) for act, process in draft.processes.items()}
    every = frozenset().union(*variables.values())
    scopes = {act: base_scope(draft, act, names) for act in draft.service.acts}
    forms.check(draft, scopes)
    decisions.check(draft, base_scope(draft, None, names), every)
    for act, spec in draft.service.acts.items():
        within = scopes[act].plus(variables.get(act, frozenset()) - scopes[act].names)
        processes.check(draft, act, spec, scopes[act], names)
        messages.check(draft, act, within)
        reasons.check(draft, act, within)
        _service_file(draft, act, within)
        if draft.service.confidentiality.startswith("="):
            line = draft.in_yaml("confidentiality")
            check_expression(draft, draft.service.confidentiality, scopes[act], FILE, line)
    shared = base_scope(draft, None, names)
    for at, read in enumerate(draft.service.registers.reads):
        check_expression(draft, read.key, shared, FILE, draft.in_yaml("registers", "reads", at, "key"))


def _service_file(draft: Draft, act: str, within: Scope) -> None:
    """The expressions of `service.yaml` that belong to one act."""
    assert draft.service is not None
    spec = draft.service.acts[act]
    for at, term in enumerate(spec.terms):
        if term.on_expiry.startswith("="):
            line = draft.in_yaml("acts", act, "terms", at, "on_expiry")
            check_expression(draft, term.on_expiry, within, FILE, line)
    for at, party in enumerate(spec.parties):
        line = draft.in_yaml("acts", act, "parties", at, "from")
        check_expression(draft, party.from_, within, FILE, line)
    for at, output in enumerate(spec.outputs):
        for lang, text in (output.issued_as or {}).items():
            line = draft.in_yaml("acts", act, "outputs", at, "issued_as", lang)
            check_template(draft, text, within, FILE, line)
    for part in ("title", "summary"):
        for lang, text in getattr(spec, part).items():
            check_template(draft, text, within, FILE, draft.in_yaml("acts", act, part, lang))


def set_of(findings: list[Finding]) -> list[Finding]:
    """The findings without those that say the same of the same line."""
    seen: dict[tuple[str, str, int, str], Finding] = {}
    for one in findings:
        seen.setdefault((one.check, one.file, one.line, one.say["en"]), one)
    return list(seen.values())
