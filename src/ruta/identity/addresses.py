"""From which address somebody asks: the one place that tells it, for every limit of how often."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network


def address_of(request: HttpRequest) -> str:
    """The address of who asks: that of the connection, or behind our own proxies the one that they name.

    `X-Forwarded-For` is believed only from a peer of `RUTA_TRUSTED_PROXIES`, and read from the right: each proxy adds
    the address that it was asked from, so the first one that is not a proxy of ours is who asks. What stands further
    left the asker may have written. Empty where the connection has no address.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    while _is_ours(peer) and told:
        before = _read(told.pop())
        if before is None:
            break  # nobody who follows the convention wrote that
        peer = str(before)
    return peer


def _is_ours(address: str) -> bool:
    networks: tuple[Network, ...] = settings.TRUSTED_PROXIES
    found = _read(address)
    return found is not None and any(found in network for network in networks)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it, with or without port and brackets; an IPv4 one told as IPv6 is IPv4."""
    host = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
