"""Who sends a file: an official at the desk, for the office, or an agency's system."""

from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.identity import clients
from ruta.identity.actors import Actor, actor_of_account
from ruta.kernel import clock
from ruta.kernel.errors import Forbidden

from .. import applicants, perms
from ..drafts.services import not_for_you
from ..models import Batch
from ..sent import Sender


def sender_of(batch: Batch) -> Sender:
    """The sender as it stands now. Raises Forbidden when its post or its key is over."""
    if batch.client is not None:
        if not clients.holds(batch.client, clock.now()):
            raise _over()
        actor = clients.actor_of_client(batch.client)
        return Sender(actor.ref, actor, applicants.system(actor), applicants.API, batch.lang)
    assert batch.account is not None and batch.posting is not None
    agency = batch.posting.team.agency.nit
    actor = actor_of_account(batch.account, desk=True, authenticator=batch.level, agency=agency)
    posting = next((each for each in actor.postings if each.id == batch.posting_id), None)
    if posting is None:
        raise _over()
    applicant = applicants.office(actor, posting)
    return Sender(f"team:{posting.team}", actor, applicant, applicants.DESK, batch.lang)


def _over() -> Forbidden:
    return Forbidden(
        {
            "es": "Quien envió el archivo ya no puede radicar: su cargo o su clave terminó.",
            "en": "Who sent the file may not file any more: the post or the key is over.",
        },
        code="posting-over",
    )


def may_send(actor: Actor, service: str, act: str) -> int | None:
    """The post under which the official files the act for the office; None: a system. Raises Forbidden, NotFound."""
    compiled = runtime.compiled(current_version(service).pk)
    found = compiled.act(act)
    channel = applicants.API if actor.kind == "client" else applicants.DESK
    may = perms.may_start(actor, compiled, found.spec, channel)
    if not found.is_open or not may:
        raise not_for_you(channel)
    return next((each.id for each in actor.postings if each.id in may), None)
