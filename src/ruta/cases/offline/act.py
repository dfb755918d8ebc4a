"""What a filing that was made without a network brings along: its day, its device's clock, its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class OfflineAct:
    """`acted_on` is the day that the office says, which counts as that of filing; `device_at` what the device's clock said.

    `numbers` ({register, range, number}) are of the blocks that `holder` (the kit's id) took: on paper they are given.
    """

    holder: str
    line: int
    acted_on: date
    device_at: str
    numbers: tuple[Mapping[str, Any], ...] = ()
