"""The documentation says what there is, says it now, and leads nowhere in vain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.docs.blocks import DOCS

from ruta.cases.history import EVENT_TYPES
from ruta.cases.play.expectations import FINDERS
from ruta.cases.play.sentences import SENTENCES
from ruta.cases.verbs import BUILT
from ruta.config import database, reference
from ruta.config.reference import commands, components, dependencies, environment, history, news
from ruta.definitions.lint import CHECKS
from ruta.definitions.schema import ServiceFile
from ruta.engine.feel.builtins import TABLE

ROOT = DOCS.parent
SOURCE = ROOT / "src" / "ruta"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"^(RUTA_[A-Z_]+|DATABASE_URL)$")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def test_every_page_that_is_made_from_the_code_is_up_to_date() -> None:
    assert reference.stale() == [], "run: ruta docs"


def test_a_changed_page_counts_as_stale(tmp_path: Path) -> None:
    reference.write(tmp_path)
    assert reference.stale(tmp_path) == []

    (tmp_path / "reference" / "lint.md").write_text("otra cosa")

    assert reference.stale(tmp_path) == ["reference/lint.md"]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("reference/commands.md", [f"## `{name}`" for name, _ in commands.tree()]),
        ("reference/lint.md", [f"| `{check}` |" for check in CHECKS]),
        ("reference/events.md", [f"| `{name}` |" for name in EVENT_TYPES]),
        ("reference/verbs.md", [f"| `{name}` |" for name in BUILT]),
        ("reference/scenarios.md", [f"| `{name}` |" for name in FINDERS]),
        ("reference/scenarios.md", [f"| `{history.sentence(pattern)}` |" for pattern, _ in SENTENCES]),
        ("reference/components.md", [f"| `{path.stem}` |" for path in components.folder().glob("*.html")]),
        ("reference/feel.md", [f"`{name}" for name in TABLE]),
        ("reference/service-yaml.md", [f"| `{name}` |" for name in ServiceFile.model_fields]),
        ("reference/news.md", [f"| `{name}` |" for name in news.NEWS]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_that_exists_is_missing_from_the_reference(page: str, names: list[str]) -> None:
    assert names
    assert [name for name in names if name not in text(page)] == []


def test_every_command_of_the_line_is_found() -> None:
    names = {name for name, _ in commands.tree()}
    assert {"ruta demo", "ruta service lint", "ruta audit verify", "ruta docs"} <= names


def test_a_sentence_reads_as_a_person_writes_it() -> None:
    told = {history.sentence(pattern) for pattern, _ in SENTENCES}
    assert {"‹who› files ‹act› [for ‹whom›]", "‹who› pays", "the clock reaches [‹when›]"} <= told


def test_every_sentence_and_every_word_of_a_story_is_explained() -> None:
    doings = [doing for _, doing in SENTENCES]
    assert [one.__name__ for one in [*doings, *FINDERS.values()] if not one.__doc__] == []


def test_every_component_says_what_it_takes() -> None:
    assert [line for line in text("reference/components.md").splitlines() if line.endswith("|  |")] == []


# -- settings


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _read_variables() -> set[str]:
    """The variables that the code names; a Django setting of the same spelling is one too."""
    files = [path for path in SOURCE.rglob("*.py") if "reference" not in path.parts]
    files += [*(ROOT / "tests").rglob("conftest.py"), *(ROOT / "tests" / "engine").glob("*.py")]
    found = {each for path in files for each in _strings(path) if VARIABLE.match(each)}
    kept = (SOURCE / "config" / "secrets.py").read_text()
    assert 'f"RUTA_{name.upper()}_SECRET"' in kept
    return found | {"RUTA_GATEWAY_SECRET"}


def test_the_settings_are_all_listed_and_all_used() -> None:
    listed = [each.name for group in environment.GROUPS.values() for each in group]
    assert sorted(listed) == sorted(_read_variables())


# -- news


def test_no_news_travels_that_the_page_does_not_know() -> None:
    named = set()
    for path in SOURCE.rglob("*.py"):
        if not {"sandbox", "reference"} & set(path.parts):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _called(call) in ("publish", "tell", "_tell", "handles"):
                    named |= {
                        each
                        for arg in call.args
                        for each in _constants(arg)
                        if re.fullmatch(r"[a-z]+\.[a-z]+", each)
                    }
    assert named <= set(news.NEWS)
    assert {"charge.paid", "output.issued", "register.changed"} <= named


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _constants(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


# -- dependencies


def test_each_dependency_has_its_line_and_no_other_has() -> None:
    running, working = dependencies.declared()
    assert sorted(dependencies.RUNNING) == sorted(running)
    assert sorted(dependencies.WORKING) == sorted(working)


def test_no_licence_of_what_is_distributed_is_a_strong_copyleft() -> None:
    running, _ = dependencies.declared()
    licences = {name: dependencies.licence(name) for name in running}
    assert "see the package" not in licences.values()
    strong = re.compile(r"(?<!L)GPL|AGPL", re.IGNORECASE)
    assert {name: one for name, one in licences.items() if strong.search(one)} == {}


# -- links and commands


def _pages() -> list[Path]:
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", _pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    broken = []
    for first, second in LINK.findall(path.read_text(encoding="utf-8")):
        target = first or second
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", _pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    groups = {name.split()[1] for name, _ in commands.tree()}
    assert {name for name in re.findall(r"\bmake ([a-z-]+)`", page) if name not in targets} == set()
    assert {
        name for name in re.findall(r"(?:`|^\$ )make ([a-z-]+)", page, re.MULTILINE) if name not in targets
    } == set()
    assert {
        name for name in re.findall(r"(?:`|^\$ )ruta ([a-z-]+)", page, re.MULTILINE) if name not in groups
    } == set()


def test_the_readme_shows_a_picture_that_is_light_enough() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", (ROOT / "README.md").read_text())
    assert pictures
    assert [name for name in pictures if (ROOT / name).stat().st_size >= 200_000] == []


def test_every_page_is_in_the_navigation() -> None:
    known = (ROOT / "mkdocs.yml").read_text()
    pages = [str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md") if not path.name[0].isdigit()]
    assert [page for page in pages if page not in known] == []


def test_every_decision_is_in_its_index() -> None:
    index = text("adr/index.md")
    assert [path.name for path in (DOCS / "adr").glob("0*.md") if f"]({path.name})" not in index] == []


def test_the_operator_is_told_every_role_and_extension_that_the_database_needs() -> None:
    told = text("how-to/operator.md")
    roles = [f"CREATE ROLE {role} " for role in (database.OWNER, database.APP)]
    extensions = [f"CREATE EXTENSION {name};" for name in database.EXTENSIONS]

    assert [one for one in [*roles, *extensions] if " ".join(one.split()) not in " ".join(told.split())] == []


def test_the_operator_is_told_what_the_worker_does_by_the_clock() -> None:
    table = re.search(
        r"## What the worker does by the clock\n(.*?)\n## ", text("how-to/operator.md"), re.DOTALL
    )
    crons = re.findall(
        r'periodic\(cron="([^"]+)"', "\n".join(path.read_text() for path in SOURCE.rglob("jobs.py"))
    )

    assert table
    for cron in crons:
        minute, hour, *_ = cron.split()
        if hour.isdigit():
            assert f"{int(hour):02}:{int(minute):02}" in table[1], cron
        elif minute.isdigit():
            assert f":{int(minute):02}" in table[1], cron
        elif minute.startswith("*/"):
            assert f"every {minute[2:]} minutes" in table[1], cron
        else:
            assert set(hour.split(",")) == {"*"} or all(
                f"{int(one):02}:" in table[1] for one in hour.split(",")
            ), cron


# -- what the code cites


def _cited(what: str) -> set[str]:
    found = set()
    for path in [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        found |= set(re.findall(rf"{what}\s+§(\d+(?:\.\d+)?)", path.read_text(encoding="utf-8")))
    return found


def test_every_section_of_the_contract_that_the_code_cites_is_on_its_page() -> None:
    told = set(re.findall(r"^#+ §(\d+(?:\.\d+)?)", text("reference/service-folder.md"), re.MULTILINE))
    assert {"2", "4.1"} <= _cited("contract") <= told


def test_every_common_fact_that_the_code_cites_is_on_its_page() -> None:
    told = set(re.findall(r"^\| (\d+(?:\.\d+)?) \|", text("reference/common-facts.md"), re.MULTILINE))
    whole = {section.split(".")[0] for section in told}
    cited = {section if section in told else section.split(".")[0] for section in _cited("common facts")}
    assert {"1.3", "12"} <= cited <= told | whole
