"""Finders of the document's own number and of the order number."""

from __future__ import annotations

import re

from extractors.invoice.blocks import is_town
from extractors.invoice.candidates import Candidate, Context, Found, Label, label, labelled, merged
from extractors.invoice.layout import Cell
from extractors.values import dates_in

_NR = r"(?:\s?-?\s?(?:nummer|number|numero|num|nr|no|n\s?o|#|id)\b\.?|\s?(?:n\s?)?[°º#])"
_INVOICE = r"(?:rechnungs?|invoice|inv|tax\s+invoice|facture|bill|rg|re)"
_CREDIT = r"(?:gutschrifts?|rechnungskorrektur|storno(?:rechnungs?)?|credit\s?(?:note|memo)|avoir)"
_ORDER = r"(?:bestell(?:ung)?s?|auftrags?|purchase\s+order|p\.?o\.?|order|commande|bon\s+de\s+commande|bc)"
_DOCUMENT = (
    r"(?:beleg|dokument(?:en)?|document|doc|receipt|quittungs?|bon|ticket|slip|bill|piece|cash\s+bill|vorgangs?)"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_\-]*")
_STOP = re.compile(r"\b(?:vom|du|dated|date|datum|from|of|page|seite|order|rev)\b")
_DATED = re.compile(r"\s+(?:vom|dated|du)(?:\s+(?=\d)|\s*$)")
_GROUPS = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9./_\-]*(?:\s(?!(?:zu|zur|zum|an|auf|im|per|als|for|of|to|de|sur|bis)\s)(?:[a-z]{2,3}|[\d./\-]+)){1,3}"
)
"""A number in groups, in lower case: up to three more of digits or of a few letters."""
_LINE = re.compile(r"zeile|line\d|ligne|^pos")
_NOT_A_CODE = re.compile(r"(?:tel|fax|page|seite|gst|reg|vom|from|\d{1,2}:\d\d.*)$")

_OWN: tuple[Label, ...] = (
    label("number", 0.0, r"(?:original|bezug|ursprungs\w*|related|facture\s+liee|previous|storno zu)[\w\s.-]*?" + _NR),
    label(
        "number",
        0.0,
        rf"{_INVOICE}{_NR}?\s*(?:date|datum|month|period|amount|total|address|to\b|betrag|periode?)",
    ),
    label("number", 0.97, rf"{_INVOICE}\s*{_NR}"),
    label(
        "number",
        0.97,
        r"(?:numero|n\s?[°o]|no\.?|nr\.?)\s*(?:de\s+(?:la\s+)?)?(?:facture|avoir|invoice|rechnung)",
    ),
    label("number", 0.93, rf"{_CREDIT}\s*{_NR}"),
    label("number", 0.85, rf"{_DOCUMENT}\s*{_NR}"),
    label("number", 0.7, r"receipt\s*(?:#|:)|(?:reference|referenz|ref)(?:\s+(?:no|number|nr))?(?:\.|:)"),
    label("number", 0.72, r"(?:numero|nummer|number)(?=\s*:?\s*$)"),
    label("number", 0.8, r"^(?:numero|nummer|number)(?=\s*:|\s+\S*\d)"),
)
_TITLE = r"(?:\w*rechnung|\w*gutschrift|rechnungs-?korrektur|(?:tax\s+)?invoice|facture|avoir|credit\s+(?:note|memo))"
_TITLES: tuple[Label, ...] = (
    label("title", 0.0, r"(?:zu|fur|auf|wird|in|our|the|this|your)\s+" + _TITLE),
    label("title", 0.975, rf"(?:[a-z][a-z.\-]*\s+){{1,6}}\(\d{{3}}\)\s*{_NR}"),
    label("title", 0.95, _TITLE + rf"(?:\s+[a-z]+){{0,2}}?\s*{_NR}"),
    label("title", 0.86, _TITLE),
)
_ORDER_TITLES: tuple[Label, ...] = (
    label("number", 0.93, r"purchase\s+order\s+id"),  # a response names the order that it answers
    label("number", 0.995, rf"order\s+(?:response|change|confirmation)\s*{_NR}?"),
    label(
        "number",
        0.97,
        rf"(?:purchase\s+order|bestellung|commande|order)\s*{_NR}?",
    ),
    label("number", 0.95, rf"(?:bestell|auftrags)-?\s*{_NR}"),
    label("number", 0.93, r"(?:numero|n\s?[°o]|no\.?|nr\.?)\s*(?:de\s+(?:la\s+)?)?commande"),
    label("number", 0.95, rf"p\.?o\.?\s*{_NR}"),
)
_CONTRACT: tuple[Label, ...] = (
    label("contract", 0.0, r"contract\s+(?:dates?|type|agreement|line|remarks|between|status)|con(?:tract)?\s+type"),
    label(
        "contract",
        0.0,
        r"(?:alt|agency|ext\w*)\.?\s+order\s*(?:#|no\.?|number)?|invoice\s+(?:date|period|month)",
        r"inv\s+date",
    ),
    label("contract", 0.0, r"order\s+(?:type|flight|separation|date|level|%|received|created|status|entry)"),
    label(
        "contract",
        0.985,
        r"contract\s*/\s*revision|contract\s*(?:#|no\.?|number|id)|order\s*/\s*rev(?:ision)?",
        r"contract",
    ),
    label("contract", 0.95, r"invoice\s*(?:#|no\.?|number|id)"),
    label("contract", 0.85, r"order\s*(?:#|no\.?|number|id)|revision\s*#"),
    label("contract", 0.7, r"invoice|order"),
)
_ORDERED: tuple[Label, ...] = (
    label(
        "order",
        0.0,
        r"(?:bestell|auftrags|order|purchase\s+order|commande)-?\s*(?:datum|date|value|total|amount|menge|qty)",
    ),
    label(
        "order",
        0.0,
        r"(?:unsere?|our|notre)\s+(?:auftrags?|order|reference|ref)\S*|auftrag-nr-lief",
        rf"auftragsbestatigung\S*|bestell(?:ung)?s?-?\s*{_NR}\s*(?:des\s+)?lieferant\w*",
    ),
    label("order", 0.97, rf"(?:ihre\s+)?bestell(?:ung)?s?-?\s*{_NR}\s*(?:kunde|des\s+kunden)?"),
    label(
        "order",
        0.95,
        rf"(?:your\s+|customer\s+|buyer'?s?\s+)?(?:purchase\s+order|p\.?o\.?)\s*{_NR}",
        rf"customer\s+order\s*{_NR}",
    ),
    label("order", 0.95, r"(?:numero|n\s?[°o]|no\.?|nr\.?)\s*(?:de\s+|der\s+)?(?:votre\s+)?(?:commande|bestellung)"),
    label(
        "order",
        0.92,
        rf"(?:votre\s+|bon\s+de\s+)?commande\s*{_NR}?",
        rf"(?:purchase\s+order|ihre\s+bestellung)\s*{_NR}?",
    ),
    label("order", 0.88, rf"(?:votre|your|ihre?)\s+(?:auftrags?\s*{_NR}|ref(?:erence|erenz|\.)?|reference)"),
    label("order", 0.85, rf"(?:bestellung|order|auftrag|auftrags)\s*{_NR}"),
    label("order", 0.93, r"(?:your|customer|buyer)\s+(?:order|p\.?o\.?)"),
    label("order", 0.72, r"bestellung"),
)


def find_number(context: Context) -> list[Candidate]:
    """The number that the issuer gave this document (on advertising papers: the contract's)."""
    if context.is_advertising:
        return merged([_placed(c, context) for c in labelled(context, _CONTRACT, _codes)])
    labels = (*_ORDER_TITLES, *_OWN) if context.kind == "order" else (*_OWN, *_TITLES)
    found = labelled(context, labels, _codes)
    if context.kind in ("invoice", "credit_note", "receipt"):
        found += [c.scaled(0.55) for c in labelled(context, _ORDERED[3:4], _codes)] if not found else []
    return merged([_placed(c, context) for c in found])


def find_order_number(context: Context) -> list[Candidate]:
    """The buyer's purchase order that an invoice refers to."""
    if context.kind == "order":
        return []
    return merged([_of_paper(c) for c in labelled(context, _ORDERED, _codes)])


def _of_paper(candidate: Candidate) -> Candidate:
    """An order that a line item names is that line's, not the paper's."""
    return candidate.scaled(0.05, "line") if _LINE.search(candidate.value.lower()) else candidate


def _placed(candidate: Candidate, context: Context) -> Candidate:
    """The document's own number stands on the first page, mostly in its upper half."""
    size = context.sheet.sizes[candidate.page][1]
    first = context.sheet.first_page
    low = candidate.pieces[0].y0 / size > 0.6
    if candidate.page != first:
        return candidate.scaled(0.75, "later page")
    return candidate.scaled(0.9, "low") if low and context.kind != "receipt" else candidate


def _codes(cell: Cell, start: int) -> list[Found]:
    """The first thing after `start` that looks like a number of a document."""
    if start == 0 and is_town(cell.folded):
        return []  # `57000 Metz` beside or below a label
    rest = cell.folded[start:]
    lead = re.match(r"[\s:.#\-=/]*(?:(?:(?:nr|no|num)\b|n[°º])\.?[\s:]*)?", rest)
    at = start + (lead.end() if lead else 0)
    stop = _STOP.search(cell.folded, at)
    limit = stop.start() if stop else len(cell.text)
    found = _CODE.match(cell.text, at)
    if not found or found.start() >= limit:
        return []
    end = _dated_end(cell, found.start()) or _joined_end(cell, found.start(), min(found.end(), limit))
    value = cell.text[found.start() : end].rstrip("./-_ ")
    quality = _quality(value)
    return [Found(value, found.start(), found.start() + len(value), quality)] if quality else []


def _dated_end(cell: Cell, start: int) -> int | None:
    """Where a number in groups ends that a date follows: `RE 2024 0017 vom 05.03.2024`; the date may stand apart."""
    dated = _DATED.search(cell.folded, start)
    rest = cell.text[dated.end() :][:12] if dated else ""
    if not dated or (rest and not next(dates_in(rest), None)):
        return None
    groups = _GROUPS.fullmatch(cell.folded, start, dated.start())
    return groups.end() if groups else None


def _joined_end(cell: Cell, start: int, end: int) -> int:
    """Digits groups that stand a mere space apart (`22 00 0 001`) belong together."""
    tail = re.match(r"(?:\s\d[\d\-/.]*)+$", cell.text[end:])
    if tail and re.fullmatch(r"[A-Z]{0,3}[\d\-/.]*", cell.text[start:end]) and not list(dates_in(tail[0])):
        return end + tail.end()
    return end


def _quality(value: str) -> float:
    """0: no such number; below 1: odd for one."""
    folded = value.lower()
    digits = sum(c.isdigit() for c in value)
    if not digits or _NOT_A_CODE.match(folded) or len(value) > 40:
        return 0.0
    if any(d.end - d.start >= len(value) - 1 for d in dates_in(value)) and not value.isdigit():
        return 0.0
    quality = 1.0
    if len(value) < 3:
        quality *= 0.75
    if digits * 3 < len(value):
        quality *= 0.8
    if re.fullmatch(r"\d+[.,]\d\d", value):
        quality *= 0.4
    return quality
