"""`ruta service test` may be run beside a working installation: what is due there stays due."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from ruta.definitions.models import ServiceVersion
from ruta.identity.jobs import tell_of_another_account
from ruta.identity.services import create_account


@pytest.mark.django_db(transaction=True)
def test_a_due_job_of_the_home_stays_undone_and_nothing_is_published() -> None:
    account = create_account("clara@example.co", None)
    tell_of_another_account.defer(account_id=account.pk)

    ended = subprocess.run(
        [sys.executable, "-m", "ruta", "service", "test", "civil-registration", "--only", "CR-11"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )

    assert (ended.returncode, ended.stderr) == (0, ""), ended
    assert ended.stdout.splitlines()[-1] == "1 passed, 0 failed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, attempts FROM procrastinate_jobs")
        assert cursor.fetchall() == [("identity.tell-of-another-account", "todo", 0)]
    assert not ServiceVersion.objects.exists()
