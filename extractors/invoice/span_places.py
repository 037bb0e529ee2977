"""Where a name that was found in a receipt's head is printed: its own words, and what its place says of it."""

from __future__ import annotations

from extractors.invoice.head import Head
from extractors.invoice.layout import Piece
from extractors.invoice.spans import Span
from extractors.invoice.spelling import unaccented
from extractors.values import plain

_TALLEST = 2.5
"""Heights of usual print beyond which a name is no taller."""
_LATE = 6
"""Lines from which on a name stands late, however far down."""


def printed(head: Head, span: Span) -> tuple[Piece, ...]:
    """The words of the span's lines that its text is made of: numbers and lines that were cut off are none of it."""
    pieces = head.pieces(span.first, span.last)
    letters = [_letters(p.text) for p in pieces]
    wanted = _letters(span.text)
    start = "".join(letters).find(wanted)
    if start < 0 or not wanted:
        return pieces
    found, at = [], 0
    for piece, own in zip(pieces, letters, strict=True):
        if at < start + len(wanted) and at + len(own) > start:
            found.append(piece)
        at += len(own)
    return tuple(found) or pieces


def place_signs(head: Head, span: Span) -> tuple[tuple[str, float], ...]:
    """What confidence weighs of a name's place: size of print (against the usual, and the head's tallest), and lines
    around it that names do not follow or go before."""
    height = min(_TALLEST, (head.height(span.first) + head.height(span.last)) / 2)
    above = head.lines[span.first - 1].signs if span.first else {}
    below = head.lines[span.last + 1].signs if span.last + 1 < len(head.lines) else {}
    return (
        ("height", height - 1),
        ("below tallest", head.height(span.first) - head.tallest),
        ("late", min(_LATE, span.first) / 3),
        ("indent", head.lines[span.first].cell.x0 / max(1.0, head.width)),
        ("under title", above.get("title", 0.0)),
        ("under label", above.get("colon", 0.0)),
        ("over list", below.get("comma", 0.0)),
    )


def _letters(text: str) -> str:
    return "".join(c for c in plain(unaccented(text)) if c.isalnum())
