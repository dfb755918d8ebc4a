"""Whom one becomes in the sample country: people with something to do, officials with work, and anybody by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from ruta.definitions.posts import groups_in_words
from ruta.identity.models import Account, Official
from ruta.kernel import names

from ..models import Task
from ..models.task import TaskStatus


@dataclass(frozen=True)
class Guide:
    """Somebody whom one can become: the account, and what there is to see.

    `role` is the post's code, empty for a citizen; `post` how people read it, with its team, in both languages.
    """

    account: Account
    name: str
    role: str
    cases: int
    tasks: int
    post: Mapping[str, str] = field(default_factory=dict)


def citizens(*, query: str = "", limit: int = 20) -> list[Guide]:
    """Citizens with an account, those with most cases first; `query` is part of a name."""
    found = Account.objects.filter(person__isnull=False, postings__isnull=True, is_active=True)
    for word in names.fold(query).split():
        found = found.filter(person__search_name__contains=word)
    told = Q(person__cases__sealed=False)
    found = found.annotate(
        open_cases=Count("person__cases", filter=Q(person__cases__status="open") & told, distinct=True),
        all_cases=Count("person__cases", filter=told, distinct=True),
    )
    rows = found.select_related("person").order_by("-open_cases", "-all_cases", "id")[:limit]
    return [Guide(account, _name(account), "", account.all_cases, 0) for account in rows]


def officials() -> list[Guide]:
    """Every posting with the open work of its role, those with most work first."""
    postings = list(
        Official.objects.filter(active=True).select_related("account", "person", "team").order_by("id")
    )
    open_work = [
        set(groups)
        for groups in Task.objects.filter(status=TaskStatus.OPEN, case__sealed=False).values_list(
            "groups", flat=True
        )
    ]
    posts = groups_in_words(posting.group for posting in postings)
    found = [
        Guide(
            posting.account,
            posting.person.full_name,
            posting.role,
            0,
            sum(bool({posting.role, posting.group} & groups) for groups in open_work),
            post,
        )
        for posting, post in zip(postings, posts, strict=True)
    ]
    return sorted(found, key=lambda guide: -guide.tasks)


def _name(account: Account) -> str:
    return account.person.full_name if account.person else account.email
