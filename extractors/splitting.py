"""Where one file holds several documents: between which pages a new one begins, and how sure that is.

Each place between two pages is looked at by itself: page numbers, document numbers, letterheads, titles, how the page
before ended and how the page after begins. A place counts as sure only where a document certainly begins and nothing
says that the one before goes on; whatever is merely likely is for a person. Multi-page invoices, annexes and terms
stay with their document. Blank pages belong to what came before them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.kind_features import folded
from extractors.kinds import kind_of
from extractors.language import language_of
from extractors.pages import rows_of, text_of
from workitems.items import Kind, Page, PageRange

SURE, CERTAIN, LIKELY = 0.97, 0.98, 0.5
MOST_PAGES = 60  # a longer file is a book; it is left whole
ENDS = 6  # rows at the top and the bottom in which page numbers stand
HEAD = 12
SCANT = 45  # words: a page with fewer is the rest of something
BIAS = -3.6
WEIGHTS = {  # near those of a logistic model over 4,600 places of real and made files; annexes and the like held lower
    "restarts": 3.4,  # this page says that it is the first of several
    "ended": 1.0,  # the page before said that it was the last of several
    "goes on": -6.0,  # its number follows that of the page before
    "later page": -4.0,  # it says that it is the second or a later one
    "unfinished": -3.5,  # the page before said that more follow, and they did not come
    "other number": 3.0,  # both have a document number, and they differ
    "same number": -4.0,
    "title": 1.0,  # it has a heading that names a kind
    "no title": -1.2,
    "other head": 1.3,  # its top shares hardly a word with the top of the page before
    "same head": -1.5,
    "other sender": 2.0,  # VAT numbers, accounts, mail addresses: both have some, and share none
    "same sender": -1.0,
    "scant": -1.5,  # hardly anything stands on it
    "other size": 3.0,
    "other language": 1.8,
    "other kind": 1.6,
    "blank between": 1.5,
    "continued": -2.5,  # carried forward, continued, next page
    "annex": -2.5,  # terms, an annex, a schedule, a signature page
    "midway": -2.0,  # it begins in the middle of a sentence
    "signed off": 1.0,  # the page before ends with a sum, a greeting, bank details
    "signed, then titled": 7.0,  # parties signed on the page before, and a contract between parties begins; set by hand
    "both whole": 0.4,  # both are of a kind of paper that usually has one page, by themselves
}
_PAGE_OF = re.compile(
    r"(?:\b(?:page|seite|blatt|pagina|pag\.?|p\.|s\.|sheet|feuille)\s*:?\s*)(\d{1,3})"
    r"\s*(?:/|von|of|sur|de|di|van|-)?\s*(\d{1,3})?\b"
    r"|^\W*(\d{1,2})\s*(?:/|von|of|sur)\s*(\d{1,2})\W*$|^\W*[-–]\s*(\d{1,3})\s*[-–]\W*$",
    re.MULTILINE,
)
_NUMBER = re.compile(
    r"\b((?:rechnung|invoice|facture|factura|fattura|factuur|gutschrift|credit ?(?:note|memo)|avoir|lieferschein"
    r"|bestell|order|delivery note|commande|beleg|contract|document|reference|bon de livraison|auftrag)[a-z]{0,3}[- ]*"
    r"(?:s?nummer|s?-?nr|number|num|no|nr|n|#|id)?)\s*[.:#o°º]*\s*((?=[a-z0-9/.-]*\d)[a-z0-9][a-z0-9/.-]{2,20})\b"
)
_TITLE = re.compile(
    r"\b(invoice|rechnung|facture|factura|fattura|factuur|credit (?:note|memo)|gutschrift|avoir|rechnungskorrektur"
    r"|storno\w*|purchase order|order|bestellung|bon de commande|auftragsbestatigung|delivery note"
    r"|packing (?:slip|list)|lieferschein|bon de livraison|receipt|quittung|ticket de caisse|agreement|\w*vertrag"
    r"|contrat|contract|passport|reisepass|passeport|application|personalfragebogen|mahnung|zahlungserinnerung"
    r"|statement|angebot|devis|quotation|pedido|albaran|ordine)\b"
)
_CONTINUED = re.compile(
    r"\b(ubertrag|carried forward|brought forward|continued|fortsetzung|suite|report|a reporter|vortrag)\b"
)
_ANNEX = re.compile(
    r"^\W*(?:allgemeine|general terms|terms (?:and|&) conditions|conditions generales|agb\b|anlage\b|anhang\b|annex"
    r"|appendix|schedule\b|exhibit|attachment|addendum|widerrufs|in witness|signature page|table of contents|§)",
    re.MULTILINE,
)
_SIGNED_OFF = re.compile(
    r"\b(iban|grand total|total due|gesamtbetrag|total ttc|regards|sincerely|gru(?:ss|b)en|cordialement)\b"
)
_EXECUTED = re.compile(r"in witness whereof|/s/|\bby ?:|\bduly executed\b|\bsigned (?:by|for)\b|\bunterschrift")
_BEGINS = re.compile(r"\b(?:by and )?between\b|\bentered into\b|\b(?:made|dated) as of\b|\bzwischen\b|\bentre\b")
_SENDER = re.compile(
    r"\b(?:[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}|(?:atu|be0?|de|fr\w{2}|gb|nl|it|es\w?) ?\d{8,11}\w{0,3})\b"
    r"|(?:@|www\.)([a-z0-9-]+\.[a-z]{2,8})"
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$")
_ONE_PAGE: frozenset[Kind] = frozenset(("invoice", "receipt", "credit_note", "order", "delivery_note", "identity"))


@dataclass
class Leaf:
    """What a page says about itself."""

    page: Page
    top: str
    bottom: str
    number: tuple[int, int] | None  # page n of m; m is 0 where it is not said
    numbers: dict[str, str] = field(default_factory=dict)  # document numbers by the beginning of their labels
    titled: bool = False
    words: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()
    language: str | None = None
    kind: tuple[Kind, float] = ("other", 0.0)

    @property
    def blank(self) -> bool:
        return not self.page.words


@dataclass(frozen=True)
class Boundary:
    """The place before page `before`: how probable it is that another document begins there, and why."""

    before: int
    probability: float
    why: tuple[str, ...]


def leaf_of(page: Page) -> Leaf:
    """Looks at one page."""
    rows = [folded(text_of(row)) for row in rows_of(page)]
    top, bottom = "\n".join(rows[:HEAD]), "\n".join(rows[-HEAD:])
    ends = "\n".join(rows[:ENDS] + rows[-ENDS:])
    numbers: dict[str, str] = {}
    for label, value in _NUMBER.findall("\n".join(rows[: 3 * HEAD])):
        if not _DATE.match(value):
            numbers.setdefault(label.strip()[:5], value)
    titles = [r for r in rows[: 2 * HEAD] if len(r.split()) <= 6 and _TITLE.search(r)]
    return Leaf(
        page=page,
        top=top,
        bottom=bottom,
        number=_page_number(ends),
        numbers=numbers,
        titled=bool(titles),
        words=frozenset(w for r in rows[:HEAD] for w in r.split() if len(w) > 3 and w.isalpha()),
        senders=frozenset(m[1] or m[0].replace(" ", "") for m in _SENDER.finditer("\n".join(rows))),
        language=language_of(w.text for w in page.words),
        kind=kind_of([page]) if rows else ("other", 0.0),
    )


def _page_number(ends: str) -> tuple[int, int] | None:
    for found in _PAGE_OF.finditer(ends):
        n, of = next((a, b) for a, b in zip(found.groups()[::2], (*found.groups()[1::2], None), strict=False) if a)
        if not of or int(n) <= int(of):
            return int(n), int(of or 0)
    return None


def signs_between(last: Leaf, following: Leaf, blank: bool) -> dict[str, float]:
    """What speaks for and against a new document on the page `following`, by the names of WEIGHTS."""
    found = dict.fromkeys(_by_page_number(last, following), 1.0)
    shared = last.numbers.keys() & following.numbers.keys()
    if shared:
        same = any(last.numbers[k] == following.numbers[k] for k in shared)
        found["same number" if same else "other number"] = 1.0
    elif set(last.numbers.values()) & set(following.numbers.values()):
        found["same number"] = 1.0
    found["title" if following.titled else "no title"] = 1.0
    likeness = len(last.words & following.words) / max(min(len(last.words), len(following.words)), 1)
    if last.words and following.words and (likeness < 0.15 or likeness > 0.6):
        found["other head" if likeness < 0.15 else "same head"] = 1.0
    if last.senders and following.senders:
        found["same sender" if last.senders & following.senders else "other sender"] = 1.0
    if len(following.page.words) < SCANT:
        found["scant"] = 1.0
    if _differ(last.page, following.page):
        found["other size"] = 1.0
    if last.language and following.language and last.language != following.language:
        found["other language"] = 1.0
    kinds = last.kind[0] != following.kind[0] and min(last.kind[1], following.kind[1]) >= 0.8
    found |= {"other kind": 1.0} if kinds else {}
    found |= {"both whole": 1.0} if _whole(last) and _whole(following) else {}
    found |= {"blank between": 1.0} if blank else {}
    found |= {"continued": 1.0} if _CONTINUED.search(following.top + "\n" + last.bottom[-200:]) else {}
    found |= {"annex": 1.0} if _ANNEX.search(following.top) else {}
    begin = next((w.text for row in rows_of(following.page)[:1] for w in row), "")
    found |= {"midway": 1.0} if begin[:1].islower() else {}
    starts = following.titled and _BEGINS.search(following.top) and not _ANNEX.match(following.top)
    if starts and _EXECUTED.search(last.bottom):
        found["signed, then titled"] = 1.0
    found |= {"signed off": 1.0} if _SIGNED_OFF.search(last.bottom) else {}
    return found


def _whole(leaf: Leaf) -> bool:
    return leaf.titled and leaf.kind[0] in _ONE_PAGE and leaf.kind[1] >= 0.8


def _by_page_number(last: Leaf, following: Leaf) -> list[str]:
    if following.number is None:
        return ["unfinished"] if last.number and last.number[0] < last.number[1] else []
    (n, of), before = following.number, last.number
    if before and n == before[0] + 1 and of == before[1]:
        return ["goes on"]
    if n > 1:
        return ["later page"]
    found = ["restarts"] if of > 1 or (before and max(before) > 1) else []  # "1 of 1" on every page says nothing
    if before and before[1]:
        found += ["unfinished"] if before[0] < before[1] else ["ended"] if before[1] > 1 else []
    return found


def _differ(one: Page, other: Page) -> bool:
    """Whether the papers have another shape, however they were scanned."""
    return abs(math.log((one.width / max(one.height, 1)) / max(other.width / max(other.height, 1), 1e-6))) > 0.12


def boundaries(pages: Sequence[Page]) -> list[Boundary]:
    """Every place between two pages that is at least likely to begin another document."""
    if not 2 <= len(pages) <= MOST_PAGES:
        return []
    leaves = [leaf_of(page) for page in pages]
    found: list[Boundary] = []
    last, blank = leaves[0], False
    for leaf in leaves[1:]:
        if leaf.blank or last.blank:
            blank, last = blank or leaf.blank, leaf if last.blank else last
            continue
        signs = signs_between(last, leaf, blank)
        chance = 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * worth for name, worth in signs.items())))
        chance = max(chance, CERTAIN) if is_sure(signs) else min(chance, SURE - 0.01)
        if chance >= LIKELY:
            found.append(Boundary(leaf.page.number, round(chance, 3), tuple(signs)))
        last, blank = leaf, False
    return found


def is_sure(signs: dict[str, float]) -> bool:
    """A new document certainly begins, and nothing speaks for the old one's going on."""
    found = signs.keys()
    if any(WEIGHTS[name] < 0 for name in found - {"same head", "same sender", "no title"}):
        return False
    named, apart = "title" in found or "both whole" in found, "other head" in found
    if "other number" in found:
        return named or apart
    if "no title" in found or not apart:
        return False
    twice = len(found & {"other kind", "other size", "restarts", "ended", "blank between", "both whole"}) >= 2
    return bool(found & {"other sender", "other language"}) or (twice and bool(found & {"other kind", "other size"}))


def page_ranges(pages: Sequence[Page], page_count: int) -> tuple[PageRange, ...]:
    """The documents of a file as ranges of pages, with the least sure of their two ends; empty: it is one document."""
    places = boundaries(pages)
    if not places or len(pages) < page_count:  # pages that were not read may hide anything
        return ()
    starts = [1, *(b.before for b in places)]
    sure = [1.0, *(b.probability for b in places), 1.0]
    ends = [s - 1 for s in starts[1:]] + [page_count]
    spans = enumerate(zip(starts, ends, strict=True))
    return tuple(PageRange(first=a, last=b, confidence=min(sure[i], sure[i + 1])) for i, (a, b) in spans)
