"""What the browser loads: made from pinned packages, small, and nothing from elsewhere."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client
from fontTools.ttLib import TTFont
from pytest_django import Settings

from ruta.web.site import assets

SOURCE = Path(assets.__file__).resolve().parents[2]
ROOT = SOURCE.parents[1]
TEMPLATES = [path for path in sorted(SOURCE.rglob("templates/**/*.html")) if "mail" not in path.name]
KILOBYTE = 1000


def test_the_committed_theme_is_what_the_design_system_makes_of_the_colour_file() -> None:
    committed = (Path(assets.__file__).parent / "theme" / "ruta.css").read_text()
    assert assets.make_theme() == committed


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    known = set(assets.icon_names())
    named = {
        (icon, path.name)
        for path in TEMPLATES
        for icon in re.findall(
            r"""\{% icon ["']([a-z0-9-]+)["']|icon=["']([a-z0-9-]+)["']""", path.read_text()
        )
        for icon in icon
        if icon
    }
    assert named
    assert {pair for pair in named if pair[0] not in known} == set()


def test_the_sprite_has_a_drawing_for_every_icon() -> None:
    sprite = assets.icon_sprite()
    assert all(f'<symbol id="{name}" viewBox="0 0 24 24"><path' in sprite for name in assets.icon_names())


def test_the_lock_file_names_no_address_to_download_from() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_the_everyday_font_has_every_letter_of_spanish_and_english(settings: Settings) -> None:
    font = TTFont(settings.ASSETS_DIR / "site" / "fonts" / "everyday.woff2")
    letters = set("abcdefghijklmnñopqrstuvwxyzáéíóúüABCDEFGHIJKLMNÑOPQRSTUVWXYZÁÉÍÓÚÜ0123456789¿¡«»“”–—º§")
    assert {letter for letter in letters if ord(letter) not in font.getBestCmap()} == set()


def test_no_page_has_a_style_or_a_script_of_its_own() -> None:
    """The content security policy has no `unsafe-inline`."""
    wrong = [
        (path.name, found)
        for path in TEMPLATES
        for found in re.findall(
            r"<style|\sstyle=|<script(?![^>]*(?:\bsrc=))[^>]*>|\son[a-z]+=", path.read_text()
        )
    ]
    assert wrong == []


def test_no_page_loads_anything_from_elsewhere() -> None:
    wrong = [
        (path.name, found)
        for path in TEMPLATES
        for found in re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']+""", path.read_text())
    ]
    assert wrong == []


def test_every_template_can_be_read() -> None:
    for path in TEMPLATES:
        get_template(path.as_posix().rpartition("/templates/")[2])


def weight(page: bytes) -> dict[str, int]:
    """Compressed size of a page and of all that it loads at once, by name; fonts are compressed already."""
    sizes = {"page": len(gzip.compress(page, 6))}
    for name in set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode())):
        content = Path(str(finders.find(name))).read_bytes()
        sizes[name] = len(content) if name.endswith(".woff2") else len(gzip.compress(content, 9))
    return sizes


@pytest.mark.django_db
@pytest.mark.usefixtures("assets")
def test_the_first_page_weighs_less_than_60_kb_compressed() -> None:
    sizes = weight(Client().get("/").content)
    assert any(name.endswith(".woff2") for name in sizes) and any(".css" in name for name in sizes)
    assert sum(sizes.values()) < 60 * KILOBYTE, sizes


@pytest.mark.django_db
@pytest.mark.usefixtures("assets")
def test_a_form_page_weighs_less_than_80_kb_compressed() -> None:
    from tests.web import filling

    with filling.registry() as world:
        client = filling.signed_in(filling.ana(world))
        draft = filling.begin(client)
        page = client.get(f"/borradores/{draft.pk}/", follow=True)
    sizes = weight(page.content)
    assert any("htmx" in name for name in sizes)
    assert sum(sizes.values()) < 80 * KILOBYTE, sizes
