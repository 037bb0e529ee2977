"""Small words of the pages: ages, codes as words, the text of a mail, sentences for errors."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

LONGEST_TEXT = 60_000  # bytes of a mail that are shown
LONGEST_PAYLOAD = 20_000  # characters of an item without a document
MOST_DIGITS = 40  # of a number, before or behind the point
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SENTENCES = {
    400: "The request is not understood.",
    404: "There is no such page.",
    405: "This address takes no such request.",
    500: "This did not work. Go back and try it again.",
}
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="300" viewBox="0 0 800 300">'
    '<rect width="800" height="300" fill="#eef1f4"/><text x="400" y="155" text-anchor="middle" fill="#566273" '
    'font-family="sans-serif" font-size="24">This page cannot be shown. Download the file to look at it.</text></svg>'
)


def seen(value: object) -> object:
    """What a template prints, without characters that no page may hold or that would turn what stands around them."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return type(value)(_UNSEEN.sub("", value).encode("utf-8", "replace").decode())


def ago(then: datetime, now: datetime) -> str:
    """An age in words: 5 min, 3 h, 2 days."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def words(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def is_writable(number: Decimal) -> bool:
    """Whether a number can be written digit by digit: 1E+50000000 would fill 50 MB."""
    return number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS


def plain(number: Decimal) -> str:
    """A quantity or price without superfluous zeros: 12, 4.29."""
    return f"{number.normalize():f}"


def beginning(raw: bytes) -> str:
    """The beginning of a text file, whatever its encoding."""
    text = raw[:LONGEST_TEXT].decode("utf-8", "replace")
    return text + ("\n[...]" if len(raw) > LONGEST_TEXT else "")


def payload(value: Any) -> str:
    """What an item holds that is no document."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text[:LONGEST_PAYLOAD] + ("\n[...]" if len(text) > LONGEST_PAYLOAD else "")
