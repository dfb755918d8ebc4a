"""The double-entry ledger: every movement has legs that sum to zero, and nothing posted is ever changed.

Accounts: `receivable` (asked and not yet covered), `gateway` and `bank` (money on its way to or at the
agency), `credit` (money that belongs to a payer), `revenue:<beneficiary>`. Debit is positive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Sum

from ruta.kernel import clock
from ruta.kernel.ids import new_id

from .models import Charge, LedgerEntry, Payment

RECEIVABLE, GATEWAY, BANK, CREDIT = "receivable", "gateway", "bank", "credit"


def revenue(beneficiary: str) -> str:
    """The account of what a beneficiary earns (NIT without check digit, or empty: the agency itself)."""
    return f"revenue:{beneficiary or 'agency'}"


def post(
    what: str,
    legs: Iterable[tuple[str, int]],
    *,
    charge: Charge | None = None,
    payment: Payment | None = None,
) -> None:
    """Write one movement. Legs of 0 are left out; the database refuses legs that do not sum to zero."""
    posting, at = new_id(), clock.now()
    summed: dict[str, int] = defaultdict(int)
    for account, amount in legs:
        summed[account] += amount
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            posting=posting, account=account, amount=amount, what=what, charge=charge, payment=payment, at=at
        )
        for account, amount in summed.items()
        if amount
    )


def revenue_legs(lines: Iterable[Mapping[str, Any]], *, sign: int) -> list[tuple[str, int]]:
    """The revenue legs of a charge's lines: each beneficiary its own share, exactly."""
    return [(revenue(line["beneficiary"]), sign * line["amount"]) for line in lines]


def balances() -> dict[str, int]:
    """The balance of every account; they sum to zero."""
    return {
        row["account"]: row["balance"]
        for row in LedgerEntry.objects.values("account").annotate(balance=Sum("amount")).order_by("account")
    }


def share(lines: Iterable[Mapping[str, Any]], amount: int) -> list[tuple[str, int]]:
    """Split `amount` over the beneficiaries of `lines` in proportion and to the peso (largest remainder
    first)."""
    by_account: dict[str, int] = defaultdict(int)
    for line in lines:
        by_account[revenue(line["beneficiary"])] += line["amount"]
    total = sum(by_account.values())
    if not amount or not total:
        return [(revenue(""), amount)] if amount else []
    shares = {account: amount * part // total for account, part in by_account.items()}
    by_remainder = sorted(by_account, key=lambda account: (-(amount * by_account[account] % total), account))
    for account in by_remainder[: amount - sum(shares.values())]:
        shares[account] += 1
    return list(shares.items())
