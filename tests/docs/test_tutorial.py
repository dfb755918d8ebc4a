"""The tutorial works: its files, as the page shows them, are a service whose stories hold."""

from datetime import date
from pathlib import Path

import pytest
from tests.docs.blocks import DOCS, write_files

from ruta.cases.play.run import play
from ruta.cases.play.story import stories_of
from ruta.definitions.lint import lint
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.selectors import find_services
from ruta.definitions.services import publish

PAGE = "tutorial/first-service.md"
SHARED = DOCS.parent / "services" / "shared"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return read_folder(write_files(PAGE, tmp_path / "library-card"), shared=SHARED)


def test_the_folder_of_the_tutorial_has_nothing_to_mend(folder: Folder) -> None:
    assert lint(folder) == []


def test_the_first_file_alone_is_told_what_it_lacks(folder: Folder, tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "library-card"
    alone.mkdir(parents=True)
    (alone / "service.yaml").write_text(folder.text("service.yaml"))

    (finding,) = lint(read_folder(alone, shared=SHARED))

    told = [
        f"{finding.file}:{finding.line}: {finding.severity} [{finding.check}]",
        f"    {finding.say['en']}",
        f"    → {finding.cure['en']}",
    ]
    assert "\n".join(told) in (DOCS / PAGE).read_text()


@pytest.mark.django_db
def test_both_stories_of_the_tutorial_hold(folder: Folder) -> None:
    publish(folder, in_force_from=date(1990, 1, 1))

    results = {story.id: play(story, "library-card") for story in stories_of(folder)}

    assert {name: result.failures for name, result in results.items()} == {"adult": (), "not-born-yet": ()}


@pytest.mark.django_db
def test_the_service_of_the_tutorial_is_found_by_the_word_that_the_page_says(folder: Folder) -> None:
    publish(folder, in_force_from=date(1990, 1, 1))

    assert "library-card" in {found.slug for found in find_services("libros", "es")}
