"""What people read for a post and for a candidate group: its title and its team, never the code.

A group is a role (`registrar`) or a role in a team (`registrar@1501-15001`). Titles stand in the shared list `posts`,
names of teams in the register of agencies; a code that neither knows is shown as it is.
"""

from collections.abc import Iterable, Mapping

from ruta.identity.selectors import team_names

from .runtime import CompiledService, compiled
from .selectors import versions_in_force
from .tables import CodeList

LIST = "posts"
LANGUAGES = ("es", "en")


def titles(service: CompiledService | None = None) -> CodeList:
    """The titles of posts as the service's files have them; without a service, those in force today."""
    if service is None:
        newest = versions_in_force().first()
        service = compiled(newest.pk) if newest is not None else None
    found = service.lists.get(LIST) if service is not None else None
    return found or CodeList(LIST, ())


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
