"""Logs tell operators what happened, never to whom."""

import logging

import pytest
from tests.cases.case_builders import an_output, ana

from ruta.cases.play.world import World
from ruta.config import logs

pytestmark = pytest.mark.django_db


def test_a_whole_case_leaves_no_name_number_or_address_in_the_logs(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(
        logging.INFO
    )  # statements are never logged by the settings
    world.elsewhere.down.add("ruv")
    actor = ana(world)
    an_output(world, actor)
    logging.getLogger("httpx").info("HTTP Request: GET http://127.0.0.1/xroad?document=1020304050")
    assert {"ruta", "httpx"} <= {record.name.partition(".")[0] for record in caplog.records}
    told = "\n".join(logs.Line().format(record) for record in caplog.records)
    for secret in ("1020304050", "Rojas", "María", "Fernanda", "@example.co", "27/03/1998", "1998-03-27"):
        assert secret not in told
