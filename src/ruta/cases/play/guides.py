"""Whom one becomes in the sample country: people with something to do, officials with work, and anybody by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from ruta.identity.models import Account, Official
from ruta.kernel import names

from ..models import Task
from ..models.task import TaskStatus


@dataclass(frozen=True)
class Guide:
    """Somebody whom one can become: the account, and what there is to see."""

    account: Account
    name: str
    role: str  # empty for a citizen, else the official's post
    cases: int
    tasks: int


def guides() -> list[Guide]:
    """A citizen with cases, one who must pay, and for each role the official with most open work."""
    return [*citizens(limit=4), *officials()]


def citizens(*, query: str = "", limit: int = 20) -> list[Guide]:
    """Citizens with an account, those with most cases first; `query` is part of a name."""
    found = Account.objects.filter(person__isnull=False, postings__isnull=True, is_active=True)
    for word in names.fold(query).split():
        found = found.filter(person__search_name__contains=word)
    found = found.annotate(
        open_cases=Count("person__cases", filter=Q(person__cases__status="open"), distinct=True),
        all_cases=Count("person__cases", distinct=True),
    )
    rows = found.select_related("person").order_by("-open_cases", "-all_cases", "id")[:limit]
    return [Guide(account, _name(account), "", account.all_cases, 0) for account in rows]


def officials() -> list[Guide]:
    """One official for each role of each team, with the open work of that role."""
    found = []
    for posting in (
        Official.objects.filter(active=True).select_related("account", "person", "team").order_by("id")
    ):
        tasks = Task.objects.filter(
            status=TaskStatus.OPEN, groups__overlap=[posting.role, posting.group]
        ).count()
        found.append(
            Guide(
                posting.account, posting.person.full_name, f"{posting.role} · {posting.team.name}", 0, tasks
            )
        )
    return sorted(found, key=lambda guide: -guide.tasks)


def _name(account: Account) -> str:
    return account.person.full_name if account.person else account.email
