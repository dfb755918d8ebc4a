"""News between rooms: named, versioned domain events, published in the transaction of the change.

A room publishes; rooms above subscribe. A handler runs in the publisher's transaction, so it only writes rows or
defers jobs: it never calls the network and never locks what the publisher does not hold.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from . import clock
from .ids import new_id


@dataclass(frozen=True)
class News:
    """One domain event: `name` (`charge.paid`), `key` (what it is about) and ids in `payload`, no personal data."""

    id: UUID
    name: str
    version: int
    key: str
    payload: Mapping[str, Any]
    at: datetime


Handler = Callable[[News], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Subscribe the function to the events named."""

    def subscribe(handler: Handler) -> Handler:
        for name in names:
            if handler not in _handlers[name]:
                _handlers[name].append(handler)
        return handler

    return subscribe


def publish(name: str, *, key: str, payload: Mapping[str, Any], version: int = 1) -> News:
    """Write the event and let every subscriber react, all in the caller's transaction."""
    from .models import DomainEvent

    news = News(new_id(), name, version, key, dict(payload), clock.now())
    DomainEvent.objects.create(
        id=news.id, name=name, version=version, key=key, payload=dict(payload), at=news.at
    )
    for handler in _handlers[name]:
        handler(news)
    return news
