"""How long secrecy binds: the period after which a non-disclosure agreement, or its obligations, end."""

from __future__ import annotations

import re

from extractors.contract.periods import PeriodFound, anniversaries_in, periods_in

REACH = 170  # characters behind the verb in which the period stands
LEAST = 2.0
GENERAL_LEAST = 5.0  # points from which the sentence on a contract's duration counts in a non-disclosure agreement
_ENDS = re.compile(
    r"\b(?P<what>agreement|obligations?|undertakings|covenants|provisions|commitments)\b(?P<between>[^.;]{0,240}?)"
    r"\b(?:terminates?|expires?|cease\w*|ends?|lapse\w*|in\s+(?:full\s+)?(?:force|effect)|continues?|remains?"
    r"|govern|effective|binding|survive)\b",
    re.I,
)
_FROM_ITS_DATE = re.compile(
    r"[\s,]*(?:period\s+)?(?:term\s+)?(?:[\"“(][^)]{0,40}\)\s*)?(?:from|after|following|of|commencing)\s+"
    r"(?:(?:on|with|such|the|its)\s+)*(?:date\b(?!\s+(?:of\s+)?(?:the\s+)?terminat)|effective|execution|disclosure|receipt|first)"
    r"|\s*(?:\(\d+\)\s*)?[\s-]*anniversary\s+of\s+(?:the\s+(?:date|effective)|this)",
    re.I,
)
_OTHER = re.compile(
    r"[^.;]{0,60}\b(?:employment|separation|change\s+(?:in|of)\s+control|resign\w*|no\s+longer|termination)\b"
    r"|[\s,’'-]*(?:prior|before|notice|advance|written)\b",
    re.I,
)
_ELSE = re.compile(r"\b(?:solicit\w*|hire|standstill|compet\w+|salary|severance|benefits|payment|pay)\b", re.I)
_SINCE_RECEIPT = re.compile(r"[^.;]{0,60}\b(?:disclos\w+|receipt|received|obtained)\b", re.I)


def secrecy_in(text: str) -> PeriodFound | None:
    """The period; that of the whole agreement before that of a piece of information."""
    best: tuple[float, PeriodFound | None] = (LEAST, None)
    for m in _ENDS.finditer(text):
        stop = re.search(r"[.;](?=\s)", text[m.end() : m.end() + REACH])
        end = m.end() + (stop.start() if stop else REACH)
        for found in (*anniversaries_in(text, m.end(), end), *periods_in(text, m.end(), end)):
            score = _score(text, m, found)
            if score > best[0]:
                best = (score, found)
    return best[1]


def _score(text: str, told: re.Match[str], found: PeriodFound) -> float:
    if (
        re.search(r"\bwithin\s*$", text[max(found.start - 12, 0) : found.start])
        or _OTHER.match(text, found.end)
        or _ELSE.search(text, told.start(), found.start)
    ):
        return 0.0
    score = 1.0 + 1.0 * (told["what"].lower() == "agreement") + 0.5 * told["what"].lower().startswith("oblig")
    score += 2.0 * bool(_FROM_ITS_DATE.match(text, found.end)) - 1.0 * bool(_SINCE_RECEIPT.match(text, found.end))
    score -= 1.5 * (found.value.unit == "day")
    return score - len(told["between"]) / 400
