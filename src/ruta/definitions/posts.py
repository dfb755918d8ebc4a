"""What people read for a post and for a candidate group, and what a post may do in every service.

A group is a role (`registrar`) or a role in a team (`registrar@1501-15001`). Posts stand in the shared list `posts`:
their titles, and in the columns `signs`, `refunds`, `supervises` and `assists` whether they answer for documents, approve
refunds, get what others let expire, and file at the counter for a person who is present. Names of teams stand in the
register of agencies; a code that neither knows is shown as it is.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Literal

from ruta.identity.selectors import team_names

from .runtime import CompiledService, compiled
from .selectors import versions_in_force
from .tables import CodeList

LIST = "posts"
LANGUAGES = ("es", "en")
Power = Literal["signs", "refunds", "supervises", "assists"]


def titles(service: CompiledService | None = None) -> CodeList:
    """The posts as the service's files have them; without a service, those of every service in force today."""
    if service is not None:
        return service.lists.get(LIST) or CodeList(LIST, ())
    lists = [titles(compiled(version.pk)) for version in versions_in_force()]
    known = {post.code: post for post in chain.from_iterable(reversed(lists))}
    return CodeList(LIST, tuple(known.values()))


def with_power(power: Power, posts: CodeList) -> tuple[str, ...]:
    """The codes of the posts that may do it, in the order of the list: the first is the first to be asked."""
    return tuple(post.code for post in posts if post.has(power))


def groups_in_words(
    groups: Iterable[str], service: CompiledService | None = None
) -> tuple[Mapping[str, str], ...]:
    """Each group in both languages: `Registrador · Registraduría Especial de Tunja`. One query for all teams."""
    split = [group.partition("@") for group in groups]
    teams = team_names(code for _, _, code in split if code)
    posts = titles(service)
    return tuple(
        {
            lang: " · ".join(
                part for part in (posts.title(role, lang), teams.get(code, code) if code else "") if part
            )
            for lang in LANGUAGES
        }
        for role, _, code in split
    )
