"""A queue is read by operators and copied into backups: its rows name things, and tell nothing of anybody."""

import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.cases.case_builders import ANSWERS, ENTRY, a_case, an_output, ana

from ruta.cases import jobs as case_jobs
from ruta.cases.machine import stepping
from ruta.cases.models import Case, ThrownMessage
from ruta.cases.play.world import World
from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.kernel import clock

pytestmark = pytest.mark.django_db
PURPOSE = {
    **ANSWERS,
    "purpose": "court",
    "purpose_text": "Necesito probar el parentesco ante el juzgado de familia.",
}
SECRETS = ("1020304050", "79148963", "Rojas", "María", "Fernanda", "@example.co", "1998", "parentesco")


def queued() -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of every job that was ever written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [
            (name, json.loads(args) if isinstance(args, str) else args) for name, args in cursor.fetchall()
        ]


def weighed(world: World) -> Case:
    """A case of Luis whose purpose the office weighs: it listens for the end of its term."""
    ana(world)
    luis = world.person("luis", {"document": "CC 79148963", "given_names": "Luis", "first_surname": "Rojas"})
    case = a_case(world, luis, answers=PURPOSE, key="weighed")
    world.settle()
    case.refresh_from_db()
    return case


def say(case: Case, payload: dict[str, Any]) -> None:
    """A process throws a message to the case."""
    with stepping(case.id, Actor.system("test")) as machine:
        machine._carry_out(bpmn.MessageThrown("term.answer.expired", case.number, payload))


def test_no_job_of_a_whole_story_holds_a_personal_datum(world: World) -> None:
    an_output(world, ana(world))
    case = weighed(world)
    say(case, {"answer": {"names": ENTRY["given_names"], "nuip": ENTRY["nuip"]}})
    clock.set_clock(clock.instant(case.terms.get(term="answer").due_on + timedelta(days=1), time(10)))
    case_jobs.tick()
    jobs = queued()
    assert {name for name, _ in jobs} >= {"cases.deliver", "cases.finish", "cases.expire-term"}
    told = json.dumps([args for _, args in jobs], ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in told] == []
    assert all(not isinstance(value, dict | list) for _, args in jobs for value in args.values())


def test_what_a_process_says_arrives_whole_and_is_forgotten(world: World) -> None:
    case = weighed(world)
    payload = {"answer": {"names": ENTRY["given_names"], "nuip": ENTRY["nuip"]}}
    say(case, payload)
    world.settle()
    case.refresh_from_db()
    assert case.variables["answer"] == payload["answer"]
    assert not ThrownMessage.objects.exists()


def test_a_message_delivered_twice_does_no_harm(world: World) -> None:
    case = weighed(world)
    say(case, {"answer": {"names": "x"}})
    (message,) = ThrownMessage.objects.all()
    for _ in range(2):
        case_jobs.deliver(message_id=str(message.id))
    case.refresh_from_db()
    assert case.incident is None
    world.settle()
