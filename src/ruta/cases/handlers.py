"""News from rooms below becomes a job that steps the case; nothing is locked here."""

from ruta.documents import perms as documents
from ruta.documents.services import keep_bytes_for
from ruta.kernel.events import News, handles

from . import erasure, jobs, perms

documents.set_visible_cases(lambda actor: perms.whole_to(actor).values("number"), perms.hidden_from)
keep_bytes_for(erasure.bytes_of_drafts)


@handles("charge.paid", "charge.expired", "charge.void", "refund.sent", "refund.declined", "output.issued",
         "telling.answered")  # fmt: skip
def finish_box(news: News) -> None:
    """A box that waits for this has its result."""
    about = next(filter(None, map(news.payload.get, ("code", "refund_id", "charge_id", "telling_id"))))
    _finish(news, str(about))


@handles("payment.held")
def money_held(news: News) -> None:
    """Money that was not due came for a case: its office sends it back, and its payer is told."""
    if news.payload.get("case_id"):
        jobs.money_held.defer(case_id=str(news.payload["case_id"]), refund_id=str(news.payload["refund_id"]))


@handles("refund.sent", "refund.declined")
def held_money_decided(news: News) -> None:
    """No box waits for the refund of held money: the history and the payer are told."""
    if news.payload.get("case_id") and news.payload.get("token") is None:
        jobs.held_money_decided.defer(
            case_id=str(news.payload["case_id"]), refund_id=str(news.payload["refund_id"])
        )


@handles("message.sent", "message.failed")
def message_sent(news: News) -> None:
    """A box that sends is done, delivered or given up, unless opening counts."""
    if not news.payload.get("legal"):
        _finish(news, str(news.payload["message_id"]))


@handles("message.opened")
def message_opened(news: News) -> None:
    """A legal message was opened: the case is notified, and the box that waited for it is done."""
    if news.payload.get("legal") and news.payload.get("case_id"):
        jobs.notified.defer(
            case_id=news.payload["case_id"],
            at=news.payload["opened_at"],
            message=str(news.payload["message_id"]),
        )
        _finish(news, str(news.payload["message_id"]))


@handles("message.unopened")
def message_unopened(news: News) -> None:
    """Five business days and nobody opened the notice: the office notifies by another way."""
    if news.payload.get("case_id"):
        jobs.notify_on_paper.defer(case_id=news.payload["case_id"], message=str(news.payload["message_id"]))


def _finish(news: News, about: str) -> None:
    if news.payload.get("case_id") and news.payload.get("token") is not None:
        jobs.finish.defer(
            case_id=str(news.payload["case_id"]),
            token=int(news.payload["token"]),
            kind=news.name,
            about=about,
        )
