"""Agencies' systems that file by API: make a key, list keys with their last use, revoke one."""

from datetime import timedelta
from typing import Annotated

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="What the system is called, with its agency.")],
    office: Annotated[str, typer.Option(help="Code of the office for which it files.")],
    role: Annotated[str, typer.Option(help="Role under which it files, as rules see it.")],
    scope: Annotated[
        list[str], typer.Option(help="Scope that an act names (who: {api: …}); may be repeated.")
    ],
    level: Annotated[str, typer.Option(help="How surely you know whose it is: low … very_high.")] = "high",
    days: Annotated[int, typer.Option(help="Days until the key expires; 0: never.", min=0)] = 365,
) -> None:
    """Make a key and show it, this once."""
    setup.django()
    from ruta.identity import clients
    from ruta.kernel import clock

    client, key = clients.make_client(
        name=name,
        team=office,
        role=role,
        scopes=scope,
        level=level,
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )
    typer.echo(
        f"System {client.pk}, {client.name}: {client.role}@{client.team.code}, {', '.join(client.scopes)}"
    )
    typer.echo(f"Its key, which nobody can show again:\n{key}")


@app.command(name="list")
def list_clients() -> None:
    """Show every system: office, scopes, how its key begins, last use, until when."""
    setup.django()
    from ruta.identity.models import ApiClient
    from ruta.kernel import clock

    found = list(ApiClient.objects.select_related("team").order_by("pk"))
    for each in found:
        used = f"used {each.last_used_at:%Y-%m-%d %H:%M} UTC" if each.last_used_at else "never used"
        if each.revoked_at:
            until = f"revoked {each.revoked_at:%Y-%m-%d}"
        elif each.expires_at:
            until = f"{'expired' if each.expires_at <= clock.now() else 'until'} {each.expires_at:%Y-%m-%d}"
        else:
            until = "no end"
        place = f"{each.role}@{each.team.code}"
        typer.echo(
            f"{each.pk}  {each.name}  {place}  {','.join(each.scopes)}  {each.key_hint}…  {used}  {until}"
        )
    if not found:
        typer.echo("No system has a key.")


@app.command()
def revoke(system: Annotated[int, typer.Argument(help="The system's number.")]) -> None:
    """End a system's key at once, for good."""
    setup.django()
    from ruta.identity import clients

    client = clients.revoke_client(system)
    typer.echo(f"System {client.pk}, {client.name}: its key is revoked.")
