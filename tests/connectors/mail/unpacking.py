"""What an unpacked mail holds, in short."""

from __future__ import annotations

from connectors import Unpacked


def names(unpacked: Unpacked) -> list[str]:
    return [p.name for p in unpacked.parts]


def paths(unpacked: Unpacked) -> list[str | None]:
    return [p.path for p in unpacked.parts]


def codes(unpacked: Unpacked) -> list[str]:
    return [d.code for p in unpacked.parts for d in p.doubts]
