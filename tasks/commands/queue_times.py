"""Moments and lengths of time as people type them."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

_LENGTH = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m(?:in)?)?(?:(\d{1,8})s)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
MOST = timedelta(days=3660)


def length(text: str) -> timedelta:
    """A length of time above zero: 90s, 10m, 2h, 1d, 1d12h. For argparse."""
    found = _LENGTH.fullmatch(text.strip().replace(" ", "").lower())
    if found is None or not any(found.groups()):
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time such as 90s, 10m, 2h or 1d12h")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta(0) < whole <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} must be above zero and at most ten years")
    return whole


def moment(text: str, now: datetime | None = None) -> datetime:
    """A moment: 2026-11-23T08:00 (this machine's time zone unless it says another), or 08:00, the next one. Aware."""
    now = now or datetime.now(UTC)
    clock = _CLOCK.fullmatch(text.strip())
    try:
        if clock is None:
            said = datetime.fromisoformat(text.strip())
            return said.astimezone(UTC)
        here = now.astimezone()
        said = here.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return (said if said > here else said + timedelta(days=1)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is no moment such as 2026-11-23T08:00 or 08:00") from None
