"""Finders of dates: when the document was issued, when it is due, which period it covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.invoice.candidates import Candidate, Context, Found, Label, Reach, Values, hits, label, labelled, merged
from extractors.invoice.layout import Cell
from extractors.invoice.ranked import ranked
from extractors.values import DateOrder, Day, dates_in

_DATE = r"(?:datum|date|dat)\b\.?"
_OTHER_DATES = (
    r"(?:liefer|leistungs|bestell|auftrags|order|delivery|pick-?\s?up|delivered|ship\w*|purchase|service"
    r"|print|printed|due|expir\w+|valid\w*"
    r"|start|end|entry|entered|air|birth|original|period|payment|last|effective|requested"
    r"|flight|contract|schedule|tax\s+point)"
)
_TITLE = (
    r"(?:\w*rechnung|\w*gutschrift|(?:tax\s+|vat\s+)?invoice|n\S{0,5}\s+(?:de\s+)?facture|facture|avoir|credit\s+note"
    r"|numero|n[°º]\s+d'avoir|(?:rg|beleg|rechnungs?|gutschrifts?)-?\s?(?:nr|nummer)\.?)"
)
_ISSUED: tuple[Label, ...] = (
    label(
        "date",
        0.98,
        r"liefer-?\s+und\s+rechnungs-?datum|rechnungs-?\s?(?:und\s+lieferdatum|datum)",
        r"rechnung\s+vom",
    ),
    label(
        "date",
        0.0,
        r"date\s+(?:d'echeance|de\s+(?:livraison|commande|naissance|paiement|la\s+commande)"
        r"|limite|of\s+(?:birth|supply))",
    ),
    label("date", 0.0, rf"{_OTHER_DATES}(?:\s+and\s+\w+)?\s*-?\s?(?:und\s+\w+)?{_DATE}s?|{_DATE}\s*/\s*rev"),
    label(
        "date",
        0.98,
        r"(?:invoice|inv|bill|billing|facture|credit\s+note|receipt|document|doc)\s*\.?\s*date",
        r"date\s+of\s+(?:issue|invoice)",
    ),
    label(
        "date",
        0.98,
        r"date\s+(?:de\s+(?:la\s+)?facture|de\s+facturation|facture|d'emission|of\s+(?:the\s+)?invoice|issued)",
    ),
    label(
        "date",
        0.96,
        r"(?:beleg|ausstellungs|dokument|rechn)\w*-?\s?datum|date\s+d'avoir|issued?(?:\s+on)?|(?:emis|etabli)e?\s+le",
        r"ausgestellt(?:\s+am)?",
    ),
    label("date", 0.0, r"(?:avant|soit|plus\s+tard|jusqu'au|d'ici|before|until|by|bis|zum)\s+(?:le|the|zum|den)"),
    label(
        "date",
        0.95,
        rf"^{_TITLE}(?![^\n]*\s(?:zu[rm]?|sur|fur|against|for|auf|gem\w*|laut|lt|as)[\s.])[^\n]{{0,40}}?\d[^\n]{{0,20}}?\s(?:vom|du|dated)",
    ),
    label("date", 0.9, r"datum|date|den|le\b(?=\s+\d)|dated|tarikh"),
    label("date", 0.0, r"(?:gemass|laut|lt\.|zu[rm]?|as\s+per|selon|suivant)\s[^\n]{0,40}?\s(?:vom|du|dated|of)"),
    label("date", 0.97, r"(?:[a-z][a-z.\-]*\s+){1,6}\(\d{3}\)\s*nr\.?\s*\S+(?:\s\S+){0,3}?\s+vom"),
    label(
        "date",
        0.7,
        r"(?:\w*rechnung|\w*gutschrift|invoice|facture|avoir|order)(?:[^\n]{0,50}?)\s(?:vom|du|dated|of)",
    ),
)
_DUE: tuple[Label, ...] = (
    label(
        "due",
        0.97,
        r"(?:payment\s+)?due(?:\s+(?:date|on|by|until))|date\s+d'echeance|echeance",
        r"falligkeit(?:s(?:datum|tag))?|fallig\s+(?:am|bis|zum|per)",
    ),
    label(
        "due",
        0.95,
        r"(?:zahlbar|zu\s+zahlen)\s+(?:bis|am|zum)(?:\s+zum)?|zahlungsziel",
        r"pay(?:able)?\s+(?:by|before|until)|a\s+(?:regler|payer|effectuer)\s+(?:avant\s+|au\s+plus\s+tard\s+)?(?:le|au)",
        r"date\s+limite(?:\s+de\s+(?:paiement|reglement))?",
    ),
    label(
        "due",
        0.9,
        r"netto\s+bis|zahlbar[^\n]{0,40}?netto\s+bis(?:\s+zum)?|ohne\s+abzug(?:\s+bis)?",
        r"bis(?:\s+zum)*(?=\s+[\d.]+\s+ohne\s+abzug)",
        r"(?:uberweisen|begleichen|zahlen|\w*betrag\s+ist)\b(?![^\n]*skonto)[^\n]{0,60}?\bbis(?:\s+(?:spatestens|zum|den))*",
        r"(?:reglement|paiement)\b[^\n]{0,40}?\b(?:soit|au\s+plus\s+tard)\s+le",
    ),
    label("due", 0.75, r"due"),
)
_PERIOD: tuple[Label, ...] = (
    label("period", 0.98, r"(?:order\s+)?flight(?:\s+dates?)?|contract\s+dates?|schedule\s+dates?|hiatus"),
    label(
        "period",
        0.97,
        r"(?:abrechnungs|leistungs|liefer|rechnungs|service|billing|miet)-?\s?(?:zeitraum|period|periode)",
        r"effective\s+period",
    ),
    label("period", 0.75, r"(?:invoice\s+)?period(?:e)?(?:\s+(?:de\s+facturation|covered|of\s+service))?|zeitraum"),
)
_FROM: tuple[Label, ...] = (
    label("from", 0.8, r"(?:flight|contract|order|period)\s+(?:start|from)(?:\s+date)?|start\s+date|periode\s+du"),
)
_TO: tuple[Label, ...] = (
    label("to", 0.8, r"(?:flight|contract|order|period)\s+(?:end|to|through)(?:\s+date)?|end\s+date"),
)


def _found(day: Day) -> Found:
    notes = frozenset({"unclear"}) if day.unclear else frozenset()
    quality = (0.8 if day.unclear else 1.0) * (0.85 if day.pattern == "compact" else 1.0)
    return Found(day.value.isoformat(), day.start, day.end, quality, notes)


def _single_dates(order: DateOrder | None) -> Values:
    def values(cell: Cell, start: int) -> Sequence[Found]:
        return [_found(d) for d in sorted(dates_in(cell.text, order), key=lambda d: d.start) if d.start >= start]

    return values


def _ranges(order: DateOrder | None, last: bool) -> Values:
    """The first or the last date of `a - b`, also where the end runs on into the next cell."""

    def values(cell: Cell, start: int) -> Sequence[Found]:
        days = [d for d in sorted(dates_in(cell.text, order), key=lambda d: d.start) if d.start >= start]
        pairs = [
            (a, b)
            for a, b in pairwise(days)
            if len(between := cell.folded[a.end : b.start].strip()) <= 5
            and between in ("-", "to", "bis", "au", "", "thru")
        ]
        return [_range_end(a, b, last) for a, b in pairs if a.value <= b.value]

    return values


def _range_end(first: Day, second: Day, last: bool) -> Found:
    chosen = _found(second if last else first)
    return Found(chosen.value, first.start, second.end, chosen.quality, chosen.notes)


_PLACE = re.compile(r"[a-z][a-z .'/-]{2,40},\s*(?:den\s+|le\s+|the\s+)?")
LOW = 0.85
"""Below this part of the page stands when a paper was printed."""


def find_issued_on(context: Context) -> list[Candidate]:
    """When the document was issued. Without a label the first date on the paper may be it, with little confidence."""
    if by_model := ranked(context):
        return by_model.dates
    reach = Reach(right=3, below=2, inside=14)
    found = labelled(context, _ISSUED, _single_dates(context.order), reach)
    found = [_on_first_page(c, context) for c in found]
    taken = {c.value for c in _due_and_period(context)}
    found = [c.scaled(0.7, "also due") if c.value in taken and c.score < 0.9 else c for c in found]
    return merged([*found, *_after_place(context), *_unlabelled(context)])


def _after_place(context: Context) -> list[Candidate]:
    """The date of a letter: `Mainz, 5. Mai 2024`, `Nantes, le 22/01/2025`, and nothing else in its cell."""
    if context.kind == "receipt":
        return []
    cells = [c for r in context.sheet.rows if r.page == context.sheet.first_page for c in r.cells]
    return [
        Candidate(value.value, 0.84 * value.quality, cell.page, tuple(cell.pieces), "place and date", value.notes)
        for cell in cells
        if _PLACE.match(cell.folded) and context.sheet.place(cell)[1] < LOW
        for day in dates_in(cell.text, context.order)
        if day.end >= len(cell.text.rstrip(" .")) and _PLACE.fullmatch(cell.folded[: day.start])
        for value in (_found(day),)
    ]


def _due_and_period(context: Context) -> list[Candidate]:
    return [*find_due_on(context), *find_period_from(context), *find_period_to(context)]


def _on_first_page(candidate: Candidate, context: Context) -> Candidate:
    if candidate.page != context.sheet.first_page:
        return candidate.scaled(0.75, "later page")
    low = candidate.pieces[0].middle / context.sheet.sizes[candidate.page][1] > LOW
    return candidate.scaled(0.85, "low") if low and context.kind != "receipt" else candidate


def _unlabelled(context: Context) -> list[Candidate]:
    """Dates that no label claims: on receipts beside the time of day, on letters high up."""
    found: list[Candidate] = []
    rows = [r for r in context.sheet.rows if r.page == context.sheet.first_page]
    top = 0.62 if context.kind == "receipt" else 0.45
    for n, row in enumerate(rows):
        for cell in row.cells:
            for day in dates_in(cell.text, context.order):
                value = _found(day)
                score = top * value.quality * (1.0 - 0.4 * n / max(1, len(rows)))
                if day.pattern == "compact":
                    score *= 0.5
                if ":" in row.text and context.kind == "receipt":
                    score += 0.1
                found.append(
                    Candidate(
                        value.value, score, row.page, tuple(cell.span(day.start, day.end)), "unlabelled", value.notes
                    )
                )
    return found


def find_due_on(context: Context) -> list[Candidate]:
    """When the whole amount is due."""
    return merged(labelled(context, _DUE, _single_dates(context.order), Reach(right=2, below=3, inside=30)))


def find_period_from(context: Context) -> list[Candidate]:
    """The first day of the period (of service, of the flight) that the document covers."""
    return _period(context, last=False)


def find_period_to(context: Context) -> list[Candidate]:
    """The last day of that period."""
    return _period(context, last=True)


def _period(context: Context, last: bool) -> list[Candidate]:
    reach = Reach(right=2, below=3, inside=20)
    found = labelled(context, _PERIOD, _ranges(context.order, last), reach)
    if not found and any(True for _ in hits(context.sheet, _FROM)):
        found = [c.scaled(0.8) for c in labelled(context, _TO if last else _FROM, _single_dates(context.order), reach)]
    return merged(found)
