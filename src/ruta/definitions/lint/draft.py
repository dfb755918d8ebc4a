"""A folder being checked: each of its files read once, as far as it can be read, and the findings so far."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ruta.engine import bpmn, forms
from ruta.kernel.formats import FORMATS

from ..findings import Finding, did_you_mean
from ..loader import SHARED, Folder, FolderError, stem
from ..marked import Marked, TextError, read_json, read_yaml
from ..schema import ServiceFile
from ..service_file import FILE, read_service_file
from ..tables import CodeList, Parameter, TableError, read_list, read_parameter
from .catalogue import CHECKS

Texts = Mapping[str, str]


class Draft:
    """The folder, its `service.yaml` (None when it cannot be read), and what was found."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.found: list[Finding] = []
        self.service: ServiceFile | None
        self.service, self.yaml, findings = read_service_file(folder)
        self.found += findings
        self._json: dict[str, Marked | None] = {}
        self._yaml: dict[str, Marked | None] = {}

    # ---- findings

    def add(self, check: str, file: str, line: int, *, say: Texts, cure: Texts) -> None:
        """Note a finding of a check of the catalogue."""
        self.found.append(Finding(check, CHECKS[check].severity, file, line, dict(say), dict(cure)))

    def unknown(
        self, check: str, file: str, line: int, name: str, known: Iterable[str], *, es: str, en: str
    ) -> None:
        """Note that a name is unknown; `es` and `en` say of what kind, the cure proposes the nearest."""
        self.add(
            check,
            file,
            line,
            say={"es": f"No existe {es} {name}.", "en": f"There is no {en} {name}."},
            cure=did_you_mean(name, known),
        )

    def in_yaml(self, *path: str | int) -> int:
        """The line of a part of `service.yaml`."""
        return self.yaml.line(*path)

    # ---- files

    def json(self, path: str) -> Marked | None:
        """A JSON file with its lines; a fault is noted once, and None given."""
        if path not in self._json:
            try:
                self._json[path] = read_json(self.folder.text(path))
            except (TextError, FolderError) as wrong:
                self._json[path] = None
                self._unreadable("json-syntax", path, wrong)
        return self._json[path]

    def yaml_file(self, path: str) -> Marked | None:
        """A YAML file with its lines; a fault is noted once, and None given."""
        if path not in self._yaml:
            try:
                self._yaml[path] = read_yaml(self.folder.text(path))
            except (TextError, FolderError) as wrong:
                self._yaml[path] = None
                self._unreadable("yaml-syntax", path, wrong)
        return self._yaml[path]

    def _unreadable(self, check: str, path: str, wrong: TextError | FolderError) -> None:
        line, say = (wrong.line, wrong.say) if isinstance(wrong, TextError) else (1, wrong.message)
        cure = {"es": "Revise esa línea y la anterior.", "en": "Check that line and the one before."}
        self.add(check, path, line, say=say, cure=cure)

    # ---- what the folder has

    @cached_property
    def parameters(self) -> Mapping[str, tuple[str, Parameter]]:
        """(path, table) of every dated figure by name; faults are noted."""
        return self._tables("parameters/", read_parameter)

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, CodeList]]:
        """(path, list) of every code list by name; faults are noted."""
        return self._tables("lists/", read_list)

    def _tables(self, prefix: str, read: Any) -> dict[str, tuple[str, Any]]:
        tables: dict[str, tuple[str, Any]] = {}
        for name, path in self.folder.named(prefix, ".csv").items():
            try:
                tables[name] = (path, read(name, self.folder.text(path)))
            except TableError as wrong:
                cure = {"es": "Corrija la fila.", "en": "Mend the row."}
                self.add("table-invalid", path, wrong.line, say=wrong.message, cure=cure)
            except FolderError as wrong:
                self._unreadable("table-invalid", path, wrong)
        return tables

    @cached_property
    def register_files(self) -> Mapping[str, str]:
        """The path of every register by its name, the service's own first."""
        return self.folder.named("registers/", ".json")

    def register_fields(self, name: str) -> frozenset[str] | None:
        """The names that a read of a register may ask; None when the register cannot be read."""
        marked = self.json(self.register_files[name]) if name in self.register_files else None
        if marked is None or not isinstance(marked.value, dict):
            return None
        return frozenset(marked.value.get("properties") or {}) | {"status", "notes", "entry_id", "version"}

    @cached_property
    def offices(self) -> frozenset[str]:
        """The codes of offices: those of the lists named `…offices`, and the teams of the sample country's agencies."""
        codes = {
            code.code for name, (_, codes) in self.lists.items() if name.endswith("offices") for code in codes
        }
        country = f"{SHARED}samples.yaml"
        marked = self.yaml_file(country) if country in self.folder.files else None
        agencies = marked.value.get("agencies") if marked and isinstance(marked.value, dict) else None
        for agency in agencies or ():
            codes |= {str(team.get("code")) for team in agency.get("teams") or ()}
        return frozenset(codes)

    @cached_property
    def decision_files(self) -> tuple[str, ...]:
        """Every decision model, the shared ones too."""
        return self.folder.under("decisions/", ".dmn", shared=True)

    @cached_property
    def laws(self) -> frozenset[str]:
        """The ids of the legal basis."""
        return frozenset(law.id for law in self.service.legal_basis) if self.service else frozenset()

    @cached_property
    def reads(self) -> frozenset[str]:
        """The ids of the declared look-ups."""
        return frozenset(read.id for read in self.service.registers.reads) if self.service else frozenset()

    @cached_property
    def processes(self) -> Mapping[str, bpmn.Process]:
        """The process of every act that has one that can be read."""
        found: dict[str, bpmn.Process] = {}
        for act in self.service.acts if self.service else ():
            path = f"acts/{act}/process.bpmn"
            if path in self.folder.files:
                try:
                    found[act] = bpmn.read(self.folder.files[path])
                except bpmn.BpmnError:
                    continue  # told by the check of processes
        return found

    @cached_property
    def forms(self) -> Mapping[str, forms.Form]:
        """The form of every act that has one that can be used."""
        found: dict[str, forms.Form] = {}
        for act in self.service.acts if self.service else ():
            path = f"acts/{act}/form.json"
            marked = self.json(path) if path in self.folder.files else None
            if marked is not None and isinstance(marked.value, dict):
                try:
                    found[act] = forms.load(marked.value, FORMATS)
                except forms.FormError:
                    continue  # told by the check of forms
        return found

    def law(self, law_id: str, file: str, line: int) -> None:
        """Note a law that the legal basis does not have; an empty id is no law."""
        if law_id and law_id not in self.laws:
            self.unknown("law-unknown", file, line, law_id, self.laws, es="la norma", en="law")


__all__ = ["FILE", "Draft", "Texts", "stem"]
