"""Whose work an official answers for: the offices where its post supervises (`supervises` in `posts.csv`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ruta.definitions import posts
from ruta.identity.actors import Actor
from ruta.identity.models import Official

from . import perms

NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Supervised:
    """The offices (codes of teams), every candidate group of theirs, and the active postings in them."""

    offices: frozenset[str]
    groups: tuple[str, ...]
    officials: tuple[Official, ...]


def offices_of(actor: Actor) -> frozenset[str]:
    """The codes of the offices that the official supervises, by the posts of any service in force; empty for others."""
    if actor.kind != "official":
        return frozenset()
    return perms.supervised_offices(actor, posts.with_power("supervises", posts.titles()))


def of(actor: Actor) -> Supervised:
    """What the official supervises, with who works there, by name."""
    known = posts.titles()
    offices = perms.supervised_offices(actor, posts.with_power("supervises", known))
    groups = [f"{post.code}@{office}" for office in sorted(offices) for post in known]
    groups += [post.code for post in known if offices]
    working = Official.objects.filter(team__code__in=offices, team__agency__nit=actor.agency, active=True)
    working = working.select_related("person", "team")
    by_name = working.order_by("person__first_surname", "person__given_names", "id")
    return Supervised(offices, tuple(groups), tuple(by_name))


def open_tasks(actor: Actor, supervised: Supervised | None = None) -> Q:
    """The open tasks of the agency that are for a group of the supervised offices, or that somebody there has."""
    found = supervised or of(actor)
    if not found.offices:
        return NONE
    working = [each.pk for each in found.officials]
    theirs = Q(groups__overlap=list(found.groups)) | Q(assignee_id__in=working)
    return Q(status="open", case__agency=actor.agency) & theirs
