"""Files a joiner's paper: finds whose it is, puts what it says into the dossier, and gives the bots their turn."""

from __future__ import annotations

import hashlib

from bots.joiners.codes import doubt
from bots.joiners.facts import with_facts
from bots.joiners.linking import Link, link, marks
from bots.joiners.nouns import Fact, Joiner, JoinerPaper, JoinerTurn, PaperKept
from bots.joiners.office import Office, change, joiner_of, values_of
from workitems.dossiers import By
from workitems.errors import NeedsReview
from workitems.items import Decision, Doubt
from workitems.work import Outcome, Output, Work

STEP = "file_joiners"
NEW = "new"
"""What a person says of a paper that is nobody's who is known."""


def handle(work: Work, office: Office) -> Outcome:
    """One paper: filed, or to a person where it is not clear whose it is. Filed twice it is filed once."""
    item = JoinerPaper.model_validate(work.payload)
    said = next((a.value for a in reversed(item.answers) if a.field == "joiner"), item.joiner)
    key = _whose(item, office, said)
    by = By(work.id, STEP, f"{item.source} filed")
    if office.dossiers.of_key(key) is None:
        office.dossiers.open(key, Joiner(key=key).model_dump(mode="json"), "open", by)
    _, joiner = change(office, key, lambda known: _with_paper(known, item, work.id, office), by)
    filed = item.model_copy(update={"joiner": key, "route": "straight", "ended": "filed"})
    turn = JoinerTurn(joiner=key, on=office.today)
    decision = Decision(
        step=STEP,
        input_hash=hashlib.sha256(item.document.sha256.encode()).hexdigest(),
        route="straight",
        rules=(f"papers:{len(joiner.papers)}",),
    )
    return Outcome(item=filed, outputs=(Output(item=turn, key=f"turn:{key}:{item.document.id}"),), decision=decision)


def _whose(item: JoinerPaper, office: Office, said: str | None) -> str:
    """The key of the joiner. Raises NeedsReview where a person has to say."""
    if said and said != NEW and office.dossiers.of_key(said) is not None:
        return said
    values = {name: reading.value for name, reading in item.readings.items()}
    values.setdefault("email", item.document.mail.sender or "")  # an answer comes from whom we have written to
    found = {d.key: d for mark in sorted(marks(values)) for d in office.dossiers.marked(mark)}
    mine = next((key for key, d in found.items() if _has(joiner_of(d), item)), None)
    if mine is not None:
        return mine  # this very paper was filed before the bot died
    linked = Link("new") if said == NEW else link(values, [(key, joiner_of(d)) for key, d in found.items()])
    if linked.verdict == "same" and linked.joiner:
        return linked.joiner
    if linked.verdict == "ask":
        raise NeedsReview([_ask(linked, office)])
    if item.move is not None:
        message = "The paper changes something for a joiner, but nobody of that name is known."
        raise NeedsReview([doubt("doubtful_person", message, "joiner")])
    return f"j-{hashlib.sha256(item.document.id.encode()).hexdigest()[:8]}"


def _has(joiner: Joiner, item: JoinerPaper) -> bool:
    return any(paper.document == item.document.id for paper in joiner.papers)


def _ask(linked: Link, office: Office) -> Doubt:
    told = []
    for key in linked.candidates:
        dossier = office.dossiers.of_key(key)
        values = values_of(joiner_of(dossier)) if dossier else {}
        told.append(f"{key} ({values.get('given_names', '?')} {values.get('surname', '?')})")
    code = "several_of_that_name" if len(told) > 1 else "doubtful_person"
    return doubt(code, f"The paper may belong to {' or '.join(told)}, or to somebody new.", "joiner")


def _with_paper(joiner: Joiner, item: JoinerPaper, item_id: str, office: Office) -> Joiner:
    if _has(joiner, item):
        return joiner
    at = item.document.mail.received_at or office.now()
    kept = PaperKept(
        document=item.document.id,
        item=item_id,
        filename=item.document.filename,
        sha256=item.document.sha256,
        source=item.source,
        signed=item.signed,
        sender=item.document.mail.sender,
        at=at,
    )
    joiner = joiner.model_copy(update={"papers": (*joiner.papers, kept)})
    if item.move is not None:
        return joiner.model_copy(update={"moves": (*joiner.moves, item.move)})
    facts = [
        (
            name,
            Fact(
                value=reading.value,
                confidence=reading.confidence,
                source="person" if reading.reader.startswith("person:") else item.source,
                document=item.document.id,
                at=at,
            ),
        )
        for name, reading in item.readings.items()
    ]
    return with_facts(joiner, facts)
