"""Reads a document, overlays what a person said, and gives it to the desk that takes documents of its kind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bots.desks import DocumentDesk, desk_for
from bots.invoices.codes import doubt
from bots.invoices.draft import Draft, draft_from
from bots.invoices.findings import Findings, doubts
from bots.invoices.intake import NOTHING_READ, InvoiceDesk, end
from bots.invoices.look_up import Office, document_id, earlier_documents
from bots.reading.no_request import asks_for_nothing
from bots.reading.route import INVOICES, check_kind, no_desk
from bots.reading.split_up import Cut, parts_of, ranges_of
from workitems.errors import NeedsReview
from workitems.items import DocumentItem, Kind, Paper
from workitems.work import Outcome, Work

log = logging.getLogger(__name__)

Read = Callable[[str, str, str | None], Paper]
"""`read(path, filename, media_type)`, wired to a bounded child. Raises NeedsReview where that had to be stopped."""

_MAIL_TEXT = "text/plain"
_TEXT_BYTES = 200_000
_LETTERS: frozenset[Kind] = frozenset({"letter", "other"})


def handle(
    work: Work, office: Office, read: Read, cut: Cut | None = None, desks: Sequence[DocumentDesk] | None = None
) -> Outcome:
    """One document: to the desk that takes it, to a person, or to the end. Raises TryLater when the records are away.

    `cut` parts a file that holds several documents; where the host has no queue for the parts it is None, and a person
    parts the file. Without `desks` there is the invoice desk alone.
    """
    item = DocumentItem.model_validate(work.payload)
    item = item.model_copy(
        update={"document": item.document.model_copy(update={"id": document_id(item.document, work.id)})}
    )
    if item.paper is None and any(d.severity == "block" for d in item.doubts):
        return end(item, "review", Findings(doubts=item.doubts))  # a container that stayed closed
    item = item.model_copy(update={"paper": _paper(work, item, read)})
    several = _several(work, item, cut)
    if several is not None:
        return several
    item = _as_one(item)
    draft = draft_from(item.paper or NOTHING_READ, item.answers)
    if item.paper is None or (item.paper.source is None and not item.answers):
        return end(item, "review", _unreadable(item.paper))
    if draft.kind in INVOICES and _is_only_text(item, draft):
        draft = draft.model_copy(update={"kind": "letter", "kind_confidence": 1.0})
    desk = desk_for((InvoiceDesk(office),) if desks is None else desks, item, draft.kind)
    return desk.handle(work, item) if desk else _no_desk(work, item, draft, office)


def _several(work: Work, item: DocumentItem, cut: Cut | None) -> Outcome | None:
    """An item for each of several documents in one file; None where it is one. Each part is read for itself."""
    ranges, fault = ranges_of(item)
    if fault is not None:
        return end(item, "review", Findings(doubts=(fault, *(item.paper or NOTHING_READ).doubts)))
    if not ranges:
        return None
    outputs = parts_of(work, item, ranges, cut) if cut else ()
    told = ", ".join(f"{first}-{last}" for first, last in ranges)
    if not outputs:
        message = f"The file holds {len(ranges)} documents (pages {told}). Cut it, and send each by itself."
        return end(item, "review", doubts(doubt("several_documents", message, "split")))
    return end(item, "straight", Findings()).model_copy(update={"outputs": outputs})


def _as_one(item: DocumentItem) -> DocumentItem:
    """Where a person said that all pages are one document, nobody is asked for that again."""
    if item.paper is None or not any(a.field == "split" and a.value.strip() for a in item.answers):
        return item
    others = tuple(d for d in item.paper.doubts if d.code != "several_documents")
    return item.model_copy(update={"paper": item.paper.model_copy(update={"doubts": others})})


def _is_only_text(item: DocumentItem, draft: Draft) -> bool:
    """A mail that speaks of an invoice, without any amount, is no invoice."""
    return item.document.media_type == _MAIL_TEXT and draft.total is None and not draft.lines and not item.answers


def _paper(work: Work, item: DocumentItem, read: Read) -> Paper:
    """What the readers find. After a person's answers a document is not read again: they fit what was shown."""
    if item.answers and item.paper is not None:
        return item.paper
    about = item.document
    try:
        paper = read(str(work.path(about.filename)), about.filename, about.media_type)
    except NeedsReview as stopped:
        return Paper(kind="other", kind_confidence=0.0, doubts=stopped.doubts)
    except FileNotFoundError:
        gone = doubt("unreadable", "The item has lost its file.")
        return Paper(kind="other", kind_confidence=0.0, doubts=(gone,))
    carried = tuple(d for d in item.doubts if item.paper is None)  # what unpacking the mail remarked
    return paper.model_copy(update={"doubts": carried + paper.doubts})


def _unreadable(paper: Paper | None) -> Findings:
    found = paper.doubts if paper else ()
    if any(d.severity == "block" for d in found):
        return Findings(doubts=found)
    return doubts(*found, doubt("unreadable", "Nothing could be read from the file."))


def _no_desk(work: Work, item: DocumentItem, draft: Draft, office: Office) -> Outcome:
    """Papers that no bot works on; mails that ask for nothing are done with."""
    why = _nothing_asked(work, item, draft)
    if why:
        return end(item, "reject", doubts(doubt("no_request", why)))
    again = earlier_documents(work.id, item.document, None, None, office).same_file
    same = doubt("duplicate_file", f"The very same file came before: {again[0]}.") if again else None
    kind = check_kind(draft, office.house.policy)
    return end(item, "review", doubts(*draft.doubts) + (kind if kind.doubts else no_desk(draft.kind)) + doubts(same))


def _nothing_asked(work: Work, item: DocumentItem, draft: Draft) -> str | None:
    about = item.document
    if about.media_type != _MAIL_TEXT or draft.kind not in _LETTERS or item.answers:
        return None
    with work.path(about.filename).open("rb") as file:
        text = file.read(_TEXT_BYTES).decode("utf-8", "replace")
    return asks_for_nothing(text, about.mail.subject, list(draft.readings))
