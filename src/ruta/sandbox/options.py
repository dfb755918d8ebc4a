"""What the sandbox is told when it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Where to listen, where to keep state, and the gateway's secret.

    `folder` holds `sandbox.sqlite` (all state) and `registers.json` (the registers of other agencies, written by
    whoever sets the scene). With `notify` off, notices wait to be collected instead of being posted.
    """

    folder: Path
    secret: str
    host: str = "127.0.0.1"
    port: int = 8001
    smtp_port: int = 8002
    notify: bool = True
