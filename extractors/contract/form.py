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
_MOST = 4  # annexes that are named in a sentence


def form_doubts(doc: ContractText, scanned: bool = False) -> tuple[Doubt, ...]:
    """Doubts about signatures and annexes. Pictures of signatures are not seen: only a line left blank is told.

    On a scan (`scanned`) a signature is a picture above such a line, so nothing is said of it.
    """
    return (*(() if scanned else _signature(doc)), *_annexes(doc))


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
