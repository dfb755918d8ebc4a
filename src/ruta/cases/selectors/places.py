"""Where cases wait for their applicant."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from ruta.definitions import runtime

from .views import WAITS_FOR_PERSON


def places_of_waiting() -> list[tuple[UUID, str]]:
    """Where a case can wait for its applicant: the nodes of each version in which any case waits, each once.

    Acts of one service may have a node of the same name.
    """
    found = (
        (version, node.id)
        for version in _versions_with_waiting_cases()
        for compiled in [runtime.compiled(version)]
        for act, spec in compiled.service.acts.items()
        if spec.guide is None and (process := compiled.act(act).process) is not None
        for node in process.nodes.values()
        if node.job_type in WAITS_FOR_PERSON
    )
    return list(dict.fromkeys(found))


def _versions_with_waiting_cases() -> list[UUID]:
    """Each version once, by jumping through the index `token_waiting` instead of reading it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE step AS (
                 (SELECT version_id FROM cases_flowtoken WHERE status = 'waiting' ORDER BY version_id LIMIT 1)
                 UNION ALL
                 SELECT (SELECT version_id FROM cases_flowtoken t WHERE status = 'waiting'
                         AND t.version_id > step.version_id ORDER BY version_id LIMIT 1)
                 FROM step WHERE step.version_id IS NOT NULL)
               SELECT version_id FROM step WHERE version_id IS NOT NULL"""
        )
        return [row[0] for row in cursor.fetchall()]
