"""Reads a document, overlays what a person said, checks it, and hands on the invoices that are sure."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bots.invoices.assemble import Source
from bots.invoices.checks import Verdict
from bots.invoices.codes import doubt
from bots.invoices.decisions import decision
from bots.invoices.draft import Draft, draft_from, overlaid
from bots.invoices.findings import Findings, doubts
from bots.invoices.identity import without_our_marks
from bots.invoices.look_up import Office, document_id, earlier_documents, look_up
from bots.reading.no_request import asks_for_nothing
from bots.reading.route import INVOICES, check_kind, judge, no_desk
from bots.reading.split_up import Cut, parts_of, ranges_of
from workitems.errors import NeedsReview
from workitems.items import DocumentItem, Kind, Paper, Route
from workitems.work import Outcome, Output, Work

log = logging.getLogger(__name__)

STEP = "read_documents"
Read = Callable[[str, str, str | None], Paper]
"""`read(path, filename, media_type)`, wired to a bounded child. Raises NeedsReview where that had to be stopped."""

_MAIL_TEXT = "text/plain"
_TEXT_BYTES = 200_000
_LETTERS: frozenset[Kind] = frozenset({"letter", "other"})


def handle(work: Work, office: Office, read: Read, cut: Cut | None = None) -> Outcome:
    """One document: to the posting step, to a person, or to the end. Raises TryLater when the records are away.

    `cut` parts a file that holds several documents; where the host has no queue for the parts it is None, and a person
    parts the file.
    """
    item = DocumentItem.model_validate(work.payload)
    item = item.model_copy(
        update={"document": item.document.model_copy(update={"id": document_id(item.document, work.id)})}
    )
    if item.paper is None and any(d.severity == "block" for d in item.doubts):
        return _end(item, "review", Findings(doubts=item.doubts))  # a container that stayed closed
    item = item.model_copy(update={"paper": _paper(work, item, read)})
    several = _several(work, item, cut)
    if several is not None:
        return several
    draft = without_our_marks(draft_from(item.paper or _NOTHING, item.answers), office.house.company)
    if item.paper is None or (item.paper.source is None and not item.answers):
        return _end(item, "review", _unreadable(item.paper))
    if draft.kind in INVOICES and _is_only_text(item, draft):
        draft = draft.model_copy(update={"kind": "letter", "kind_confidence": 1.0})
    if draft.kind not in INVOICES:
        return _no_desk(work, item, draft, office)
    return _invoice(work, item, draft, office)


def _several(work: Work, item: DocumentItem, cut: Cut | None) -> Outcome | None:
    """An item for each of several documents in one file; None where it is one. Each part is read for itself."""
    ranges, fault = ranges_of(item)
    if fault is not None:
        return _end(item, "review", Findings(doubts=(*(item.paper or _NOTHING).doubts, fault)))
    if not ranges:
        return None
    outputs = parts_of(work, item, ranges, cut) if cut else ()
    told = ", ".join(f"{first}-{last}" for first, last in ranges)
    if not outputs:
        message = f"The file holds {len(ranges)} documents (pages {told}). Cut it, and send each by itself."
        return _end(item, "review", doubts(doubt("several_documents", message)))
    return _end(item, "straight", Findings()).model_copy(update={"outputs": outputs})


def _is_only_text(item: DocumentItem, draft: Draft) -> bool:
    """A mail that speaks of an invoice, without any amount, is no invoice."""
    return item.document.media_type == _MAIL_TEXT and draft.total is None and not draft.lines and not item.answers


_NOTHING = Paper(kind="other", kind_confidence=0.0)


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
        return _end(item, "reject", doubts(doubt("no_request", why)))
    again = earlier_documents(work.id, item.document, None, None, office).same_file
    same = doubt("duplicate_file", f"The very same file came before: {again[0]}.") if again else None
    kind = check_kind(draft, office.house.policy)
    return _end(item, "review", doubts(*draft.doubts) + (kind if kind.doubts else no_desk(draft.kind)) + doubts(same))


def _nothing_asked(work: Work, item: DocumentItem, draft: Draft) -> str | None:
    about = item.document
    if about.media_type != _MAIL_TEXT or draft.kind not in _LETTERS or item.answers:
        return None
    with work.path(about.filename).open("rb") as file:
        text = file.read(_TEXT_BYTES).decode("utf-8", "replace")
    return asks_for_nothing(text, about.mail.subject, list(draft.readings))


def _invoice(work: Work, item: DocumentItem, draft: Draft, office: Office) -> Outcome:
    source = Source(document=item.document, paper=item.paper or _NOTHING, answers=item.answers)
    facts = look_up(work.id, item.document, draft, office)
    route, verdict = judge(source, draft, facts, office.house, shown=item.doubts)
    outcome = _end(item, route, verdict.findings, verdict)
    if route != "straight" or verdict.invoice is None:
        return outcome
    invoice = verdict.invoice.model_copy(update={"doubts": verdict.findings.doubts, "route": "straight"})
    return outcome.model_copy(update={"outputs": (Output(item=invoice, files=(item.document.filename,)),)})


def _end(item: DocumentItem, route: Route, findings: Findings, verdict: Verdict | None = None) -> Outcome:
    """The outcome with its audit row. The readings on the item are those that counted."""
    found = overlaid(item.paper.fields, item.answers) if item.paper else {}
    readings = {name: r.model_copy(update={"why": None}) for name, r in found.items()}  # the paper says why
    done = item.model_copy(update={"doubts": findings.doubts, "route": route, "readings": readings})
    row = decision(STEP, done, done.paper or _NOTHING, findings, verdict=verdict)
    return Outcome(item=done, decision=row)
