"""Tables of line items: the header row, its columns, and which words of a row stand in which column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.invoice.candidates import Context
from extractors.invoice.layout import Cell, Row
from extractors.values import amounts_in

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?<![a-z0-9_])(?:{pattern})(?![a-z])"))
    for role, pattern in (
        ("tax_rate", r"(?:ust|mwst|umsatzsteuer|vat|tva|gst|sst|tax|steuer|iva|btw|moms)[\s.-]*(?:rate|satz|%|code)"
                     r"|taux\s+tva|aliquota|tipo\s+iva|stawka(?:\s+vat)?"),
        ("discount", r"artikel-?rabatt|rabatt\s*%?|disc(?:ount)?\.?\s*%?|remise|rem\.|nachlass|allowances?"
                     r"|sconto|descuento|dto\.?|korting|rabat|desconto"),
        ("amount", r"(?:line|net|total|extended|ext)\s*(?:amount|total|price|net)(?:\s*(?:excl?\.?"
                   r"|net|ht|ttc|w/o)?\s*(?:vat|tax)?)?"
                   r"|(?:gesamt|end|positions)-?\s?(?:betrag|preis|summe|wert)"
                   r"|netto-?\s?(?:betrag|summe|wert)|prix\s+ht|montant(?:\s+ht)?"
                   r"|total\s+h\.?t\.?|price\s+w/o\s+tax|wartosc(?:\s+netto)?|prezzo\s+totale"),
        ("unit_price", r"(?:einzel|stuck|netto|e|unit|u)\.?\s?-?/?\s?(?:preis|price|cost|p)|s/price"
                       r"|preis\s*/?\s*(?:einheit|stk\.?|me)?"
                       r"|prix(?:\s+unit(?:aire|\.)?)?(?:\s+ht)?|p\.?u\.?(?:\s+ht)?"
                       r"|unit\s+price(?:\s+excl\.?\s*(?:vat)?)?|price|rate|cost|einzel|ansatz"
                       r"|tarif|prezzo(?:\s+unitario)?|precio(?:\s+unit(?:ario|\.)?)?|prijs|stukprijs"
                       r"|preco(?:\s+unit(?:ario|\.)?)?|cena(?:\s+(?:jedn\.?|netto))*|a-?\s?pris|styckpris|enhetspris"),
        ("tax_rate", r"(?:ust|mwst|umsatzsteuer|vat|tva|gst|sst|tax|taxes|steuer)\.?(?:\s?-?\s?(?:%"
                     r"|satz|rate|code))?|steuersatz|taux(?:\s+tva)?|iva|btw|moms"),
        ("quantity", r"menge|anzahl|qty\.?|quantity|quantite|qte\.?|stuckzahl|spots|hours|stunden|nombre|geliefert"
                     r"|quantita|q\.?ta|cantidad|cant\.?|aantal|quantidade|ilosc|antal|mangd"),
        ("unit", r"(?:meng\.?-?\s?)?einheit|units?|me|uom|unite|vke(?:/geb)?|u\.?m\.?|eenheid|j\.?m\.?|enhet"),
        ("code", r"(?:unsere\s+)?art(?:ikel)?\.?-?\s?(?:nr|nummer|no)\.?(?:-?(?:kunde|lieferant"
                 r"|lief))?\.?|sku|(?:item|product|part)\s*(?:code|number|no\.?|#|id)"
                 r"|ref(?:erenz(?:en)?|erence|\.)|code|gtin|ean"),
        ("description", r"beschreibung|(?:artikel)?-?bezeichnung|artikelbeschreibung"
                        r"|leistung(?:sbeschreibung)?|description|desc\.?|designation|libelle"
                        r"|items?|products?|particulars|program(?:\s+name)?|text|gegenstand"
                        r"|artikel|articles?|service|details|produits?|prestations?|descrizione|descripcion|concepto"
                        r"|omschrijving|descricao|nazwa|opis|beskrivning|benamning|prodotto|producto"),
        ("date", r"(?:start|end|air|liefer|shipment)?\s?(?:datum|dates?)"),
        ("position", r"pos\.?|position|lfd\.?(?:\s?nr\.?)?|#|\*?line|ln|no\.?|nr\.?|n[°o]|ligne|zeile"),
        ("amount", r"betrag|gesamt|g\.?p\.?|summe|total|amount|amt|wert|entgelt|netto|value|importo|importe"
                   r"|totale|bedrag|totaal|valor|kwota|belopp|summa|prix"),
    )
)  # fmt: skip
TEXT_ROLES = frozenset({"position", "code", "description", "unit", "date"})
_NOT_A_TABLE = re.compile(
    r"taxable|steuerbasis|basisbetrag|bemessungs|base\b(?!\s+q)|gst\s+summary|zahlung|reglement|falligkeit|total\s+no"
)

_SUM_TITLE = re.compile(r"(?:net|gross|netto|brutto|base|basis|bemessungsgrundlage|satz|taux|ht|ttc)\b")
"""Titles of a breakdown of taxes."""


@dataclass
class Column:
    """One column: what its header says and from where to where the header reaches."""

    role: str
    x0: float
    x1: float


@dataclass
class Header:
    """A table's header: its columns from left to right and the last row it takes."""

    columns: list[Column]
    page: int
    last_row: int
    height: float

    def first(self, role: str) -> Column | None:
        """The column that plays a role; of several amounts the last, of other roles the first."""
        found = [c for c in self.columns if c.role == role]
        return (found[-1] if role == "amount" else found[0]) if found else None

    @property
    def roles(self) -> set[str]:
        """All roles that some column plays."""
        return {c.role for c in self.columns if c.role}


def headers(context: Context) -> Iterator[Header]:
    """Every header of a table of line items, page after page."""
    skip = -1
    for row in context.sheet.rows:
        if row.index <= skip or _has_money(context, row):
            continue
        named = [{role for role, _, _ in _roles_in(c.folded)} for c in row.cells]
        if len(set().union(*named)) < 2 or sum(1 for n in named if n) < 2 or not _is_terse(row):
            continue
        band = _band(context, row)
        columns = _columns(band, row)
        height = min(row.height, 1.2 * context.sheet.text_height)
        header = Header(columns, row.page, band[-1].index, height)
        if _is_line_table(header, band):
            skip = header.last_row
            yield header


def heads_columns(context: Context, row: Row) -> bool:
    """Whether a row heads some other table: several column titles and no figures."""
    named = [True for c in row.cells if _roles_in(c.folded) or _SUM_TITLE.match(c.folded)]
    return len(named) >= 3 and _is_terse(row) and not _has_money(context, row)


def _is_terse(row: Row) -> bool:
    """Titles are single words or two: no sentences, no `key: value`."""
    return len(row.pieces) <= 45 and not re.search(r":\s*\w", row.text) and max(len(c.pieces) for c in row.cells) <= 9


def _is_line_table(header: Header, band: Sequence[Row]) -> bool:
    roles = header.roles
    if any(_NOT_A_TABLE.search(r.folded) for r in band):
        return False
    if not roles & {"amount", "unit_price"} or not roles & {"description", "quantity", "code"}:
        return False
    return len(roles) >= 3 or {"description", "amount"} <= roles


def _has_money(context: Context, row: Row) -> bool:
    return any(a.decimals == 2 and not a.percent for c in row.cells for a in amounts_in(c.text, context.mark))


def _band(context: Context, row: Row) -> list[Row]:
    """The rows that a header takes when its titles are broken into several lines, which may lie between each other."""
    rows = context.sheet.rows
    band = [row]
    for step in (-1, 1):
        edge, at = row, row.index + step
        while 0 <= at < len(rows) and len(band) < 8:
            other = rows[at]
            gap = max(other.y0 - edge.y1, edge.y0 - other.y1)
            longest = 60 if gap < -0.2 * row.height else 26
            if (
                other.page != row.page
                or gap > 0.55 * row.height
                or not _is_header_text(context, other, longest, loose=gap < 0)
            ):
                break
            band.insert(0 if step < 0 else len(band), other)
            edge, at = other, at + step
    return band


def _is_header_text(context: Context, row: Row, longest: int, loose: bool) -> bool:
    if any(c.isdigit() for c in row.text) or len(row.text) > (160 if loose else 90) or ":" in row.text:
        return False
    if _has_money(context, row):
        return False
    matched = sum(1 for c in row.cells if any(True for _ in _roles_in(c.folded)))
    limit = longest if loose or matched else 12
    return all(len(c.text) <= limit for c in row.cells)


def _roles_in(text: str) -> list[tuple[str, int, int]]:
    """Roles that a header cell names, with the span of the words."""
    found: list[tuple[str, int, int]] = []
    for role, pattern in ROLES:
        for hit in pattern.finditer(text):
            if hit.end() > hit.start() and not any(hit.start() < b and a < hit.end() for _, a, b in found):
                found.append((role, *hit.span()))
    return sorted(found, key=lambda f: f[1])


def _columns(band: Sequence[Row], main: Row) -> list[Column]:
    """Columns from the band's cells: what stands above each other is one title."""
    groups: list[list[Cell]] = [[c] for c in main.cells]
    for row in band:
        for cell in row.cells if row is not main else ():
            best = max(groups, key=lambda g: min(_right(g), cell.x1) - max(_left(g), cell.x0))
            if min(_right(best), cell.x1) - max(_left(best), cell.x0) > 0:
                best.append(cell)
            else:
                groups.append([cell])
    columns: list[Column] = []
    for group in groups:
        group.sort(key=lambda c: c.y0)
        joined = re.sub(r"-\s+", "-", " ".join(c.folded for c in group))
        columns += _split(group, joined)
    columns.sort(key=lambda c: c.x0)
    _settle_descriptions(columns, " ".join(r.folded for r in band))
    return columns


def _settle_descriptions(columns: list[Column], text: str) -> None:
    """`Item ... Description`: of two columns that may describe, the left one holds codes."""
    found = [c for c in columns if c.role == "description"]
    if len(found) > 1 and re.search(r"(?<![a-z])(?:description|.*bezeichnung|beschreibung|designation|libelle)", text):
        found[0].role = "code"


def _split(group: list[Cell], joined: str) -> list[Column]:
    """The columns of one title: usually one; `Menge Einheit` set close together is two."""
    if len(group) > 1:
        roles = _roles_in(joined)
        wanted = roles[0][0] if roles else ""
        if len(roles) > 1 and roles[0][0] in ("code", "position") and any(r[0] == "description" for r in roles):
            wanted = "description"
        return [Column(wanted, _left(group), _right(group))]
    cell = group[0]
    roles = _roles_in(cell.folded)
    if not roles:
        return [Column("", cell.x0, cell.x1)]
    columns: list[Column] = []
    for role, start, end in roles:
        pieces = cell.span(start, end)
        if columns and columns[-1].role == role:
            columns[-1].x1 = pieces[-1].x1  # `Item description`, `Product / service`: one column
        else:
            columns.append(Column(role, pieces[0].x0, pieces[-1].x1))
    return columns


def _left(group: Sequence[Cell]) -> float:
    return min(c.x0 for c in group)


def _right(group: Sequence[Cell]) -> float:
    return max(c.x1 for c in group)
