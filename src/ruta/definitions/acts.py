"""One act, parsed: its form, process, messages and outputs."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ruta.documents.templates import gather
from ruta.engine import bpmn, forms
from ruta.kernel.errors import NotFound
from ruta.kernel.formats import FORMATS

from .loader import Folder, stem
from .messages import MessageTemplate, builtin_messages, read_message, split_name
from .reasons import Reason, read_reason
from .schema import ActSpec, OutputSpec

_SPELLED = re.compile(r'=?\s*"([a-z0-9_]+)"\s*')
_ANSWER = re.compile(r"=\s*form\.([a-z0-9_]+)\s*")


@dataclass(frozen=True)
class CompiledOutput:
    """A document: what the service says of it, its template with what that imports, in one piece, and the SHA-256
    of it."""

    spec: OutputSpec
    template: bytes
    template_sha256: str


@dataclass(frozen=True)
class CompiledAct:
    """One act. `form` and `process` are None for an act that is only explained (`spec.guide`).

    `messages` are by (id, language), built-in ones included; `tasks` the schemas of its own task forms by name;
    `reasons` its model texts of reasons by (id, language).
    """

    name: str
    spec: ActSpec
    form: forms.Form | None
    process: bpmn.Process | None
    messages: Mapping[tuple[str, str], MessageTemplate]
    outputs: Mapping[str, CompiledOutput]
    tasks: Mapping[str, forms.Form]
    reasons: Mapping[tuple[str, str], Reason]

    @property
    def is_open(self) -> bool:
        """Whether somebody can start it here."""
        return self.form is not None and self.process is not None

    @cached_property
    def receipt_fields(self) -> tuple[str, ...]:
        """The answers whose receipts a charge of the process credits (`less: =form.receipts`)."""
        sources = (
            source
            for node in (self.process.nodes.values() if self.process else ())
            if node.job_type == "ruta.charge"
            for source, target in node.inputs
            if target == "less"
        )
        found = (_ANSWER.fullmatch(source) for source in sources)
        return tuple(dict.fromkeys(match[1] for match in found if match))

    @cached_property
    def asked_terms(self) -> frozenset[str]:
        """The terms in which people answer what the process asks (`term: ="confirmation"`): not the agency's own."""
        sources = (
            source
            for node in (self.process.nodes.values() if self.process else ())
            if node.job_type == "ruta.ask"
            for source, target in node.inputs
            if target == "term"
        )
        found = (_SPELLED.fullmatch(source) for source in sources)
        return frozenset(match[1] for match in found if match)

    def message(self, message_id: str, lang: str) -> MessageTemplate:
        """The message in `lang`, in Spanish where that is missing. Raises NotFound."""
        found = self.messages.get((message_id, lang)) or self.messages.get((message_id, "es"))
        if found is None:
            raise missing("mensaje", "message", message_id)
        return found

    def reasons_for(self, task: str, lang: str) -> list[Reason]:
        """The model texts that a task offers, each in `lang` or else in Spanish, by title."""
        named = {reason_id for reason_id, _ in self.reasons}
        both = [self.reasons.get((each, lang)) or self.reasons.get((each, "es")) for each in named]
        found = [each for each in both if each is not None and task in each.tasks]
        return sorted(found, key=lambda reason: (reason.title, reason.id))

    def output(self, output_id: str) -> OutputSpec:
        """What the service says of an output. Raises NotFound."""
        if output_id not in self.outputs:
            raise missing("resultado", "output", output_id)
        return self.outputs[output_id].spec

    def template_sha256(self, output_id: str) -> str:
        """The SHA-256 by which the template of an output is kept. Raises NotFound."""
        self.output(output_id)
        return self.outputs[output_id].template_sha256


def compile_act(folder: Folder, name: str, spec: ActSpec) -> CompiledAct:
    """Parse the files of one act; what they cannot be is raised by each engine, as the lint tells before."""
    root = f"acts/{name}/"
    form = root + "form.json"
    process = root + "process.bpmn"
    messages = dict(builtin_messages())
    for path in folder.under(root + "messages/", ".md"):
        if key := split_name(path):
            messages[key] = read_message(*key, folder.text(path))
    return CompiledAct(
        name=name,
        spec=spec,
        form=_asking_no_more(forms.load(json.loads(folder.text(form)), FORMATS), spec)
        if form in folder.files
        else None,
        process=bpmn.read(folder.files[process]) if process in folder.files else None,
        messages=messages,
        outputs={output.id: _compile_output(folder, name, output) for output in spec.outputs},
        tasks={
            stem(path): forms.load(json.loads(folder.text(path)), FORMATS)
            for path in folder.under(root + "tasks/", ".json")
        },
        reasons={
            key: read_reason(*key, folder.text(path))
            for path in folder.under(root + "reasons/", ".md")
            if (key := split_name(path))
        },
    )


def template_path(folder: Folder, act: str, template: str) -> str:
    """Where the template of an output is: with the act, or in the service's `outputs/`."""
    own = f"acts/{act}/outputs/{template}"
    return own if own in folder.files else f"outputs/{template}"


def _asking_no_more(form: forms.Form, spec: ActSpec) -> forms.Form:
    """The form in which a file that a look-up makes needless (`instead_of`) is asked only where that found nothing.

    Absent, ambiguous, silent, disputed and not yet asked all leave the question (D.-L. 19/2012, art. 9).
    """
    instead = {each.id: each.instead_of for each in spec.evidence if each.instead_of}
    changed = {
        name: replace(field, when=_and_not_found(field.when, instead[field.evidence]))
        for name, field in form.fields.items()
        if field.evidence in instead
    }
    return replace(form, fields={**form.fields, **changed}) if changed else form


def _and_not_found(when: str | None, read: str) -> str:
    unanswered = f'(found.{read}.status != "found")'
    return f"({when}) and {unanswered}" if when else unanswered


def _compile_output(folder: Folder, act: str, spec: OutputSpec) -> CompiledOutput:
    template = gather(template_path(folder, act, spec.template), folder.text).packed()
    return CompiledOutput(spec, template, hashlib.sha256(template).hexdigest())


def missing(es: str, en: str, name: str) -> NotFound:
    """The error for a name that the service does not have."""
    return NotFound({"es": f"No existe {es}: {name}.", "en": f"There is no {en} {name}."}, field=name)
