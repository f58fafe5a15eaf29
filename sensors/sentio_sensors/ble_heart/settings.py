"""Settings of a heart-rate strap."""

from __future__ import annotations

from typing import Annotated

import msgspec


class BleHeartSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a heart-rate strap.

    Attributes:
        device: Its address, or a part of its name that ``sentio devices`` shows; empty for the
            only one in range.
        scan: Search time of each attempt, seconds.
    """

    device: str = ""
    scan: Annotated[float, msgspec.Meta(ge=0.5, le=60)] = 5.0
