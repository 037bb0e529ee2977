"""Finders of who sells and who buys, by heading, sender line, letterhead, address window and footer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.invoice.blocks import (
    Block,
    address_after,
    blocks,
    is_company,
    is_contact,
    is_country,
    is_id,
    is_label,
    is_street,
    is_town,
    legal_strength,
    may_be_name,
)
from extractors.invoice.candidates import Candidate, Context, Hit, Label, hits, label, merged
from extractors.invoice.layout import Cell
from extractors.invoice.receipts import shop_address, shop_names
from extractors.values import plain

_SELLER: tuple[Label, ...] = (
    label("seller", 0.0, r"[a-z.]+-(?:lieferant|lief|verkaufer)|bill(?:ed|ing)?\s+(?:from|address)"),
    label("seller", 0.0, r"(?:lieferanten|supplier|seller|vendor|fournisseur|verkaufer)-?\s*(?:nr|nummer|no|number|id|code|vat|iban|bic|legal|#|item|art)\S*"),
    label("seller", 0.97, r"ver\s?kaufer|seller|rechnungs(?:ersteller|steller|aussteller)|vendeur|emetteur|vendor|supplier|fournisseur|lieferant|verkauft\s+von|sold\s+by|leistungserbringer"),
    label("seller", 0.8, r"from|remit(?:\s+payment)?\s+to|send\s+payment\s*to|absender|payable\s+to|contract\s+agreement\s+between"),
)  # fmt: skip
_BUYER: tuple[Label, ...] = (
    label("buyer", 0.0, r"ver\s?kaufer|[a-z.]+-kunde|(?:tva|vat|ust\S*)\s+(?:client|kunde|customer)"),
    label("buyer", 0.0, r"(?:kunden|customer|client|buyer|kaufer|advertiser|bill\s+to)-?\s*(?:nr|nummer|no\b|number|id|code|vat|ref\w*|order|legal|electronic|external|#|konto|tax|name:?\s*$|contact|po|reference|service|copy)\S*"),
    label("buyer", 0.97, r"kaufer(?:\s*/\s*leistungsempfanger)?|buyer|bill(?:ed)?\s*-?\s*to|invoice(?:d)?\s+to|rechnungs(?:empfanger|adresse|anschrift)|leistungsempfanger|sold\s*-?\s*to|acheteur|factur[ée]e?\s+a|client|adresse\s+de\s+facturation|billing\s+address"),
    label("buyer", 0.85, r"kunde|customer|auftraggeber|besteller|empfanger|issued\s+to|to"),
)  # fmt: skip
_ADVERTISER: tuple[Label, ...] = (
    label("advertiser", 0.0, r"advertiser\s*(?:code|ref\w*|external|id|#|share|rating)\S*|(?:agency\s*/\s*advertiser|advertiser\s*/\s*agency)"),
    label("advertiser", 0.98, r"advertiser(?:\s*/\s*t-code)?(?:\s+name)?"),
    label("advertiser", 0.6, r"client"),
)  # fmt: skip
_NAME = re.compile(r"^(?:firmen)?name\s*:?$|^firma\s*:?$")
_SEPARATED = re.compile(r"\s+[·•|\-–—*/]\s+|\s*[·•|]\s*|,\s+")
_CODE_TAIL = re.compile(r"\s*\(\s*\d+\s*\)?$|\s+\(\d*$")


def find_supplier_name(context: Context) -> list[Candidate]:
    """Who sells: whom the invoice wants paid, to whom an order is addressed."""
    if context.kind == "receipt":
        return merged(shop_names(context))
    named = list(_headed(context, _SELLER))
    buyers = {c.value.lower() for c in _headed(context, _BUYER) if c.score > 0.7}
    unnamed = _window(context) if context.kind == "order" and not context.is_advertising else _letterhead(context)
    found = [*named, *unnamed]
    return merged([_firm(c.scaled(0.3) if c.value.lower() in buyers else c, found) for c in found])


def find_buyer_name(context: Context) -> list[Candidate]:
    """Who buys; on advertising papers the advertiser."""
    if context.kind == "receipt":
        return []
    if context.is_advertising:
        return merged(list(_headed(context, _ADVERTISER)))
    named = list(_headed(context, _BUYER))
    if any(c.score > 0.8 for c in named):
        return merged(named)
    sellers = {c.value.lower() for c in find_supplier_name(context)[:2]}
    unnamed = _letterhead(context) if context.kind == "order" else _window(context)
    return merged([*named, *(c.scaled(0.35) if c.value.lower() in sellers else c for c in unnamed)])


def find_supplier_address(context: Context) -> list[Candidate]:
    """Street, postal code and town of the supplier, as one text."""
    names = find_supplier_name(context)
    if context.kind == "receipt":
        return shop_address(context, names[0] if names else None)
    found: list[Candidate] = []
    for name in names[:2]:
        for cells in _lines_after(context, name):
            if address := address_after(cells):
                text = ", ".join(c.text.strip(" ,") for c in address)
                pieces = tuple(p for c in address for p in c.pieces)
                notes = frozenset({"town"} if any(is_town(c.folded) for c in address) else set())
                score = name.score * (0.85 if notes else 0.5)
                found.append(Candidate(text, score, name.page, pieces, "below name", notes))
    return merged(found)


def _firm(candidate: Candidate, others: list[Candidate]) -> Candidate:
    """A short form (`Alphabet`) is worth less where the full name of a firm (`Alphabet ... GmbH`) stands, too."""
    short = candidate.value.lower()
    if is_company(short) or candidate.pattern == "seller":
        return candidate
    longer = any(o.value.lower().startswith(short + " ") and is_company(o.value.lower()) for o in others)
    return candidate.scaled(0.55) if longer else candidate


def _headed(context: Context, labels: tuple[Label, ...]) -> Iterator[Candidate]:
    """Names under, beside or after a heading; on later pages they count less."""
    first = context.sheet.pages[0].number
    for hit in hits(context.sheet, labels):
        if hit.label.weight <= 0 or not _is_heading(context, hit):
            continue
        for candidate in _after_heading(context, hit):
            yield candidate if candidate.page == first else candidate.scaled(0.85)


def _is_heading(context: Context, hit: Hit) -> bool:
    """Headings open their cell; on crowded advertising papers they may follow another field."""
    if not hit.cell.text[hit.start].isupper():
        return False
    return hit.start <= 2 or (context.is_advertising and _is_terse(hit.cell))


def _after_heading(context: Context, hit: Hit) -> Iterator[Candidate]:
    rest = hit.cell.text[hit.end :]
    if name := _clean(rest.lstrip(" :.-#")):
        if rest.lstrip()[:1] in (":", "") or context.is_advertising:
            yield _valued(context, hit, hit.cell, hit.end, name, hit.label.weight)
    elif len(rest.strip(" :")) <= 25:
        yield from _named_cell(context, hit)


def _is_terse(cell: Cell) -> bool:
    """Whether a cell is made of fields, not of sentences."""
    return len(cell.pieces) <= 16


def _named_cell(context: Context, hit: Hit) -> Iterator[Candidate]:
    """The cell that a heading without text of its own points to."""
    row = context.sheet.rows[hit.cell.row]
    beside = row.cells[hit.cell.index + 1 : hit.cell.index + 3]
    while beside and _NAME.match(beside[0].folded):
        beside = beside[1:]
    colon = hit.cell.text[hit.end :].strip().startswith(":") or context.is_advertising
    if beside and colon and (name := _clean(beside[0].text)):
        yield _valued(context, hit, beside[0], 0, name, hit.label.weight * 0.97)
        return
    if cell := _below_heading(context, hit):
        if name := _clean(cell.text):
            yield _valued(context, hit, cell, 0, name, hit.label.weight * 0.94)
        return
    if beside and not colon and (name := _clean(beside[0].text)) and is_company(beside[0].folded):
        yield _candidate(name, hit.label.weight * 0.7, beside[0], hit)


def _below_heading(context: Context, hit: Hit) -> Cell | None:
    """A `Name:` row of the section, or the first line under the heading that may be a name."""
    cell = hit.cell
    for n, row in context.sheet.below(cell, 8):
        for at, other in enumerate(row.cells):
            near = abs(other.x0 - cell.x0) < 4 * cell.height
            if near and _NAME.match(other.folded) and at + 1 < len(row.cells):
                return row.cells[at + 1]
            if near and n <= 4 and not _is_form(row.cells[at:]) and _may_be_party(other):
                return other
    return None


def _is_form(cells: list[Cell]) -> bool:
    """`Nummer:   549910`: a form's row, not a line of an address."""
    return cells[0].text.rstrip().endswith(":")


def _may_be_party(cell: Cell) -> bool:
    return may_be_name(cell.folded) and not is_id(cell.folded) and not is_street(cell.folded)


def _clean(text: str) -> str | None:
    """The name without codes and labels around it; None where the text is no name."""
    text = re.sub(r"^(?:name|firma)\s*:\s*", "", text.strip(), flags=re.IGNORECASE)
    text = _CODE_TAIL.sub("", text).strip(" ,:;|")
    if text.endswith(".") and len(text.split()) > 6:
        return None  # a sentence
    folded = plain(text)
    letters = sum(c.isalpha() for c in folded)
    if (
        letters < 2
        or len(text) > 90
        or is_town(folded)
        or is_label(folded)
        or (is_contact(folded) and not is_company(folded))
    ):
        return None
    if is_country(folded) and len(folded) > 3:
        return None
    return text


def _valued(context: Context, hit: Hit, cell: Cell, start: int, name: str, score: float) -> Candidate:
    """The name with the lines above and below that belong to the same field: nothing stands to their left."""
    is_field = context.is_advertising or (cell is not hit.cell and cell.index > 0)
    x0 = cell.span(min(start + 1, len(cell.text) - 1), len(cell.text))[0].x0
    parts, pieces = [name], [*cell.pieces]
    for step in (-1, 1) if is_field else ():
        at, edge = cell.row + step, cell
        while 0 <= at < len(context.sheet.rows) and len(parts) < 4:
            row = context.sheet.rows[at]
            other = next((c for c in row.cells if abs(c.x0 - x0) < 0.6 * c.height), None)
            if (
                other is None
                or row.page != cell.page
                or not _continues_name(other, edge, row.cells[: other.index], hit)
            ):
                break
            parts.insert(0 if step < 0 else len(parts), other.text)
            pieces += other.pieces
            at, edge = at + step, other
    return _candidate(" ".join(parts), score, cell, hit)


def _continues_name(cell: Cell, edge: Cell, left: list[Cell], hit: Hit) -> bool:
    gap = max(cell.y0 - edge.y1, edge.y0 - cell.y1)
    text = cell.folded
    if gap > 0.35 * edge.height or any(c.x1 > hit.cell.x0 - cell.height for c in left):
        return False
    return (
        not (":" in text or is_street(text) or is_town(text) or is_contact(text) or is_id(text) or is_label(text))
        and len(text) < 60
    )


def _candidate(name: str, score: float, cell: Cell, hit: Hit) -> Candidate:
    notes = frozenset({"legal"} if is_company(plain(name)) else set())
    return Candidate(name, score, cell.page, tuple(cell.pieces), hit.label.name, notes)


def _letterhead(context: Context) -> list[Candidate]:
    """Sender lines, blocks with telephone numbers, and firms at the top and the foot of the pages."""
    first = context.sheet.pages[0].number
    found: list[Candidate] = []
    for block in blocks(context.sheet, first):
        top = context.sheet.place(block.cells[0])[1]
        for cell in block.cells:
            if name := _sender(cell):
                found.append(_plain_candidate(name, 0.86, cell, "sender line"))
        name_cell = _name_line(block)
        if name_cell is None or not (name := _clean(name_cell.text)):
            continue
        score = 0.25 + 0.3 * legal_strength(name_cell.folded)
        score += 0.12 if block.has_contact else 0.0
        score += 0.12 if block.has_town and (block.has_contact or top < 0.12) else 0.0
        score += 0.1 if top < 0.15 or top > 0.85 else -0.05
        score += 0.06 if any(is_id(line) for line in block.lines) else 0.0
        score += 0.12 if _matches_domain(context, name) else 0.0
        score -= 0.25 if re.search(r"bank|sparkasse|banque|caisse", name_cell.folded) else 0.0
        score += 0.3 if _beside_window(context, block, first) else 0.0
        if _is_window(context, block) and top > 0.12:
            score -= 0.3
        found.append(_plain_candidate(name, score, name_cell, "letterhead"))
    return found


def _beside_window(context: Context, block: Block, page: int) -> bool:
    """Whether an address stands to the right of another one: the left is the addressee's, then."""
    if not block.has_town or context.sheet.place(block.cells[0])[1] > 0.4:
        return False
    others = [b for b in blocks(context.sheet, page) if b.has_town and b is not block and not _is_own(b)]
    mine = block.cells[0]
    return any(
        abs(b.cells[0].y0 - mine.y0) < 3 * mine.height and b.cells[0].x0 < mine.x0 - 10 * mine.height for b in others
    )


def _is_own(block: Block) -> bool:
    """Telephone numbers and tax numbers stand in the sender's block, not in the addressee's."""
    return block.has_contact or any(is_id(line) and not is_company(line) for line in block.lines)


def _window(context: Context) -> list[Candidate]:
    """The addressee: a block with a postal code, high on the page, without telephone numbers."""
    found = []
    for block in blocks(context.sheet, context.sheet.pages[0].number):
        name_cell = _name_line(block)
        if not block.has_town or name_cell is None or not (name := _clean(name_cell.text)):
            continue
        left, top = context.sheet.place(block.cells[0])
        score = 0.6 + (0.12 if 0.1 < top < 0.4 else -0.2) - (0.25 if _is_own(block) else 0.0)
        score += 0.08 if _is_window(context, block) else 0.0
        score -= 0.1 if top < 0.08 else 0.0
        if re.search(r"livraison|delivery|liefer|ship\s*to", " ".join(_heading(context, block))):
            score -= 0.15
        found.append(_plain_candidate(name, score, name_cell, "window"))
    return found


def _heading(context: Context, block: Block) -> list[str]:
    """What stands right above a block."""
    top = block.cells[0]
    rows = [context.sheet.rows[top.row - n] for n in (1, 2) if top.row >= n]
    return [c.folded for r in rows if r.page == top.page for c in r.cells if abs(c.x0 - top.x0) < 3 * top.height]


def _is_window(context: Context, block: Block) -> bool:
    """Whether the block stands where a window envelope shows the addressee, with a town in it."""
    left, top = context.sheet.place(block.cells[0])
    return block.has_town and not _is_own(block) and 0.1 < top < 0.36 and len(block.cells) <= 8 and left < 0.7


def _name_line(block: Block) -> Cell | None:
    """The line of a block that is the name: the first that may be one, above the street."""
    for cell in block.cells[:4]:
        if is_street(cell.folded) and not is_company(cell.folded):
            return None
        if _may_be_party(cell) or (is_company(cell.folded) and may_be_name(cell.folded)):
            return cell
    return None


def _sender(cell: Cell) -> str | None:
    """The name in `Kraxi GmbH · Flugzeugallee 17 · 12345 Papierfeld`."""
    parts = [p.strip() for p in _SEPARATED.split(cell.text) if p.strip()]
    if not 3 <= len(parts) <= 7 or not any(is_town(plain(p)) for p in parts[1:]):
        return None
    return _clean(parts[0]) if may_be_name(plain(parts[0])) and not is_street(plain(parts[0])) else None


def _matches_domain(context: Context, name: str) -> bool:
    """Whether a web or mail address on the paper bears the name."""
    words = [w for w in re.findall(r"[a-z]{4,}", plain(name)) if not is_company(w)]
    if not words:
        return False
    text = " ".join(c.folded for c in context.sheet.cells if "@" in c.text or "www" in c.folded)
    return any(w in text.replace("-", "") for w in words[:2])


def _plain_candidate(name: str, score: float, cell: Cell, pattern: str) -> Candidate:
    notes = frozenset({"legal"} if is_company(plain(name)) else set())
    return Candidate(name, max(0.02, min(0.95, score)), cell.page, tuple(cell.pieces), pattern, notes)


def _lines_after(context: Context, name: Candidate) -> Iterator[list[Cell]]:
    """What follows a name: the rest of its own line where that is a sender line, the cells below it."""
    last = name.pieces[-1]
    for block in blocks(context.sheet, name.page):
        for n, cell in enumerate(block.cells):
            if cell.pieces[-1] is not last:
                continue
            if name.pattern == "sender line":
                parts = [p for p in _SEPARATED.split(cell.text) if p.strip()][1:]
                runs = [
                    Cell(cell.span(s, s + len(p)), cell.page, cell.row) for p in parts if (s := cell.text.find(p)) >= 0
                ]
                yield runs
            yield block.cells[n + 1 :]
