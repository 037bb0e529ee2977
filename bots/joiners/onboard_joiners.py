"""A joiner's turn: what a person said, changes of mind, the checks, then what the plan has for the bots to do.

Everything is written into the dossier after each step. The verbs are idempotent, so a bot that dies between a verb and
its note does the verb once more, and finds it done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bots.joiners import moves as changes
from bots.joiners.checklist import Checklist
from bots.joiners.codes import doubt
from bots.joiners.facts import day
from bots.joiners.hearing import Retire, Turn, heard, with_done
from bots.joiners.judging import OF_IDENTITY, PAPERS, HrFacts, blocking, judge
from bots.joiners.nouns import Done, Fact, Joiner, JoinerTurn, Move, State
from bots.joiners.office import Office, joiner_of, state_of, values_of
from bots.joiners.plan import Step, bots_turn, is_ready, plan
from bots.joiners.verbs import STEP, Case, Hands, case_of, do, undo
from connectors.hr import Employee
from workitems.errors import NeedsReview
from workitems.items import Decision, Doubt
from workitems.work import Outcome, Work

LOCK_SECONDS = 900.0
ENDS: dict[str, State] = {"withdraw": "withdrawn", "leaves": "left"}


def handle(work: Work, hands: Hands, retire: Retire) -> Outcome:
    """One turn: to the end of what can be done today, or to a person. Raises TryLater when the HR system is away."""
    item = JoinerTurn.model_validate(work.payload)
    turn, office = Turn(work, item, hands, retire), hands.office
    with office.locks.lock(f"hr:{hands.system.name}", LOCK_SECONDS):
        dossier = office.dossiers.of_key(item.joiner)
        if dossier is None:
            return _ended(turn, "forgotten", ())
        joiner = turn.save(joiner_of(dossier), partial(heard, item=item), "what a person said")
        joiner, state = _moved(turn, joiner, state_of(dossier))
        if state != "open":
            return _ended(turn, state, ())
        found = judge(joiner, _facts(joiner, office), office.company, office.policy)
        joiner = _papers_done(turn, joiner, found)
        if any(d.code not in PAPERS for d in blocking(found)):
            turn.asks(joiner)
            raise NeedsReview(list(found))
        if blocking(found):
            return _ended(turn, "waiting", found)
        return _worked(turn, joiner, found)


def _moved(turn: Turn, joiner: Joiner, state: State) -> tuple[Joiner, State]:
    """Settles changes of mind in their order. Raises NeedsReview where a person has to see the plan first."""
    office = turn.hands.office
    for move in [m for m in joiner.moves if not m.settled]:
        fault = changes.invalid(move)
        if fault is not None:
            turn.asks(joiner)
            raise NeedsReview([doubt("bad_answer", fault, changes.FIELD.get(move.kind))])
        if not changes.is_due(move, office.today):
            continue
        found = changes.consequence(joiner, move, _checklist(joiner, office), office.today)
        if found.asks and move.agreed_by is None:
            turn.asks(joiner)
            raise NeedsReview([doubt("move_destroys", found.sentence)])
        case = case_of(joiner, office)
        for task in found.back:
            if case is not None:
                undo(task, replace(case, joiner=joiner), _last_day(move), turn.hands)
            joiner = turn.save(joiner, partial(changes.without, task=task), task.undo)
        fact = Fact(value=move.value, confidence=1.0, source="person", document=move.document, at=office.now())
        state = ENDS.get(move.kind, state)
        anew = _done_anew(turn, joiner, move, fact)
        joiner = turn.save(joiner, partial(changes.settled, move=move, fact=fact, anew=anew), move.kind, state)
    return joiner, state


def _done_anew(turn: Turn, joiner: Joiner, move: Move, fact: Fact) -> dict[str, Done]:
    """Brings what stands in the HR system to the new value, before the move counts as settled."""
    office = turn.hands.office
    tasks = changes.to_do_anew(joiner, move, _checklist(joiner, office))
    case = case_of(changes.settled(joiner, move, fact), office) if tasks else None
    if tasks and case is None:
        turn.asks(joiner)
        message = (
            f"No checklist is known for the role {move.value}. Reject the change, or have it sent with another one."
        )
        raise NeedsReview([doubt("unknown_role", message, "role")])
    return {task.code: do(task, replace(case, joiner=joiner), turn.hands) for task in tasks if case is not None}


def _last_day(move: Move) -> date | None:
    return day(move.value) if move.kind == "leaves" else None


def _facts(joiner: Joiner, office: Office) -> HrFacts:
    """What the HR system says about the manager, the department and people of the same name."""
    values, records = values_of(joiner), office.records
    name = f"{values.get('given_names', '')} {values.get('surname', '')}".strip()
    namesakes: list[Employee] = []
    for candidate in records.find_person(name, day(values.get("born_on")), values.get("email")) if name else ():
        # Another mail address says nothing: a colleague's is the company's, a joiner's is private.
        same = candidate.likeness >= 1.0 and "born_on" not in candidate.differs
        if same and candidate.person.key != joiner.key:
            namesakes += records.employees(candidate.person.id)
    return HrFacts(
        today=office.today,
        managers=tuple(records.find_employee(values["manager"])) if values.get("manager") else (),
        namesakes=tuple(namesakes),
        departments=tuple(records.departments()),
    )


def _worked(turn: Turn, joiner: Joiner, found: Sequence[Doubt]) -> Outcome:
    """Does what the bots can do today, task by task, then says how the plan stands."""
    hands, office = turn.hands, turn.hands.office
    while True:
        case = case_of(joiner, office)
        if case is None:  # the checks have asked for role and first day
            return _ended(turn, "waiting", found)
        steps = _plan(joiner, case, office)
        doable = [s for s in bots_turn(steps) if _allowed(s, joiner, case)]
        if not doable:
            return _ended(turn, "ready" if is_ready(steps, case.first_day) else "waiting", found)
        task = doable[0].task
        done = do(task, replace(case, joiner=joiner), hands)
        joiner = turn.save(joiner, partial(with_done, new={task.code: done}), task.code)


def _papers_done(turn: Turn, joiner: Joiner, found: Sequence[Doubt]) -> Joiner:
    """The signed contract is there, and an identity paper that nothing speaks against: their tasks close themselves."""
    evidence = {
        "contract": next((p.filename for p in joiner.papers if p.source == "contract" and p.signed), None),
        "identity": next((p.filename for p in joiner.papers if p.source == "identity"), None),
    }
    if any(d.code in OF_IDENTITY for d in blocking(found)):
        evidence["identity"] = None
    at = turn.hands.office.now()
    new = {c: Done(by=STEP, at=at, evidence=name) for c, name in evidence.items() if name and c not in joiner.done}
    if not new:
        return joiner
    return turn.save(joiner, partial(with_done, new=new), "papers checked")


def _allowed(step: Step, joiner: Joiner, case: Case) -> bool:
    """Sensitive groups need the training's record, and another person's approval than who recorded it."""
    if step.task.does != "sensitive_groups":
        return True
    if not case.rights.sensitive_groups:
        return True
    recorded = joiner.done["training"].by
    return all(
        any(a.rpartition(":")[0] == group and a.rpartition(":")[2] != recorded for a in joiner.approved)
        for group in case.rights.sensitive_groups
    )


def steps_of(joiner: Joiner, office: Office) -> tuple[Step, ...]:
    """The joiner's plan as of today; () as long as role or first day are not known."""
    case = case_of(joiner, office)
    return _plan(joiner, case, office) if case else ()


def _plan(joiner: Joiner, case: Case, office: Office) -> tuple[Step, ...]:
    return plan(joiner, _checklist(joiner, office), case.first_day, office.today, office.company.country)


def _checklist(joiner: Joiner, office: Office) -> Checklist:
    rights = office.policy.role(values_of(joiner).get("role"))
    return office.checklists[rights.checklist if rights else "office"]


def _ended(turn: Turn, how: str, found: Sequence[Doubt]) -> Outcome:
    item = turn.item.model_copy(update={"doubts": tuple(found), "route": "straight", "ended": how})
    said = hashlib.sha256(f"{item.joiner}\n{item.on}".encode()).hexdigest()
    rules = tuple(dict.fromkeys(d.code for d in found))
    return Outcome(item=item, decision=Decision(step=STEP, input_hash=said, route="straight", rules=(how, *rules)))
