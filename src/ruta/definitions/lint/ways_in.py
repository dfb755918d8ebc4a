"""Checks of who files an act and where: whom `who` names, some channel lets in, and no channel waits for nobody."""

from ..posts import LIST
from ..schema import ActSpec
from .draft import FILE, Draft

_KINDS = {"portal": "citizen", "counter": "citizen", "desk": "official", "api": "api"}
"""For whom each channel that is built is: kinds of `who`."""


def check(draft: Draft, name: str, act: ActSpec) -> None:
    """The ways in of an act that is begun here."""
    kinds = {who.kind for who in act.who}
    for at, channel in enumerate(act.channels):
        kind = _KINDS.get(channel)
        if kind is not None and not kinds & {kind, "anyone"}:
            _nobody(draft, draft.in_yaml("acts", name, "channels", at), channel, kind)
    open_to = {_KINDS[channel] for channel in act.channels if channel in _KINDS}
    for at, who in enumerate(act.who):
        if who.kind in _KINDS.values() and who.kind not in open_to:
            _nowhere(draft, draft.in_yaml("acts", name, "who", at), who.kind)
    if "counter" in act.channels and not _assisting(draft):
        _nobody(
            draft,
            draft.in_yaml("acts", name, "channels", act.channels.index("counter")),
            "counter",
            "assists",
        )
    if act.fee is not None and kinds & {"official", "api"} and {"desk", "api"} & set(act.channels):
        _nobody_pays(draft, draft.in_yaml("acts", name, "fee"))


def _assisting(draft: Draft) -> bool:
    return any(post.has("assists") for post in draft.lists[LIST][1]) if LIST in draft.lists else False


def _nobody(draft: Draft, line: int, channel: str, kind: str) -> None:
    wanted = {
        "citizen": ("citizen en who", "citizen in who"),
        "official": ("un cargo en who ({official: rol})", "a post in who ({official: role})"),
        "api": ("un alcance en who ({api: alcance})", "a scope in who ({api: scope})"),
        "assists": (
            "un cargo con «yes» en la columna assists de posts",
            "a post with yes in the column assists of posts",
        ),
    }[kind]
    draft.add(
        "channel-for-nobody",
        FILE,
        line,
        say={
            "es": f"Nadie puede radicar por el canal {channel}.",
            "en": f"Nobody may file through {channel}.",
        },
        cure={
            "es": f"Agregue {wanted[0]}, o quite el canal.",
            "en": f"Add {wanted[1]}, or remove the channel.",
        },
    )


def _nowhere(draft: Draft, line: int, kind: str) -> None:
    channels = " o ".join(channel for channel, its in _KINDS.items() if its == kind)
    draft.add(
        "who-without-channel",
        FILE,
        line,
        say={
            "es": "A quien who nombra ningún canal le abre.",
            "en": "No channel lets in whom who names.",
        },
        cure={
            "es": f"Agregue {channels} a channels.",
            "en": f"Add {channels.replace(' o ', ' or ')} to channels.",
        },
    )


def _nobody_pays(draft: Draft, line: int) -> None:
    draft.add(
        "fee-of-an-office",
        FILE,
        line,
        say={
            "es": "Una oficina no paga: lo que presenta de oficio con tarifa queda esperando un pago.",
            "en": "An office does not pay: what it files on its own with a fee waits for a payment.",
        },
        cure={
            "es": "Haga que la tarifa dé 0 cuando applicant.acts_as es «authority», o quite el canal.",
            "en": "Let the fee give 0 where applicant.acts_as is “authority”, or remove the channel.",
        },
    )
