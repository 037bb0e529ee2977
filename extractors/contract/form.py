"""What a contract lacks in form: signatures that were left blank, annexes that it names and does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.contract.document import ContractText
from workitems.items import Doubt

_NAMED = re.compile(
    r"\b(?i:Schedule|Exhibit|Annex|Appendix|Attachment)\s+[“\"]?(?:[A-Z]|[IVX]{1,4}|\d{1,2})\b(?![.\d]|\s+of\s+the\b)"
)
_FILED = 300  # characters at the start of a text where it may be numbered as somebody else's exhibit
_BLANK = re.compile(r"\b(?:By|Signature|Signed)\s*:?\s*_{4,}", re.IGNORECASE)
_SIGNED = re.compile(
    r"/s/|\bDocuSign|\b(?:electronically|digitally) signed|\bgez\.|\(signed\)|/signature/", re.IGNORECASE
)
_REDACTED = re.compile(
    r"\[\s*(?:\*(?:\s*\*)*|redacted|omitted|x{3,}|_{3,}|●+|•+)\s*\]|\*{4,}|█{2,}|■{3,}", re.IGNORECASE
)
_MOST = 4  # annexes that are named in a sentence


def form_doubts(doc: ContractText, scanned: bool = False) -> tuple[Doubt, ...]:
    """Doubts about signatures and annexes. Pictures of signatures are not seen: only a line left blank is told.

    On a scan (`scanned`) a signature is a picture above such a line, so nothing is said of it.
    """
    return (*(_by_hand() if scanned else _signature(doc)), *_annexes(doc), *_redactions(doc))


def _by_hand() -> Iterable[Doubt]:
    message = "On a scan only print is read: notes, changes and signatures by hand have to be looked for on the page."
    yield Doubt(code="handwriting", message=message, severity="warn")


def _redactions(doc: ContractText) -> Iterable[Doubt]:
    """Words that somebody took out, by what stands in their place; black bars over nothing are not seen."""
    found = [match.start() for match in _REDACTED.finditer(doc.text)]
    if found:
        pages = sorted({doc.page_of(start) for start in found})
        where = f"page {pages[0]}" if len(pages) == 1 else f"pages {', '.join(map(str, pages[:_MOST]))}"
        many = "one place" if len(found) == 1 else f"{len(found)} places"
        more = " and others" if len(pages) > _MOST else ""
        yield Doubt(code="redacted", message=f"Words are blacked out in {many} ({where}{more}).")


def _signature(doc: ContractText) -> Iterable[Doubt]:
    if doc.signature is None:
        return
    start, end = doc.signature
    block = doc.text[start:end]
    if _BLANK.search(block) and not _SIGNED.search(block):
        message = f"The contract is not signed: the lines for it are blank (page {doc.page_of(start)})."
        yield Doubt(code="missing_signature", message=message)


def _annexes(doc: ContractText) -> Iterable[Doubt]:
    held = {_name(exhibit.name) for exhibit in doc.exhibits}
    first = doc.exhibits[0].start if doc.exhibits else len(doc.text)
    named: dict[str, int] = {}
    for match in _NAMED.finditer(doc.text, _FILED, max(first, _FILED)):
        named.setdefault(_name(match[0]), match.start())
    gone = [name for name in named if name not in held]
    if gone:
        more = f" and {len(gone) - _MOST} more" if len(gone) > _MOST else ""
        told = ", ".join(gone[:_MOST])
        message = f"The contract names {told}{more}, which the file does not hold (page {doc.page_of(named[gone[0]])})."
        yield Doubt(code="missing_annex", message=message)


def _name(told: str) -> str:
    kind, label = told.replace("“", " ").replace('"', " ").split()[:2]
    return f"{kind.capitalize()} {label.upper()}"
