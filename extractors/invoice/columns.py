"""Which words of a table's row stand in which column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.invoice.candidates import Context
from extractors.invoice.layout import Piece, Row
from extractors.invoice.table import TEXT_ROLES, Column, Header
from extractors.values import Amount, amounts_in

FIGURES = frozenset({"quantity", "unit_price", "amount", "tax_rate", "discount"})


@dataclass
class Chunk:
    """Words of a row that belong together in one column."""

    pieces: list[Piece]
    text: str
    role: str = ""
    amount: Amount | None = None

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def chunks(context: Context, header: Header, row: Row) -> list[Chunk]:
    """The words of a body row as chunks, each with the role of its column."""
    found: list[Chunk] = []
    starts = [c.x0 for c in header.columns if c.role in TEXT_ROLES]
    figures = [c for c in header.columns if c.role in FIGURES]
    texts = [c.x0 for c in header.columns if c.role == "description"]
    loose = 0.6 if context.sheet.is_ocr else 0.3  # places of recognised words are reckoned from their letters
    for run in _runs(row, starts, figures, loose):
        is_text = any(abs(run[0].x0 - x) < 0.8 * header.height for x in texts)
        found += _typed(context, run, is_text)
    for chunk in found:
        chunk.role = _role(header, chunk)
    return found


def bare_chunks(context: Context, row: Row) -> list[Chunk]:
    """The words of a row as chunks where no header says what stands in which column."""
    return [chunk for run in _runs(row, ()) for chunk in _typed(context, run, is_text=False)]


def _runs(
    row: Row, starts: Sequence[float], figures: Sequence[Column] = (), loose: float = 0.3
) -> Iterator[list[Piece]]:
    """Words that stand together, broken where a left-aligned column begins, between numbers, and before a number
    that stands below the title of a column of figures."""
    run: list[Piece] = []
    for piece in row.pieces:
        if run:
            height = min(piece.height, run[-1].height)
            gap = piece.x0 - run[-1].x1
            both_numbers = (
                run[-1].text[-1:].isdigit() and piece.text[:1].isdigit() and not _is_thousands(run[-1], piece)
            )
            begins = any(abs(piece.x0 - s) < loose * height for s in starts) and gap > 0.12 * height
            is_figure = _FIGURE.match(piece.text) and any(
                c.x0 - 0.5 * height <= piece.x0 and piece.x1 <= c.x1 + 0.5 * height and run[0].x0 < c.x0 - height
                for c in figures
            )
            begins = begins or (bool(is_figure) and not _is_thousands(run[-1], piece))
            if gap > 0.85 * height or begins or (both_numbers and gap > 0.42 * height):
                yield run
                run = []
        run.append(piece)
    if run:
        yield run


def _is_thousands(left: Piece, right: Piece) -> bool:
    """`1 245,00`: a space for thousands is no space between columns."""
    gap = right.x0 - left.x1
    height = min(left.height, right.height)
    if gap <= 0.5 * height and re.fullmatch(r"-?[1-9]\d{0,2}", left.text) and re.fullmatch(r"\d{3}", right.text):
        return True
    near = gap <= 0.75 * height
    return near and bool(re.fullmatch(r"[-+]?\d{1,3}", left.text) and re.fullmatch(r"\d{3}[.,]\d{2,4}\D?", right.text))


_FIGURE = re.compile(r"[-+]?\d[\d.,']*[.,]\d+-?$")
_GLUED = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,4})?)((?:stk|st|stck|stuck|stück|pcs?|pce|kg|g|to?|l|ltr|m[²³23]?|km|cm|mm|h|std|hrs?|tage?|units?"
    r"|unités?|pièces?|psch|pauschal|ea|each|box|pkg|pk|pal|c62|mtk|kwh)\.?)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"^[^\w]{0,2}(?:[A-Z]{3}\s?|[€$£]\s?|RM\s?)?[-–−+(]?"
    r"[\d.,'’\s]*\d[\d.,'’]*\)?-?\s?(?:%|€|\$|£|[A-Z]{3})?\*?$"
)


def _typed(context: Context, run: list[Piece], is_text: bool) -> Iterator[Chunk]:
    """A run as one chunk of text or as numbers, a quantity with its unit apart (unless it begins a description)."""
    text = " ".join(p.text for p in run)
    if _NUMERIC.match(text):
        amounts = list(amounts_in(text, context.mark))
        if len(amounts) == 1:
            yield Chunk(run, text, amount=amounts[0])
            return
    if len(run) > 1 and not is_text and (lead := _lead_number(context, run)):
        yield lead
        rest = run[len(lead.pieces) :]
        yield Chunk(rest, " ".join(p.text for p in rest))
        return
    if not is_text and (glued := _GLUED.fullmatch(run[0].text)):
        amounts = list(amounts_in(glued[1], context.mark))
        if len(amounts) == 1:
            yield Chunk(run[:1], glued[1], amount=amounts[0])
            yield Chunk(run, " ".join([glued[2], *(p.text for p in run[1:])]))
            return
    yield Chunk(run, text)


def _lead_number(context: Context, run: list[Piece]) -> Chunk | None:
    """`20` in `20 Stk.`: a number before a short unit."""
    size = 2 if len(run) > 2 and _is_thousands(run[0], run[1]) else 1
    number, rest = " ".join(p.text for p in run[:size]), " ".join(p.text for p in run[size:])
    if len(rest) > 12 or not _NUMERIC.match(number) or not re.match(r"[A-Za-zµ²³°%/.()\d-]+$", rest.replace(" ", "")):
        return None
    amounts = list(amounts_in(number, context.mark))
    return Chunk(run[:size], number, amount=amounts[0]) if len(amounts) == 1 else None


def _role(header: Header, chunk: Chunk) -> str:
    """The role of the column in which a chunk stands."""
    if chunk.amount is not None:
        numeric = [c for c in header.columns if c.role not in ("description", "date", "")]
        nearest = min(numeric, key=lambda c: (_distance(c, chunk), abs(c.x1 - chunk.x1)), default=None)
        if nearest and _distance(nearest, chunk) < 2.5 * header.height:
            inside = [
                c for c in header.columns if c.role == "description" and c.x0 - 1 <= chunk.x0 and chunk.x1 <= c.x1
            ]
            if not inside or _distance(nearest, chunk) == 0:
                return nearest.role
        return _text_role(header, chunk)
    return _text_role(header, chunk)


def _distance(column: Column, chunk: Chunk) -> float:
    return max(0.0, chunk.x0 - column.x1, column.x0 - chunk.x1)


def _text_role(header: Header, chunk: Chunk) -> str:
    """Text belongs to the column at whose left edge it begins, else to that in whose territory it begins."""
    texts = [c for c in header.columns if c.role in TEXT_ROLES]
    described = header.first("description")
    if described and chunk.x0 < described.x0 and chunk.x1 > described.x0 + 2 * header.height:
        return "description"  # a long text that begins under the title to the left
    exact = min(texts, key=lambda c: abs(c.x0 - chunk.x0), default=None)
    if exact and abs(exact.x0 - chunk.x0) < 0.8 * header.height:
        return exact.role
    for n, column in enumerate(header.columns):
        left = header.columns[n - 1].x1 if n else float("-inf")
        right = header.columns[n + 1].x0 if n + 1 < len(header.columns) else float("inf")
        if column.role in TEXT_ROLES and left <= chunk.x0 + 0.5 * header.height and chunk.x0 < right:
            return column.role
    return "unit" if _distance_to(header, "quantity", chunk) < 3 * header.height and len(chunk.text) < 12 else ""


def _distance_to(header: Header, role: str, chunk: Chunk) -> float:
    column = header.first(role)
    return _distance(column, chunk) if column else float("inf")
