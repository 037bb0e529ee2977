"""What a message about a joiner asks for: a new colleague, or a change: withdrawn, another first day, leaving."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workitems.items import Page, Reading

_EVENT = re.compile(r"(?im)^\s*(?:event(?: type| name)?|action|type|status|topic)\s*:\s*(\S.*)$")
_EVENTS = (
    ("withdraw", re.compile(r"withdr[ae]w|declin|rescind|cancel|retract", re.IGNORECASE)),
    ("leaves", re.compile(r"offboard|terminat|leav(?:er|es|ing)|resign|departure|exit", re.IGNORECASE)),
    ("start_moved", re.compile(r"start.*(?:chang|mov|postpon|updat|shift)|(?:postpon|shift).*start", re.IGNORECASE)),
    ("role_changed", re.compile(r"(?:role|job|position).*(?:chang|updat)", re.IGNORECASE)),
    ("manager_changed", re.compile(r"manager.*(?:chang|updat)", re.IGNORECASE)),
)
_PAPER = r"(?:application|acceptance|candidacy|signature under the contract)"
_SENTENCES = (
    ("withdraw", rf"\bwithdraw(?:s|n|ing)? (?:my|his|her|their) {_PAPER}|\bwill not be joining"),
    (
        "withdraw",
        r"(?:Bewerbung|Zusage) .{0,40}\bzurück|trete die Stelle nicht an|je (?:retire|renonce).{0,20}candidature",
    ),
    ("start_moved", r"(?:start date|first day) (?:has )?(?:moved|moves|changed|changes|is postponed)"),
    ("start_moved", r"(?:Eintritt|Arbeitsbeginn|Startdatum).{0,40}(?:verschiebt|verschoben)"),
)
SURE_EVENT, SURE_SENTENCE = 0.99, 0.9


def find_request(pages: Sequence[Page]) -> Reading | None:
    """withdraw, start_moved, role_changed, manager_changed or leaves; None where nothing is to be changed."""
    for page in pages:
        lines = _lines(page)
        for match in _EVENT.finditer(lines):
            words = re.sub(r"[._-]+", " ", match[1])
            for kind, pattern in _EVENTS:
                if pattern.search(words):
                    return Reading(value=kind, confidence=SURE_EVENT, reader="event", page=page.number)
        plain = " ".join(lines.split())
        for kind, sentence in _SENTENCES:
            if re.search(sentence, plain, re.IGNORECASE):
                return Reading(value=kind, confidence=SURE_SENTENCE, reader="sentence", page=page.number)
    return None


def _lines(page: Page) -> str:
    """The page's words, a line for each height at which they stand."""
    rows: dict[int, list[str]] = {}
    for word in page.words:
        rows.setdefault(round(word.box[1] * 1000), []).append(word.text)
    return "\n".join(" ".join(words) for _, words in sorted(rows.items()))
