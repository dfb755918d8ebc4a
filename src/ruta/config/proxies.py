"""The proxies in front of us that are believed when they say who asks."""

from ipaddress import IPv4Network, IPv6Network, ip_network


def read(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The addresses and networks that stand in `text` with commas, `127.0.0.1, 10.0.0.0/8`. Raises ValueError."""
    networks = []
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            networks.append(ip_network(each, strict=False))
        except ValueError:
            raise ValueError(
                f"RUTA_TRUSTED_PROXIES: {each!r} is no address nor network; write for example 127.0.0.1,10.0.0.0/8"
            ) from None
    return tuple(networks)
