"""How long a contract runs: the sentence that says so, its period, its end, and how it goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.contract.dates import DateFound, after, dates_in
from extractors.contract.periods import PeriodFound, anniversaries_in, periods_in

_PAPER = r"(?:agreement|contract|lease|amendment|license|engagement|appointment)"
_SUBJECT = (
    (4.0, r"\binitial\s+(?:contract\s+)?(?:term|period)\b"),
    (3.5, rf"\bterm\s+of\s+(?:this|the|said)\s+(?:\w+\s+){{0,3}}{_PAPER}\b"),
    (2.5, rf"\b(?:this|the)\s+(?:\w+\s+){{0,3}}{_PAPER}\s+(?:shall|will|is|becomes?|takes?|has)\b"),
    (2.0, r"[\"“](?:initial\s+)?(?:term|contract\s+period|agreement\s+period|expiration\s+date)[\"”]"),
    (3.0, r"\b(?:expiration|expiry|termination|end)\s+date\b[\"”]?\s*(?::|means|is|shall\s+(?:mean|be))"),
    (1.5, r"\bfrom\s+(?:and\s+including\s+)?\w+\s+\d{1,2},?\s+\d{4},?\s+(?:to|until|through)\b|\bcontract\s+period\b"),
    (1.5, r"\b\d{4},?\s+(?:to|until|through|thru|and\s+ending)\s+(?:on\s+)?[A-Z]?\w+\s+\d{1,2}\w{0,2},?\s+\d{4}"),
    (1.0, r"\bfixed\s+term\b|\beffective\s+(?:date|term)\b[^.;]{0,20}\b(?:through|is)\b"),
    (1.5, r"\b(?:shall|will)\s+(?:\w+\s+){0,3}(?:commence|continue|remain|expire|begin|be\s+for|run|extend)\b"),
    (1.2, r"\bunless\s+(?:\w+\s+){0,3}terminated\b|\bsooner\s+terminated\b|\bearlier\s+terminat"),
    (1.0, r"\bin\s+(?:full\s+)?(?:force|effect)\b"),
    (1.0, r"^\W{0,3}(?:the\s+)?(?:initial\s+)?term\b|\bthe\s+term\s+(?:shall|will|is|commences|begins)\b"),
    (0.8, r"\brenew|\bextend"),
    (1.0, r"\bcommenc\w+\s+(?:on|as\s+of|upon|with)|\bfrom\s+(?:and\s+after\s+)?the\s+(?:effective|date)"),
    (-3.0, r"\bconfidential|\bsurviv|\bwarrant|\binsurance|\binvoice|\bpayment|\broyalt|\bnon-?compet|\baudit"),
    (-2.5, r"\b(?:following|after|upon|of)\s+(?:the\s+)?(?:expiration|termination)\b"),
    (-2.0, r"\bcure|\bbreach|\bdefault|\bdays?\s+(?:prior\s+)?(?:written\s+)?notice\b(?![^.]{0,200}(?:renew|term\b))"),
    (-2.0, r"\bforce\s+majeure|\bdeliver(?:y|ed)\b|\bwork\s+order|\bstatement\s+of\s+work|\bpatent\b|\btax(?:es)?\b"),
)  # fmt: skip
_WEIGHTS = [(weight, re.compile(pattern, re.I)) for weight, pattern in _SUBJECT]
_HEADING = re.compile(
    r"^\W*(?:initial\s+)?(?:term|duration|period|contract\s+period|term\s+and|effective\s+date|expiration)\b|\bterm\b",
    re.I,
)
_UNTIL = re.compile(
    r"\b(?:until|through|thru|till|expir\w*|terminat\w*|end(?:s|ing)?|conclud\w*|up\s+to(?:\s+and\s+including)?|to|and)\b"
    r"[\s,:]*(?:(?:automatically|on|at|of|as|and|including|the|midnight|close|business|(?:initial\s+)?term|shall|will|be|is|means?|date|day|earlie[rs]t?|late[rs]t?|of|either|[\"”(]|period|[\d:]+|[ap]\.?m\.?|\([^)]*\))[\s,.:]*){0,10}$",
    re.I,
)
_FROM = re.compile(
    r"\b(?:from|commenc\w*|begin\w*|start\w*|effective|between)\b[\s,]*(?:(?:on|as|of|and|the|from|with|at|upon|dated?)[\s,]*){0,5}$",
    re.I,
)
_RENEWAL = re.compile(
    r"\b(?:renew(?:s|ed|al|ing)?|extend(?:ed|s)?|extension|successive|additional|further|subsequent|option(?:al|s)?)\b",
    re.I,
)
_NOT_TERM = re.compile(
    r"^[\s,’'\"”)]*(?:prior|before|(?:advance\s+|prior\s+|written\s+)*notice|after\s+(?:receipt|notice|(?:the|its|such)\s+(?:expiration|termination))"
    r"|written|following\s+(?:the\s+)?(?:expiration|termination|receipt)|of\s+(?:such|receipt|notice|age)|old)\b",
    re.I,
)
_OPEN_END = re.compile(
    r"\bperpetu|\bindefinite|\buntil\s+(?:it\s+is\s+|such\s+time\s+as\s+it\s+is\s+)?(?:otherwise\s+)?terminated|\bunless\s+and\s+until\s+(?:it\s+is\s+)?terminated",
    re.I,
)
_OTHER_BASE = re.compile(  # a day that only time will tell
    r"[\s,]*(?:(?:from|after|following|of|beginning\s+(?:on|with)|commencing\s+(?:on|with)|starting\s+(?:on|with))\s+)"
    r"(?!(?:[^.,;()]{0,40}?\b(?:effective|hereof|agreement|contract|commencement|execution|sign\w+|first\s+(?:above|set|written|day)|above"
    r"|such\s+date|thereof|\d{4}|[\"“])))[^.,;()]{0,40}?\b(?:sale|launch\w*|deliver\w*|completion|acceptance|approval|closing|release"
    r"|availability|operations?|opening|shipment|selection|receipt|registration|ready\s+date|payment)\b",
    re.I,
)
_AFTERWARDS = re.compile(
    r"\b(?:term|duration|life)\b[^.;]{0,60}\band\s+(?:continuing\s+)?(?:for|until)\b[^.;]{0,40}$", re.I
)
_OF_ITS_DATE = re.compile(
    r"[\s,]*(?:of|from|after|following)\s+the\s+date\s+(?:hereof|of\s+this\s+\w+|first\s+(?:above|written|set))", re.I
)
_LABEL = re.compile(r"\b(?:expiration|expiry|termination|end)\s+date\W{0,4}$", re.I)
_NOTICE = re.compile(r"\b(?:notif\w+|notice|advis\w+|intention|intent|elect\w*|written)\b", re.I)
LEAST = 2.2  # points below which no sentence is taken for the term's
LONGEST = 1600  # characters of a sentence that are read
CORE = 350  # characters of it that say what it is about
LABELLED = 5.0  # points of a date behind the words "Expiration Date:"


@dataclass(frozen=True)
class Sentence:
    """A stretch of text and the headings over it, joined."""

    start: int
    end: int
    headings: str


@dataclass(frozen=True)
class TermFound:
    """What the best sentence on the contract's duration says. Every part may be missing."""

    score: float
    start: int
    end: int
    until: DateFound | None = None
    period: PeriodFound | None = None
    since: DateFound | None = None  # where the period begins, if the sentence names a date
    agreed: bool = False  # it begins on the day of the contract, whenever that takes effect
    unknown: bool = False  # it begins on a day that the contract cannot tell
    open_end: bool = False


def terms_in(text: str, sentences: Iterable[Sentence]) -> list[TermFound]:
    """Sentences that say how long the contract runs, best first."""
    found = [t for s in sentences if (t := _term(text, s)) is not None]
    return sorted(found, key=lambda t: (-t.score, t.start))


def _term(text: str, sentence: Sentence) -> TermFound | None:
    words = text[sentence.start : min(sentence.end, sentence.start + LONGEST)]
    core = re.split(r"\bprovided\b", words)[0][:CORE]
    score = sum(weight for weight, sign in _WEIGHTS if sign.search(words if weight > 0 else core))
    score += 2.5 * bool(_HEADING.search(sentence.headings))
    score -= min(sentence.start / 60_000, 1.5)
    labelled = _LABEL.search(text, max(sentence.start - 30, 0), sentence.start) is not None
    score += LABELLED * labelled
    if score < LEAST:
        return None
    end = sentence.start + len(words)
    dates = dates_in(text, sentence.start, end)
    until = next((d for d in dates if _UNTIL.search(text[max(d.start - 110, sentence.start) : d.start])), None)
    if labelled and dates and dates[0].start - sentence.start < 20:
        until = dates[0]
    since = next(
        (d for d in dates if d is not until and _FROM.search(text[max(d.start - 60, sentence.start) : d.start])), None
    )
    period = next(_runs(text, sentence.start, end), None)
    open_end = bool(_OPEN_END.search(words))
    if until is None and period is None and not open_end:
        return None
    score += 1.0 * (until is not None) + 0.8 * (period is not None)
    open_end = open_end and until is None and period is None
    agreed = period is not None and _OF_ITS_DATE.match(text, period.end) is not None
    unknown = period is not None and _OTHER_BASE.match(text, period.end) is not None
    return TermFound(score, sentence.start, end, until, period, since, agreed, unknown, open_end)


def _runs(text: str, start: int, end: int) -> Iterator[PeriodFound]:
    """Periods that are the contract's own: not those of notice, cure or renewal."""
    yield from anniversaries_in(text, start, end)
    for found in periods_in(text, start, end):
        before, behind = text[max(found.start - 60, start) : found.start], text[found.end : found.end + 60]
        if _NOT_TERM.match(behind) or re.search(
            r"\b(?:at\s+least|not\s+less\s+than|upon|within|every|each|on)\s*$", before, re.I
        ):
            continue
        if _RENEWAL.search(before) or (_AFTERWARDS.search(before) and re.match(r"\W*there\s?after", behind)):
            continue
        yield found


def expiry_of(term: TermFound, effective: date | None, agreed: date | None) -> date | None:
    """The day on which the contract ends, computed where it is told by a period; None where that cannot be known."""
    if term.until is not None:
        return term.until.value
    if term.unknown:
        return None
    base = agreed if term.agreed and agreed else term.since.value if term.since is not None else effective or agreed
    return after(base, term.period.value) if term.period is not None and base is not None else None


def renewal_in(text: str, sentences: Sequence[Sentence]) -> tuple[PeriodFound | None, PeriodFound | None]:
    """The period by which the contract is renewed, and the notice that prevents it."""
    best: tuple[float, PeriodFound | None, PeriodFound | None] = (0.0, None, None)
    for n, s in enumerate(sentences):
        words = text[s.start : min(s.end, s.start + LONGEST)]
        if not re.search(r"\brenew|\bextend", words, re.I):
            continue
        if n + 1 < len(sentences):  # the notice that prevents it often stands in the next sentence
            words = text[s.start : min(sentences[n + 1].end, s.start + LONGEST)]
        score = (
            2.0
            + 2.0 * bool(re.search(r"\bautomatic", words, re.I))
            + 1.0 * bool(re.search(r"\bsuccessive|\badditional", words, re.I))
        )
        score += 1.0 * bool(re.search(r"\bterm\b", words, re.I)) + 1.0 * bool(_HEADING.search(s.headings))
        term, notice = _renewal_parts(text, s.start, s.start + len(words))
        score += 1.5 * (term is not None) + 1.5 * (notice is not None)
        if term is not None and score > best[0] and score >= RENEWAL_LEAST:
            best = (score, term, notice)
    return best[1], best[2]


RENEWAL_LEAST = 4.5


def _renewal_parts(text: str, start: int, end: int) -> tuple[PeriodFound | None, PeriodFound | None]:
    term = notice = None
    renewed = re.search(r"\brenew|\bextend", text[start:end], re.I)
    since = start + renewed.start() if renewed else start
    for found in periods_in(text, start, end):
        before, behind = text[max(found.start - 90, start) : found.start], text[found.end : found.end + 90]
        if _NOT_TERM.match(behind) or re.search(
            r"\b(?:at\s+least|not\s+less\s+than|no\s+later\s+than|than)\s*(?:\w+\s+)?$", before, re.I
        ):
            if notice is None and (_NOTICE.search(behind) or _NOTICE.search(before)):
                notice = found
        elif term is None and found.start >= since:
            term = found
    return term, notice
