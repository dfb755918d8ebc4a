"""What the contract has and this release does not carry out, told by name, line and cure (ADR 0011).

An error where passing over it would change what somebody may do, owes or gets; a warning where nobody waits for it.
"""

from ..schema import ActSpec, ServiceFile
from .draft import FILE, Draft

CHANNELS = {
    "phone": ("radicar por teléfono", "filing by telephone"),
    "post": ("radicar por correo", "filing by post"),
}
WHO = {
    "representative": ("mandatos para pedir por otra persona", "mandates to file for somebody else"),
}
"""Who may start an act, and where: what each would need."""


def check(draft: Draft, service: ServiceFile) -> None:
    """Every key of `service.yaml` that nothing reads."""
    for name, act in service.acts.items():
        _act(draft, name, act)
        if f"acts/{name}/form.json" in draft.folder.files:
            _ways_in(draft, name, act)


def _act(draft: Draft, name: str, act: ActSpec) -> None:
    here = ("acts", name)
    for at, term in enumerate(act.terms):
        if term.extend_once is not None:
            _refuse(
                draft,
                (*here, "terms", at, "extend_once"),
                "prorrogar un término (extend_once)",
                "extending a term (extend_once)",
            )
    for at, output in enumerate(act.outputs):
        if output.valid_for != "unlimited":
            _refuse(
                draft,
                (*here, "outputs", at, "valid_for"),
                f"resultados que vencen (valid_for: {output.valid_for})",
                f"outputs that expire (valid_for: {output.valid_for})",
            )


def _ways_in(draft: Draft, name: str, act: ActSpec) -> None:
    """Who and where the public page would promise what nobody can do yet."""
    for at, who in enumerate(act.who):
        if who.kind in WHO:
            _pass_over(draft, ("acts", name, "who", at), *WHO[who.kind])
    for at, channel in enumerate(act.channels):
        if channel in CHANNELS:
            _pass_over(draft, ("acts", name, "channels", at), *CHANNELS[channel])


def _refuse(draft: Draft, path: tuple[str | int, ...], es: str, en: str) -> None:
    draft.add(
        "not-built",
        FILE,
        draft.in_yaml(*path),
        say={"es": f"Aún no está construido: {es}.", "en": f"Not built yet: {en}."},
        cure={"es": "Espere a que lo esté, o quítelo.", "en": "Wait until it is, or remove it."},
    )


def _pass_over(draft: Draft, path: tuple[str | int, ...], es: str, en: str) -> None:
    draft.add(
        "not-built-yet-ignored",
        FILE,
        draft.in_yaml(*path),
        say={"es": f"Aún no está construido: {es}.", "en": f"Not built yet: {en}."},
        cure={"es": "Puede quedarse; se pasa por alto.", "en": "It may stay; it is passed over."},
    )
