"""Some pages of a PDF as a PDF of their own. Runs inside a bounded child, as every reader of files does."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from extractors.refusal import Refused


def cut(path: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    """A PDF for each range of pages (from 1, both ends included), always the same bytes. [] where it cannot be cut."""
    import pikepdf

    try:
        with pikepdf.open(Path(path)) as whole:
            if any(not 1 <= first <= last <= len(whole.pages) for first, last in ranges):
                return []
            return [_pages(whole, first, last) for first, last in ranges]
    except (pikepdf.PdfError, ValueError, OSError, Refused):
        return []


def _pages(whole: object, first: int, last: int) -> bytes:
    import pikepdf

    made, out = pikepdf.new(), BytesIO()
    made.pages.extend(whole.pages[first - 1 : last])  # type: ignore[attr-defined]
    made.remove_unreferenced_resources()
    made.save(out, deterministic_id=True)
    return out.getvalue()
