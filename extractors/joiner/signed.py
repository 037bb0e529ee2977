"""Whether an employment contract bears both signatures, as far as text says it: "gez. Anna Kern", "/s/ Anna Kern".

Signatures by hand are pictures: of them nothing is said, and a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workitems.items import Page, Reading

_NAME = r"((?:[A-ZÀ-ÝĀ-Ž][\w'’.-]+[ \t]+){1,4}[A-ZÀ-ÝĀ-Ž][\w'’-]+)"
_BY = r"\bgez\.|/s/|\b(?:[Dd]igitally |[Ee]lectronically )?[Ss]igned(?: electronically)? by:?|\b[Ss]igné par"
_SIGNED = re.compile(rf"(?:{_BY})\s*{_NAME}")
NEEDED = 2  # the employer's signature and the employee's
SURE = 0.97


def signed_by_both(pages: Sequence[Page]) -> Reading | None:
    """`yes` where two people have signed in text; None where that is not to be seen."""
    found: dict[str, int] = {}
    for page in pages:
        text = " ".join(word.text for word in page.words)
        for match in _SIGNED.finditer(text):
            found.setdefault(match[1].casefold(), page.number)
    if len(found) < NEEDED:
        return None
    return Reading(value="yes", confidence=SURE, reader="signed", page=max(found.values()))
