"""The good folder, and what breaks it."""

import re
from dataclasses import replace
from pathlib import Path

from ruta.definitions.findings import Finding
from ruta.definitions.lint import lint
from ruta.definitions.loader import Folder, read_folder

SERVICES = Path(__file__).resolve().parents[2] / "services"
GOOD = read_folder(SERVICES / "civil-registration")
_OF_ONE_ACT = (
    "acts/copy/",
    "decisions/fee.dmn",
    "decisions/who-may-ask.dmn",
    "outputs/_sheet.typ",
    "outputs/copy.typ",
    "parameters/",
    "registers/",
    "scenarios/CR-08.yaml",
    "shared/",
)
_READS = ("entry", "own_entry", "victim")
_READS_OF_RULES = ("marriage_entry", "death_entry", "own_children", "own_marriages")


def _one_act() -> Folder:
    """The good folder with the act `copy` alone and its samples: what is broken in it is told in a fraction of the time."""
    before, rest = GOOD.text("service.yaml").split("\nacts:\n")
    acts, rest = rest.split("\npublish:\n")
    published, thread = rest.split("\nthread:\n")
    before = re.sub(r"(?ms)^    - id: (\w+)\n.*?(?=^    - id: |^    #|^  writes)", _read_of_one_act, before)
    act = re.search(r"(?ms)^  copy:\n.*?(?=^  [a-z#])", acts)
    outputs = re.search(r"(?m)^  copy: .*\n", thread)
    assert act and outputs
    published = published.replace("acts: [copy, marriage-copy, death-copy]", "acts: [copy]")
    service = f"{before}\nacts:\n{act.group()}\npublish:\n{published}\nthread:\n{outputs.group()}"
    samples, play = GOOD.text("samples.yaml").split("play:\n")
    files = {path: content for path, content in GOOD.files.items() if path.startswith(_OF_ONE_ACT)}
    files["service.yaml"] = service.encode()
    files["samples.yaml"] = f"{samples}play:\n{play[: play.index(chr(10)) + 1]}".encode()
    return replace(GOOD, files=files)


def _read_of_one_act(read: re.Match[str]) -> str:
    """Rules shared with other acts name their reads too: those ask nothing here, and all others are not there."""
    if read[1] in _READS:
        return read[0]
    return re.sub(r"(?m)^      key: .*", "      key: '=null'", read[0]) if read[1] in _READS_OF_RULES else ""


ONE_ACT = _one_act()


def changed(path: str, old: str, new: str, *, folder: Folder = GOOD) -> Folder:
    """The good folder with one text of one file replaced; it must be there."""
    text = folder.text(path)
    assert old in text, f"{path} does not hold {old!r}"
    return folder.replace(path, text.replace(old, new, 1))


def findings(folder: Folder, check: str) -> list[Finding]:
    """What the lint finds of one check."""
    return [one for one in lint(folder) if one.check == check]


def line_of(folder: Folder, path: str, text: str) -> int:
    """The first line of a file that holds `text`."""
    return next(at for at, line in enumerate(folder.text(path).splitlines(), 1) if text in line)
