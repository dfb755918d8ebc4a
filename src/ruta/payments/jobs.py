"""Work outside a request: ask the gateway, expire charges, send money back."""

import contextlib
import logging
from datetime import timedelta
from uuid import UUID

from ruta.kernel import clock, jobs

from . import services
from .errors import GatewayRefused, GatewayUnavailable
from .models import Charge

logger = logging.getLogger(__name__)


@jobs.job(name="payments.reconcile", queue="payments", retry=3)
def reconcile_charge(charge_id: str) -> None:
    """Ask the gateway about a charge that it sent news of. An unreachable gateway is asked again by the
    clock."""
    services.reconcile(Charge.objects.get(pk=UUID(charge_id)))


@jobs.job(name="payments.send-back", queue="payments", retry=3)
def send_money_back(refund_id: str, attempt: int = 0) -> None:
    """Send an approved refund; while the gateway is unreachable, again after 1, 2, 4… minutes, at most 6
    hours apart."""
    try:
        services.send_refund(UUID(refund_id))
    except GatewayRefused:
        logger.error("refund %s: the gateway refuses it; it stays approved until somebody looks", refund_id)
    except GatewayUnavailable:
        wait = min(timedelta(minutes=2**attempt), timedelta(hours=6))
        send_money_back.defer_at(clock.now() + wait, refund_id=refund_id, attempt=min(attempt + 1, 9))


@jobs.periodic(cron="* * * * *", name="payments.reconcile-pending")
def reconcile_pending() -> None:
    """Every minute: sessions whose time to be asked has come, then charges whose time is over."""
    services.reconcile_pending()
    services.expire_charges()


@jobs.periodic(cron="20 6,11 * * *", name="payments.reconcile-day")
def reconcile_yesterday() -> None:
    """After midnight in Colombia (and again at six): the gateway's file of yesterday against the ledger."""
    with contextlib.suppress(GatewayUnavailable):
        services.reconcile_day(clock.today() - timedelta(days=1))
