"""Running cases moved to another version of their service: dry run first, each with its reason, all in their history."""

from datetime import date

import pytest
from tests.cases.case_builders import ANSWERS, a_case, ana
from tests.standing import SERVICES
from typer.testing import CliRunner

from ruta.cases.migration import Migration, Moving, version
from ruta.cases.models import Case, CaseEvent, CaseTerm, FlowToken, Task
from ruta.cases.play.world import World
from ruta.cases.sealing import records, verify_record
from ruta.config.commands import service as commands
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.models import ServiceVersion
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db
SLUG = "civil-registration"
PROCESS = "acts/copy/process.bpmn"
ME = Actor.system("migration")


def changed(*pairs: tuple[str, str], file: str = PROCESS) -> Folder:
    """The service's folder with texts of one file replaced."""
    folder = read_folder(SERVICES / SLUG)
    text = folder.files[file].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return folder.replace(file, text)


def newer(*pairs: tuple[str, str], file: str = PROCESS) -> ServiceVersion:
    return publish(changed(*pairs, file=file), in_force_from=date(2027, 1, 1))


def moved(to: ServiceVersion, *, apply: bool = True, **given: str) -> list[tuple[bool, str]]:
    moving = Moving(SLUG, to, given=given, reason="Circular 12")
    results = Migration(moving, ME).run(apply=apply)
    return [(each.moved, " ".join(say["en"] for say in each.reasons)) for each in results]


RENAMED = (("Cobrar", "Liquidar y cobrar"),)
OTHER_ID = (('id="charge"', 'id="collect"'), ('targetRef="charge"', 'targetRef="collect"'),
            ('sourceRef="charge"', 'sourceRef="collect"'), ('bpmnElement="charge"', 'bpmnElement="collect"'))  # fmt: skip


def elsewhere(*more: tuple[str, str]) -> ServiceVersion:
    """The service with its charge under another id."""
    folder = changed(*OTHER_ID, *more)
    told = folder.files["service.yaml"].decode().replace("pause_in: [charge]", "pause_in: [collect]", 2)
    return publish(folder.replace("service.yaml", told), in_force_from=date(2027, 1, 1))


def a_waiting_case(world: World) -> Case:
    """A copy that waits for its payment."""
    case = a_case(world, ana(world))
    world.settle()
    assert case.tokens.get(status="waiting").node == "charge"
    return case


def test_a_dry_run_says_what_would_happen_and_leaves_everything_as_it_was(world: World) -> None:
    case = a_waiting_case(world)
    to = newer(*RENAMED)
    before = (case.rev, list(case.tokens.values()), CaseEvent.objects.count())
    assert moved(to, apply=False) == [(True, "")]
    case.refresh_from_db()
    assert (case.rev, list(case.tokens.values()), CaseEvent.objects.count()) == before
    assert case.version.number == 1


def test_a_moved_case_goes_on_on_the_new_version_to_its_end(world: World) -> None:
    case = a_waiting_case(world)
    to = newer(*RENAMED)
    assert moved(to) == [(True, "")]
    case.refresh_from_db()
    assert case.version == to
    assert {token.version_id for token in FlowToken.objects.filter(case=case)} == {to.pk}
    event = CaseEvent.objects.get(case_id=case.id, type="migrated")
    assert event.public == {
        "from": 1, "to": to.number, "version": str(to.pk), "reason": "Circular 12", "at": ["charge"],
    }  # fmt: skip
    world.pay(Charge.objects.get(case_number=case.number))
    world.settle()
    case.refresh_from_db()
    assert (case.outcome, case.incident) == ("granted", None)


def test_where_the_case_stands_under_another_id_its_clock_follows(world: World) -> None:
    """The term stands still at the charge; it does so at the charge of the new version too, and runs when it is paid."""
    case = a_waiting_case(world)
    to = elsewhere()
    assert moved(to) == [(True, "")]
    term = CaseTerm.objects.get(case=case, term="answer")
    assert (term.status, term.state["paused_by"]) == ("paused", ["collect"])
    world.pay(Charge.objects.get(case_number=case.number))
    world.settle()
    assert CaseTerm.objects.get(case=case, term="answer").state["paused_by"] == []


def test_a_term_runs_again_where_the_new_version_no_longer_stops_it(world: World) -> None:
    case = a_waiting_case(world)
    to = newer(("pause_in: [charge]", "pause_in: []"), file="service.yaml")
    assert moved(to) == [(True, "")]
    assert CaseTerm.objects.get(case=case, term="answer").status == "running"


def test_an_open_task_asks_what_the_new_version_asks_and_stays_with_who_has_it(world: World) -> None:
    ana(world)
    luis = world.person("luis", {"document": "CC 52148963", "born": date(1970, 1, 5)})
    case = a_case(world, luis, answers=WEIGHED)
    world.settle()
    task = Task.objects.get(case=case, status="open")
    to = newer(('value="grant, refuse"', 'value="refuse, grant"'))
    assert moved(to) == [(True, "")]
    again = Task.objects.get(pk=task.pk)
    assert (again.token, again.status) == (task.token, "open")
    assert (task.inputs["outcomes"], again.inputs["outcomes"]) == (["grant", "refuse"], ["refuse", "grant"])
    assert again.due_on == task.due_on


WEIGHED = {
    **ANSWERS, "purpose": "court", "copies": "1",
    "purpose_text": "Soy apoderado de la inscrita en el proceso de sucesión de su padre, juzgado segundo de Tunja.",
}  # fmt: skip


def test_a_case_that_stands_where_nothing_is_any_more_stays_with_the_reason(world: World) -> None:
    case = a_waiting_case(world)
    to = elsewhere(('name="Cobrar"', 'name="Recaudar"'))
    ((ok, said),) = moved(to)
    assert not ok and said == '"Charge the fee": it is gone, and the case is there.'
    case.refresh_from_db()
    assert case.version.number == 1
    assert moved(to, charge="collect") == [(True, "")]
    assert FlowToken.objects.get(case=case, status="waiting").node == "collect"


def test_cases_that_have_ended_or_are_on_the_version_already_are_not_asked(world: World) -> None:
    case = a_waiting_case(world)
    world.pay(Charge.objects.get(case_number=case.number))
    world.settle()
    to = newer(*RENAMED)
    assert moved(to) == []


def test_a_pair_that_can_never_be_is_refused(world: World) -> None:
    a_waiting_case(world)
    ((ok, said),) = moved(newer(*RENAMED), charge="filed")
    assert not ok and "cannot become" in said
    with pytest.raises(NotFound):
        version(SLUG, 99)
    with pytest.raises(NotFound):
        version("nothing", None)


def test_the_command_is_a_dry_run_unless_it_is_told_and_given_a_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_django", lambda *, needs_database: None)
    case = a_waiting_case(world)
    newer(*RENAMED)
    run = CliRunner().invoke
    dry = run(commands.app, ["migrate", SLUG, "--act", "copy", "--from", "1"])
    assert dry.exit_code == 0, dry.output
    assert f"{case.number} copy version 1: would move" in dry.output
    assert "1 would move to version 2, 0 stay" in dry.output
    assert run(commands.app, ["migrate", SLUG, "--apply"]).exit_code == 2
    assert run(commands.app, ["migrate", SLUG, "--map", "charge"]).exit_code == 2
    wrong = run(commands.app, ["migrate", SLUG, "--map", "charge=filed"])
    assert wrong.exit_code == 1 and ": stays: charge=filed" in wrong.output
    done = run(commands.app, ["migrate", SLUG, "--to", "2", "--apply", "--reason", "Circular 12"])
    assert done.exit_code == 0 and f"{case.number} copy version 1: moved" in done.output


def test_a_moved_case_has_a_whole_chain(world: World) -> None:
    case = a_waiting_case(world)
    moved(newer(*RENAMED))
    case.refresh_from_db()
    (record,) = records([case])
    assert verify_record(record) is None
    Case.objects.filter(pk=case.pk).update(version=version(SLUG, 1))
    (record,) = records(list(Case.objects.filter(pk=case.pk)))
    broken = verify_record(record)
    assert broken is not None and "version of the service" in broken.say["en"]
