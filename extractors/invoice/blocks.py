"""What kind of line is this (company, street, town, telephone ...), and which lines form a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.invoice.layout import Cell, Sheet
from extractors.values import dates_in

_LEGAL = re.compile(
    r"(?<![a-z])(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|e\.?\s?k\.?|e\.?\s?v\.?|a\.?\s?g\.?|se|ltd"
    r"|limited|l\.?l\.?c|inc|incorporated|corp"
    r"|corporation|company|plc|llp|s\.?a\.?r\.?l|s\.?a\.?s|sasu|eurl|s\.?a|b\.?v|n\.?v"
    r"|s\.?r\.?l|s\.?p\.?a|oy|ab|aps|a/s"
    r"|sdn\.?\s?bhd|bhd|s/b|sb|pte|pty|co|& co|enterprise|trading|cooperative|stiftung|verein)\.?(?![a-z])"
)
_WEAK_LEGAL = re.compile(r"(?<![a-z])(?:enterprise|trading|company|co|sb|ab|se|ag|sa)\.?(?![a-z])")
_STREET = re.compile(
    r"(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig)\s*\d|^(?:am"
    r"|an der|auf der|im|in der|zum)\s.+\s\d"
    r"|\b(?:rue|avenue|av|bd|boulevard|chemin|impasse|place|quai|route|allee|cours)\b\.?\s"
    r"|^\d+\w?,?\s+(?:rue|av|bd|chemin|route)"
    r"|^\d+[\w-]*,?\s+.*\b(?:street|st|road|rd|avenue|ave|drive|dr|lane|ln|blvd|boulevard|way"
    r"|court|ct|plaza|pl|parkway|pkwy|hwy"
    r"|circle|square|sq|place|highway|terrace)\b|\bp\.?\s?o\.?\s?box\b|postfach|\bsuite\b|\bste\b\s?\d"
    r"|\b(?:jalan|jln|jin|lorong|lrg|lebuh|persiaran|taman|tmn|bandar|kampung|kg|lot|seksyen"
    r"|section|batu|kawasan|pusat|blok|block|unit"
    r"|bangunan|menara|wisma|plaza|complex|kompleks|desa|level|floor|flr|ground floor)\b\.?|^\(?no\.?\s?:?\s?\d"
    r"|(?:strasse|strae|straat|laan|gade|vej|gatan)\b"
)
_TOWN = re.compile(
    r"(?:^|[\s,.\"-])(?:[a-z]{1,3}-)?\d{5}(?:-\d{4})?[\s,]+[a-z]{3,}"
    r"|^(?:[a-z]{1,2}[\s-])?\d{4,5}\s+[a-z]{2,}|\b[a-z]{2}\s+\d{5}(?:-\d{4})?\b"
    r"|\b[a-z]{1,2}\d[a-z\d]?\s+\d[a-z]{2}\b|^\d{4}\s?[a-z]{2}\s+[a-z]{3,}"
)
_CONTACT = re.compile(
    r"\b(?:tel|telefon|phone|telephone|fax|mobile|mobil|handy|e-?mail|hotline|careline|outlet"
    r"|whatsapp)\b|www\.|https?:|@[\w-]+\.|^\+?\d[\d\s()/-]{7,}$"
    r"|^\(?\d{3}\)?[\s-]\d{3}-\d{4}"
)
_ID = re.compile(
    r"\b(?:gln|ust|mwst|uid|ust-id\w*|vat|tva|gst|sst|siret|siren|ape|reg(?:istration)?"
    r"|co\.?\s?(?:no|reg)|company\s+(?:no|reg)|hrb|hra|steuer\w*|tax\s+(?:id|reg)"
    r"|kunden-?nr|lief-?nr|roc|iban|bic|blz|konto|account|handelsreg\w*|amtsgericht|ein"
    r"|id\s+no|nummer|global\s+id|license|fein)\b\.?"
    r"|^\(?[\d\s-]{4,}[\s-]?[a-z]{0,2}\)?$|^[a-z]{0,2}[\d-]{5,}[a-z-]{0,3}$"
)
_TITLE = re.compile(
    r"^\W*(?:original|duplicate|copy|kopie|page|seite|simplified|tax\s*invoice|invoice"
    r"|rechnung|facture|avoir|gutschrift|receipt|quittung"
    r"|bill|cash\b|order|purchase\s|proforma|bestellung|contract|credit|statement|adjustment|delivery|lieferschein"
    r"|date|datum|bonjour|guten\s+tag|sehr\s+geehrte|dear\s|madame,|monsieur,|hello\b|welcome|thank|cashier|table"
    r"|guest|official|sales|official\s+receipt|staff|member|shopping|hours|gst|reprint|void"
    r"|print|terminal|pos|station|goods|your|tq|please|posted?|salesperson|description|item"
    r"|adresse\sde|liefer(?:adresse|anschrift)|rechnungs(?:adresse|anschrift)|(?:billing|shipping|ship)\s"
    r"|qty|(?:mon|sun|fri|sat)-|total|sub\s?total|summe|betrag|amount|rounding)(?![a-z])"
)
_LEGAL_NOTE = re.compile(r"\b(?:tva|siret|siren|rcs|r\.c\.s|amtsgericht|hrb|hra|vat|ust)\b")
"""Words of the notes at a page's foot, which bear the legal form but are no names."""
_PRICE = re.compile(r"\d[.,]\d\d(?!\d)|\bhrs\b")
_REGION = re.compile(
    r"^(?:malaysia|selangor|johor|kedah|kelantan|melaka|malacca|pahang|penang|perak|perlis|sabah"
    r"|sarawak|terengganu|negeri sembilan"
    r"|pulau pinang|(?:w\.?p\.? |wilayah persekutuan)?\s?(?:kuala(?: lumpur)?|k\.?l\.?|labuan"
    r"|putrajaya)?|lumpur|darul \w+|cedex)"
    r"(?:[\s,]+(?:darul \w+|d\.?e\.?|malaysia|lumpur|kuala lumpur))*[\s,.]*$"
)
_LABEL_WORDS = (
    "original date revision product products estimate number no agency advertiser code codes order orders "
    "invoice period name address account executive sales office region billing type cycle calendar "
    "property station market buyer demographic contact page total flight dates contract alt deal payment "
    "terms due reference ref salesperson description quantity amount unit price customer client id fax "
    "phone email attention ship method delivery incoterms datum nummer kunden nr seite bank iban bic and "
    "of the to special handling print version status separation new external share menge preis betrag "
    "giro swift home article libelle quantite prix condition "
)
_LABELS = frozenset(_LABEL_WORDS.split())
_COUNTRY = re.compile(
    r"^(?:deutschland|germany|france|frankreich|osterreich|austria|schweiz|switzerland|suisse"
    r"|usa?|united states|united kingdom|uk"
    r"|malaysia|spain|espana|italy|italia|belgique|belgium|nederland|netherlands|luxembourg|[a-z]{2})\.?$"
)


def is_company(text: str) -> bool:
    """Whether a line bears a legal form, as a firm's name does."""
    return bool(_LEGAL.search(text))


def legal_strength(text: str) -> float:
    """1 for a clear legal form, less for words that also occur elsewhere, 0 without."""
    return max((0.5 if _WEAK_LEGAL.fullmatch(f[0]) else 1.0 for f in _LEGAL.finditer(text)), default=0.0)


def is_street(text: str) -> bool:
    """Whether a line looks like a street or the like."""
    return bool(_STREET.search(text.removesuffix(" kg"))) and not _PRICE.search(text)  # of Muster KG, not a kampung


def is_town(text: str) -> bool:
    """Whether a line has a postal code and a town."""
    return bool(_TOWN.search(text)) and not _PRICE.search(text)


def is_region(text: str) -> bool:
    """Whether a line is a Malaysian state or the like alone."""
    return bool(_REGION.match(text))


def is_country(text: str) -> bool:
    """Whether a line is a country's name or code alone."""
    return bool(_COUNTRY.match(text.strip()))


def is_contact(text: str) -> bool:
    """Whether a line has a telephone number, a mail address or a web site."""
    return bool(_CONTACT.search(text))


def is_id(text: str) -> bool:
    """Whether a line is about a registration, tax or customer number."""
    return bool(_ID.search(text))


def is_title(text: str) -> bool:
    """Whether a line says what the paper is, or is another everyday line of a paper's head."""
    return bool(_TITLE.search(text))


def is_label(text: str) -> bool:
    """Whether a text consists of words that head columns and fields."""
    words = re.findall(r"[a-z_]+", text)
    return bool(words) and all(w in _LABELS for w in words)


def may_be_party(text: str) -> bool:
    """Whether a line may be the name of a party: no address, and no line about a number."""
    return may_be_name(text) and not is_id(text) and not is_street(text)


def may_be_name(text: str) -> bool:
    """Whether a line (lower case) may be a firm's or person's name."""
    bare = re.sub(r"\([^)]*\d[^)]*\)?|\s", "", text)
    letters = sum(c.isalpha() for c in bare)
    if letters < 3 or letters < 0.5 * len(bare) or len(text) > 90 or text.rstrip().endswith(":"):
        return False
    if (
        is_title(text)
        or "capital" in text.split()[1:-1]
        or _PRICE.search(text)
        or is_contact(text)
        or is_town(text)
        or is_country(text)
        or next(dates_in(text), None)
    ):
        return False
    return not is_id(text) or (legal_strength(text) == 1.0 and not _LEGAL_NOTE.search(text))


@dataclass
class Block:
    """Lines under each other at one left (or right) edge."""

    cells: list[Cell]

    @property
    def lines(self) -> list[str]:
        """Lower-case lines."""
        return [c.folded for c in self.cells]

    @property
    def has_town(self) -> bool:
        """Whether some line has a postal code and a town: then this is an address."""
        return any(is_town(line) for line in self.lines)

    @property
    def has_contact(self) -> bool:
        """Whether a telephone number or a mail address is among the lines."""
        return any(is_contact(line) for line in self.lines)


@lru_cache(maxsize=4)
def blocks(sheet: Sheet, page: int) -> list[Block]:
    """The blocks of a page, top to bottom."""
    open_blocks: list[Block] = []
    for row in (r for r in sheet.rows if r.page == page):
        for cell in row.cells:
            homes = [b for b in reversed(open_blocks[-24:]) if _continues(b.cells[-1], cell)]
            if homes:
                min(homes, key=lambda b: abs(b.cells[-1].x0 - cell.x0) > 0.7 * cell.height).cells.append(cell)
            else:
                open_blocks.append(Block([cell]))
    return open_blocks


def _continues(last: Cell, cell: Cell) -> bool:
    height = min(last.height, cell.height)
    reach = 3.2 if is_town(cell.folded) and not is_town(last.folded) else 1.35  # a town is often set apart
    if cell.row == last.row or not -0.5 * height < cell.y0 - last.y1 < reach * height:
        return False
    return (
        abs(cell.x0 - last.x0) < 0.7 * height
        or abs(cell.x1 - last.x1) < 0.5 * height
        or abs((cell.x0 + cell.x1) - (last.x0 + last.x1)) < 0.8 * height
    )


def address_after(lines: Sequence[Cell]) -> list[Cell]:
    """The lines of the address that follow a name: from the first street or town on, until something else comes."""
    address: list[Cell] = []
    for n, cell in enumerate(lines[:9]):
        text = cell.folded
        is_place = is_street(text) or is_town(text) or _is_above_town(lines[n : n + 2])
        if not address and not is_place:
            if is_id(text) or may_be_name(text):
                continue  # a registration number or a person between name and street
            break
        if address and not _goes_on(address, text):
            break
        address.append(cell)
    return address if any(is_town(c.folded) or is_street(c.folded) for c in address) else []


def _is_above_town(lines: Sequence[Cell]) -> bool:
    """`Zur Mühle 77`, `ZA des Peupliers`: what stands right above a town is the street, however it is called."""
    if len(lines) < 2 or not is_town(lines[1].folded) or lines[1].y0 - lines[0].y1 > 1.2 * lines[0].height:
        return False
    text = lines[0].folded
    is_other = is_contact(text) or is_id(text) or is_title(text) or is_company(text) or text.endswith(":")
    return not is_other and len(text) < 50


def _goes_on(address: Sequence[Cell], text: str) -> bool:
    if is_title(text) or (is_contact(text) and not is_street(text)):
        return False
    if text.startswith("(") or "#" in text or re.search(r"\d{3}-\d{6,}", text):
        return False
    if is_street(text) or is_town(text):
        return True
    if is_id(text) or re.search(r"\d{1,2}:\d\d", text) or next(dates_in(text), None):
        return False
    ended = any(is_town(c.folded) for c in address) and not address[-1].text.rstrip().endswith(",")
    return (not ended and len(text) < 45) or is_country(text) or bool(_REGION.match(text))
