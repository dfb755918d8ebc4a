"""ClamAV, when configured: the file is streamed to `clamd` (INSTREAM) and kept only when it says OK."""

import socket
import struct
from typing import IO

from ruta.kernel.errors import Unavailable

CHUNK = 64 * 1024
TIMEOUT = 30
"""Seconds that clamd may take for one file."""


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(TIMEOUT)
        link.connect(address)
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host or "127.0.0.1", int(port)), timeout=TIMEOUT)


def version(address: str) -> str | None:
    """What the clamd at `address` says of itself and its signatures (`ClamAV 1.4.2/27500/…`); None where none answers."""
    try:
        with _connect(address) as link:
            link.settimeout(5)
            link.sendall(b"zVERSION\0")
            answer = _answer(link)
    except (OSError, ValueError):
        return None
    return answer or None


def _answer(link: socket.socket) -> str:
    """What clamd says, up to its end."""
    said = b""
    while not said.endswith(b"\0") and (part := link.recv(4096)):
        said += part
    return said.rstrip(b"\0").decode(errors="replace")


def virus_in(file: IO[bytes], *, address: str) -> str | None:
    """The name of what clamd at `address` (socket path or host:port) found, or None.

    A scanner that is configured and does not answer stops the upload: raises Unavailable.
    """
    try:
        with _connect(address) as link:
            link.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                link.sendall(struct.pack("!I", len(chunk)) + chunk)
            link.sendall(struct.pack("!I", 0))
            answer = _answer(link)
    except (OSError, ValueError) as wrong:
        raise _unanswered() from wrong
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise _unanswered()


def _unanswered() -> Unavailable:
    return Unavailable(
        {
            "es": "Archivo: en este momento no podemos revisar si trae virus. "
            "Inténtelo de nuevo en unos minutos; lo demás quedó guardado.",
            "en": "File: we cannot check it for viruses right now. "
            "Try again in some minutes; the rest is saved.",
        },
        field="/file",
        code="scanner-down",
    )
