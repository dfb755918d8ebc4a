"""What every page knows: language, who is signed in, what sample country it is."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from ruta.identity.actors import Actor, actor_of
from ruta.kernel.texts import current_language

APPEARANCES = ("auto", "light", "dark")
APPEARANCE_COOKIE = "ruta_appearance"


@dataclass
class SiteContext:
    """One request's view of the site. What costs a query is asked for only when a template uses it."""

    request: HttpRequest

    @property
    def lang(self) -> str:
        """`es` or `en`."""
        return current_language()

    @property
    def other_lang(self) -> str:
        """The language that the switch offers."""
        return "es" if self.lang == "en" else "en"

    @property
    def public_url(self) -> str:
        """Scheme and host of the portal, without a final slash."""
        return str(settings.PUBLIC_URL)

    @property
    def demo(self) -> bool:
        """Whether this is the sample country: people and money are invented."""
        return bool(settings.DEMO)

    @property
    def here(self) -> str:
        """Path and query of this page, to come back to."""
        return self.request.get_full_path() if self.request.method in ("GET", "HEAD") else self.request.path

    @property
    def appearance(self) -> str:
        """auto, light or dark."""
        wanted = self.request.COOKIES.get(APPEARANCE_COOKIE, "auto")
        return wanted if wanted in APPEARANCES else "auto"

    @cached_property
    def actor(self) -> Actor:
        """Who is signed in, as a person."""
        user = getattr(self.request, "user", AnonymousUser())
        return actor_of(self.request) if user.is_authenticated else Actor.anonymous()

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.actor.kind != "anonymous"

    @property
    def account_name(self) -> str:
        """Short name of who is signed in: `María F. Rojas`, or the e-mail address; empty for a stranger."""
        return short_name(self.actor.names) or self.actor.name

    @cached_property
    def desk_url(self) -> str:
        """The desk, for an official; else empty."""
        if not self.signed_in or actor_of(self.request, desk=True).kind != "official":
            return ""
        return reverse("desk:inbox")


def short_name(names: str) -> str:
    """`María Fernanda Rojas Pérez` as `María F. Rojas`: what fits on a button and still is a name."""
    words = names.split()
    if len(words) < 4:
        return names
    return f"{words[0]} {words[1][0]}. {words[-2]}"


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor: `site` in every template."""
    return {"site": SiteContext(request)}
