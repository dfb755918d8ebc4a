"""A service is data: the platform's code knows none of them, no act and no register, by name."""

import re
from pathlib import Path

from ruta.definitions.marked import read_yaml

ROOT = Path(__file__).resolve().parents[2]
# The State's own list of identity documents, and FEEL's `age(birth, on)`, are not about any service.
NOT_ABOUT_SERVICES = ("kernel/identifiers/documents.py", "engine/feel/builtins/office.py")


def _names() -> set[str]:
    names: set[str] = set()
    for file in (ROOT / "services").glob("*/service.yaml"):
        service = read_yaml(file.read_text()).value
        names |= {service["slug"], service["code"]}
        names |= {path.stem for path in (file.parent / "registers").glob("*.json")}
        names |= {f"acts/{act}" for act in service["acts"]}
        names |= {path.stem for path in (file.parent / "decisions").glob("*.dmn") if "-" in path.stem}
    return names


def test_the_platform_names_no_service_act_register_or_decision() -> None:
    found = []
    pattern = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, sorted(_names()))) + r")(?![\w-])")
    for path in sorted((ROOT / "src" / "ruta").rglob("*")):
        if path.suffix not in (".py", ".html", ".js", ".md") or "__pycache__" in path.parts:
            continue
        if str(path.relative_to(ROOT / "src" / "ruta")) in NOT_ABOUT_SERVICES:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if (match := pattern.search(line)) is not None:
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert found == []
