"""Whether pages tell of somebody who is hired, whatever kind they are: a mail in prose, an offer, a contract.

The kind of a document is told by its look and its words as a whole, and offers and mails have the words of any
letter. What tells them apart is that they answer the questions of a form: who, as what, from when, for how long a week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extractors.joiner.candidates import candidates_of
from extractors.joiner.ranking import best_of, scored
from extractors.pages import text_of
from extractors.values import plain
from workitems.items import Page

MOST_PAGES = 12  # of a contract of employment; more is another contract
ANSWERS = ("employer", "department", "role", "manager", "starts_on", "weekly_hours", "born_on")
SURE_ANSWER = 0.85
LEAST_ANSWERS = 4
_HIRES = re.compile(
    r"start date|starts? on|day one|first day|joining|offer you|your employment|eingestellt|angestellt|beschaftigt"
    r"|eintritt|arbeitsverhaltnis|neuzugang|fangt|vorgesetzte|wochenstunden|fuhrungskraft|embauch|engagee?\b"
    r"|prise de poste|nous rejoint|recrut|heures par semaine|hours (?:per|a) week|hrs/week|line manager"
    r"|report(?:s|ing)? to"
)
_TITLE = re.compile(r"\b(?:(?:arbeits|anstellungs|dienst)vertrag|contrat de travail)\b")
_ENGLISH = re.compile(r"\b(?:(?:employment|service) (?:agreement|contract)|contract of employment)\b")
NEAR = 120  # characters of a contract in which its title stands


def is_employment_contract(pages: Sequence[Page], seems: str | None = None) -> bool:
    """Whether a contract calls itself one of employment near its beginning: in German, French or English.

    `seems`: the type that it was given; types were learnt from English contracts, so an English one keeps its own.
    """
    if not 0 < len(pages) <= MOST_PAGES:
        return False
    title = plain(text_of(pages[0].words))[:NEAR]
    return bool(_TITLE.search(title) or (seems is None and _ENGLISH.search(title)))


def tells_of_hiring(pages: Sequence[Page], today: date | None = None) -> bool:
    """Whether somebody is named with what a new colleague's form asks for; costs little where no word speaks of it."""
    if not 0 < len(pages) <= MOST_PAGES:
        return False
    if not _HIRES.search(plain(" ".join(text_of(page.words) for page in pages[:3]))):
        return False
    candidates = candidates_of(pages, today or date.today())  # noqa: DTZ011 - the calendar of whoever reads
    if scored(candidates) is None:
        return False  # without the fitted model nothing is sure enough to overrule what kind it seems to be
    best = best_of(candidates)
    sure = {name for name in ANSWERS if name in best and best[name][0].score >= SURE_ANSWER}
    named = any(name in best for name in ("surname", "given_names"))
    return named and "role" in sure and bool(sure & {"starts_on", "weekly_hours"}) and len(sure) >= LEAST_ANSWERS
