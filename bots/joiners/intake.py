"""The joiners desk's part in reading: a joiner's paper that was read surely is handed on to be filed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bots.invoices.draft import overlaid
from bots.joiners.codes import confirmable, doubt, reason
from bots.joiners.facts import day, label
from bots.joiners.nouns import JoinerPaper, Move, Source
from bots.joiners.policy import JoinersPolicy
from workitems.items import Answer, Decision, DocumentItem, Doubt, Kind, Paper, Reading, Route
from workitems.work import Outcome, Output, Work

STEP = "read_documents"
KINDS: Mapping[Kind, Source] = {"identity": "identity", "application": "form", "contract": "contract"}
EMPLOYMENT = re.compile(r"employ|arbeitsvertrag|contrat de travail|anstellung", re.IGNORECASE)
OF_A_JOINER = frozenset({"starts_on", "employer", "role"})
"""Fields that a contract has only where it is about somebody's work."""
NEEDED: Mapping[Source, tuple[str, ...]] = {
    "identity": ("surname", "given_names", "born_on", "document_number", "expires_on"),
    "form": ("surname", "given_names"),
    "contract": ("surname", "given_names", "starts_on", "role"),
    "request": ("surname", "given_names"),
    "mail": ("surname", "given_names"),
}
"""What a paper has to say so that it counts as read."""
MOVES = ("withdraw", "start_moved", "role_changed", "manager_changed", "leaves")


class JoinerDesk:
    """Takes identity papers, forms and requests about joiners, and contracts of employment."""

    def __init__(self, policy: JoinersPolicy, today: date) -> None:
        self._policy, self._today = policy, today

    def takes(self, item: DocumentItem, kind: Kind) -> bool:
        """Whether the paper is about a joiner."""
        return kind in ("identity", "application") or (kind == "contract" and is_employment(item.paper, item.answers))

    def handle(self, work: Work, item: DocumentItem) -> Outcome:
        """To be filed where it was read surely, else to a person."""
        paper = item.paper or Paper(kind="other", kind_confidence=0.0)
        source = _source(item, paper)
        readings = overlaid(paper.fields, item.answers)
        found = settled(judge_paper(paper, source, readings, (self._policy, self._today)), item.answers, item.doubts)
        route: Route = "review" if any(d.severity == "block" for d in found) else "straight"
        plain = {name: r.model_copy(update={"why": None}) for name, r in readings.items()}
        done = item.model_copy(update={"doubts": found, "route": route, "readings": plain})
        outcome = Outcome(item=done, decision=_decision(done, paper))
        if route != "straight":
            return outcome
        filed = JoinerPaper(
            document=item.document,
            answers=item.answers,
            readings=plain,
            doubts=found,
            source=source,
            signed=_flag(readings, "signed"),
            move=_move(readings, item.document.id),
            paper=paper,
            joiner=next((a.value for a in reversed(item.answers) if a.field == "joiner"), None),
        )
        key = f"joiner:{item.document.id}"
        return outcome.model_copy(update={"outputs": (Output(item=filed, files=(item.document.filename,), key=key),)})


def is_employment(paper: Paper | None, answers: Sequence[Answer]) -> bool:
    """Whether a contract is one of employment, by its type or by what it says."""
    if paper is None:
        return False
    fields = overlaid(paper.fields, answers)
    about = " ".join(fields[name].value for name in ("contract_type", "title") if name in fields)
    return bool(EMPLOYMENT.search(about)) or len(OF_A_JOINER & set(fields)) >= 2


def judge_paper(
    paper: Paper, source: Source, readings: Mapping[str, Reading], house: tuple[JoinersPolicy, date]
) -> tuple[Doubt, ...]:
    """What speaks against taking the paper as it was read."""
    policy, today = house
    found = [d for d in paper.doubts if reason(d.code) is not None]  # a contract's clauses are another desk's
    needed = () if _move(readings, "") else NEEDED.get(source, ())
    found += [doubt(f"missing_{f}", f"The {label(f)} was not found.", f) for f in needed if f not in readings]
    for field in needed:  # what a paper says unsurely, another one may say too: the joiner's checks see them together
        if field in readings and readings[field].confidence < policy.hardly:
            reading = readings[field]
            message = f"The {label(field)} reads {reading.value}, but that is not sure ({reading.confidence:.0%})."
            found.append(doubt(f"unsure_{field}", message, field))
    if source == "contract" and "signed" not in readings:
        found.append(doubt("unsure_signed", "It was not to be seen that both have signed.", "signed"))
    born = day(readings["born_on"].value) if "born_on" in readings else None
    if born is not None and born >= today:
        found.append(doubt("born_in_future", f"The birth date {born} lies in the future.", "born_on"))
    return tuple(dict.fromkeys(found))


def judge_alone(paper: Paper, policy: JoinersPolicy, today: date) -> tuple[Route, tuple[Doubt, ...]] | None:
    """What `run.py read` says of a joiner's paper; None for any other."""
    if paper.source is None or not (paper.kind in ("identity", "application") or _is_contract_of_work(paper)):
        return None
    found = judge_paper(paper, KINDS.get(paper.kind, "form"), paper.fields, (policy, today))
    return ("review" if any(d.severity == "block" for d in found) else "straight"), found


def _is_contract_of_work(paper: Paper) -> bool:
    return paper.kind == "contract" and is_employment(paper, ())


def settled(found: Sequence[Doubt], answers: Sequence[Answer], shown: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Doubts that a person has answered, or accepted word for word, as remarks."""
    typed = {a.field for a in answers if a.value.strip() and a.field != "confirm"}
    codes = {a.value for a in answers if a.field == "confirm"}
    seen = {(d.code, d.message) for d in shown}

    def answered(d: Doubt) -> bool:
        accepted = d.code in codes and confirmable(d.code, d.field) and (d.code, d.message) in seen
        return accepted or (d.field in typed and d.code != "born_in_future")

    return tuple(d.model_copy(update={"severity": "warn"}) if answered(d) else d for d in found)


def _source(item: DocumentItem, paper: Paper) -> Source:
    if paper.kind != "application":
        return KINDS.get(paper.kind, "form")
    if item.document.filename.lower().endswith(".json"):
        return "request"
    return "mail" if item.document.media_type == "text/plain" else "form"


def _flag(readings: Mapping[str, Reading], field: str) -> bool:
    return field in readings and readings[field].value.casefold() in ("yes", "true", "1")


def _move(readings: Mapping[str, Reading], document: str) -> Move | None:
    """What the paper asks to change (`request`), with the new value."""
    kind = readings["request"].value if "request" in readings else ""
    if kind not in MOVES:
        return None
    field = {"start_moved": "starts_on", "role_changed": "role", "manager_changed": "manager", "leaves": "ends_on"}
    value = readings.get(field.get(kind, ""))
    return Move(kind=kind, document=document, value=value.value if value else "")


def _decision(item: DocumentItem, paper: Paper) -> Decision:
    from bots.invoices.decisions import input_hash

    return Decision(
        step=STEP,
        input_hash=input_hash(item),
        models=paper.models,
        scores={"kind": paper.kind_confidence} | {name: r.confidence for name, r in item.readings.items()},
        rules=tuple(dict.fromkeys(d.code for d in item.doubts)),
        route=item.route or "review",
    )
