"""What is read from a folder: YAML that means what it shows, lines, the model of service.yaml, the content hash."""

from pathlib import Path

import pytest
from definitions_builders import GOOD, SERVICES, changed

from ruta.definitions.loader import FolderError, read_folder, unpack
from ruta.definitions.marked import TextError, read_json, read_yaml
from ruta.definitions.service_file import read_service_file


def test_yaml_words_and_dates_stay_texts_and_codes_keep_their_zero() -> None:
    told = read_yaml(
        "{on: 2026-03-18, answer: yes, place: 05001, copies: 3, rate: 1.5, none: null, sad: true}"
    )
    assert told.value == {
        "on": "2026-03-18",
        "answer": "yes",
        "place": "05001",
        "copies": 3,
        "rate": 1.5,
        "none": None,
        "sad": True,
    }


def test_every_part_of_a_text_has_its_line() -> None:
    told = read_yaml("a:\n  - b: 1\n  - b: 2\nc/d: {e: 3}\n")
    assert told.line("a", 1, "b") == 3
    assert told.line("c/d", "e") == 4
    assert told.line("a", 1, "nothing") == 3
    assert read_json('{\n "a": [\n  1,\n  2]\n}').line("a", 1) == 4


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x", "a: !!python/object:os.system ls", "a: 1\na: 2", "a: [1", "\x00", "- " * 60 + "1"],
    ids=["alias", "tag", "twice", "open", "control", "deep"],
)
def test_a_text_that_hides_or_repeats_something_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(TextError) as refused:
        read_yaml(text)
    assert refused.value.line >= 1
    assert set(refused.value.say) == {"es", "en"}


def test_a_folder_without_service_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"service\.yaml"):
        read_folder(tmp_path)


def test_a_file_of_another_kind_or_hidden_is_no_part_of_a_service(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text("slug: x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.json").write_text("{}")
    (tmp_path / "run.py").write_text("import os")
    assert set(read_folder(tmp_path).files) == {"service.yaml"}


def test_the_same_files_have_the_same_hash_and_any_change_another() -> None:
    assert GOOD.content_hash == read_folder(SERVICES / "civil-registration").content_hash
    assert changed("service.yaml", "years: 10", "years: 11").content_hash != GOOD.content_hash
    moved = GOOD.replace("samples.yaml", None).replace("sample.yaml", GOOD.files["samples.yaml"])
    assert moved.content_hash != GOOD.content_hash


def test_a_folder_survives_being_kept_bytes_and_all() -> None:
    folder = GOOD.replace("outputs/seal.png", b"\x89PNG\x00\xff")
    kept = unpack(folder.slug, folder.packed())
    assert kept.files == folder.files
    assert kept.content_hash == folder.content_hash


def test_the_nearest_known_key_is_proposed_where_the_unknown_one_stands() -> None:
    good = "      - id: purpose_document\n        title:"
    folder = changed("service.yaml", good, good.replace("title", "tittle"))
    service, _, findings = read_service_file(folder)
    assert service is None
    cures = {finding.say["en"]: finding.cure["en"] for finding in findings}
    assert cures["The key acts.copy.evidence.0.tittle is unknown."] == "Did you mean title?"


def test_who_may_start_an_act_is_read_in_each_of_its_forms() -> None:
    told = "who: [citizen, representative, {api: civil-registration.copy}]"
    service, _, _ = read_service_file(changed("service.yaml", "who: [citizen]", told))
    assert service is not None
    assert [(who.kind, who.value) for who in service.acts["copy"].who] == [
        ("citizen", ""),
        ("representative", ""),
        ("api", "civil-registration.copy"),
    ]
    assert service.acts["copy"].can_be_started_by("citizen")
    assert not service.acts["birth"].can_be_started_by("citizen")
