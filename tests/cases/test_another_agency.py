"""Another agency's folder has its own posts and offices: the platform knows the words of none."""

import re
from datetime import date, datetime

import pytest
from tests.cases.case_builders import ANSWERS, ENTRY
from tests.definitions.definitions_builders import ONE_ACT
from tests.standing import SERVICES

from ruta.cases import filing
from ruta.cases.play.run import play
from ruta.cases.play.story import stories_of
from ruta.cases.play.world import World
from ruta.definitions.lint import lint
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.selectors import current_version
from ruta.definitions.services import publish
from ruta.documents.models import Output
from ruta.kernel import clock
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db

POSTS = """code,title_es,title_en,signs,refunds,assists,valid_from,valid_to
qualifier,Abogado calificador,Qualifying lawyer,yes,,yes,,
comptroller,Pagador,Paymaster,,yes,,,
hospital_registrar,Funcionario del hospital,Hospital clerk,,,,,
consul,Cónsul,Consul,,,,,
notary,Notario,Notary,,,,,
"""
OFFICES = """code,title_es,title_en,municipality,valid_from,valid_to
orip.070,Oficina de Registro de Tunja,Land registry of Tunja,15001,,
"""


def _of_another_agency() -> Folder:
    """The folder with the act `copy`, kept by the land registry: no role and no office code stays as it was."""
    words = (
        (r"\b1501-15001\b", "orip.070"),
        (r"\bregistrar\b(?!:)", "qualifier"),
        (r"\bsupervisor\b", "comptroller"),
        (re.escape("^[0-9]{4}-[0-9]{5}$"), "^orip[.][0-9]{3}$"),
        ("899999040-4", "899999007-0"),
        ("civil-registration", "land-titles"),
        ("code: CRB", "code: LND"),
    )
    whole = read_folder(SERVICES / "civil-registration")
    stories = ("scenarios/found-in-the-books.yaml", "scenarios/not-found-in-the-books.yaml")
    files = dict(ONE_ACT.files) | {path: whole.files[path] for path in stories}
    files |= {
        "lists/posts.csv": POSTS.encode(),
        "lists/registry_offices.csv": OFFICES.encode(),
    }
    for path in [path for path in files if not path.startswith("shared/")]:
        text = files[path].decode()
        for old, new in words:
            text = re.sub(old, new, text)
        files[path] = text.encode()
    del files["samples.yaml"]
    return Folder("land-titles", files)


FOLDER = _of_another_agency()


def test_the_lint_takes_the_posts_and_offices_of_any_agency() -> None:
    assert [str(found) for found in lint(FOLDER)] == []


def test_a_post_or_an_office_that_nobody_knows_is_told() -> None:
    process = FOLDER.text("acts/copy/process.bpmn")
    group = "else &quot;qualifier&quot;]"
    assert group in process
    for wrong, check, nearest in (
        ("else &quot;qualifyer&quot;]", "post-unknown", "qualifier"),
        ("else &quot;qualifier@orip.700&quot;]", "office-unknown", "orip.070"),
    ):
        found = lint(FOLDER.replace("acts/copy/process.bpmn", process.replace(group, wrong)))
        assert {one.check for one in found} == {check}
        assert all(nearest in one.cure["en"] for one in found)


@pytest.mark.parametrize("name", ["found-in-the-books", "not-found-in-the-books"])
def test_its_officials_work_sign_and_send_money_back(name: str) -> None:
    """The story's second person, who approves the refund, has a post that only this agency's list knows."""
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    (story,) = [story for story in stories_of(FOLDER) if story.name == name]
    assert play(story, "land-titles").failures == ()


def test_its_document_names_the_post_that_its_list_lets_sign() -> None:
    """The paymaster was appointed first; only the qualifying lawyer answers for documents."""
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    clock.set_clock(datetime(2026, 3, 2, 10))
    with World("land-titles").open() as world:
        world.person("pablo", {"role": "comptroller", "office": "orip.070"})
        world.person("carla", {"role": "qualifier", "office": "orip.070"})
        ana = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
        world.entry("birth", {**ENTRY, "office": "orip.070"})
        case = filing.file_case(
            filing.Application(
                version_id=current_version("land-titles").pk,
                act="copy",
                form=ANSWERS,
                actor=ana,
                channel="portal",
                lang="es",
                submission_key="once",
                consents={"victim"},
            )
        )
        world.settle()
        world.pay(Charge.objects.get(case_number=case.number))
        output = Output.objects.get(case_number=case.number)
    assert output.role["es"].startswith("Abogado calificador · ")
    assert output.role["en"].startswith("Qualifying lawyer · ")
    assert output.official.startswith("Carla")
