"""The joiners desk's page: a paper with what was read of it, or a joiner with all papers, the plan and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bots.joiners.codes import confirmable, reason
from bots.joiners.facts import day, hours, known, label
from bots.joiners.nouns import Joiner, JoinerPaper, JoinerTurn
from bots.joiners.plan import Step
from bots.joiners.todo import OF_PAPERS
from desk.answers import NotUnderstood
from desk.choices import Offers
from desk.items import Codes, FieldView, ItemView, one, view_of
from desk.joiner_facts import FIELDS, FactRow, fact_rows
from desk.joiner_pages import OWNERS, JoinerBook, JoinerPages
from desk.sheets import Summary
from workitems.items import Answer
from workitems.rows import ItemRow

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from desk.app import Desk

QUEUES = ("joiner", "joiner_turn")
KINDS = ("identity", "application")
CODES = Codes(reason, confirmable)
DATES = ("born_on", "expires_on", "starts_on")


@dataclass(frozen=True)
class Plan:
    """A joiner as the page needs it: the dossier, the plan as of today, and groups that wait for approval."""

    joiner: Joiner
    steps: tuple[Step, ...]
    to_approve: tuple[str, ...] = ()


Look = Callable[[str], Plan | None]
"""Gives a joiner's plan by the key; None where there is no such joiner, or the store cannot be asked."""


@dataclass(frozen=True)
class JoinerView(ItemView):
    """A paper that waits to be filed, or a joiner."""

    paper_item: JoinerPaper | None = None
    turn: JoinerTurn | None = None
    plan: Plan | None = None

    @property
    def filename(self) -> str:
        """A joiner's turn is called by the joiner."""
        return self.name or super().filename if self.turn else super().filename

    @property
    def name(self) -> str:
        """The joiner's name, as far as papers say it."""
        values = {f.spec.name: f.value for f in self.fields}
        if self.plan:
            values = {field: found.value for field, found in known(self.plan.joiner).items()}
        return f"{values.get('given_names', '')} {values.get('surname', '')}".strip()

    @property
    def starts_on(self) -> date | None:
        """The first day, as far as papers say it."""
        found = known(self.plan.joiner).get("starts_on") if self.plan else None
        own = next((f.value for f in self.fields if f.spec.name == "starts_on"), "")
        return day(found.value if found else own)

    @property
    def facts(self) -> tuple[FactRow, ...]:
        """What the papers say, field by field."""
        return fact_rows(self.plan.joiner) if self.plan else ()

    @property
    def owners(self) -> Mapping[str, str]:
        """Who does a task, in words."""
        return OWNERS

    @property
    def asks_whose(self) -> bool:
        """Whether a person has to say whose paper it is."""
        return self.paper_item is not None and any("joiner" in d.fields for d in self.blocking)


class JoinerSheet:
    """The page of joiners' papers and of joiners."""

    desk = "joiners"
    form = "joiners/form.html"
    pages = (("/joiners", "Joiners"),)

    def __init__(self, look: Look, book: JoinerBook) -> None:
        self._look, self._book = look, book

    def routes(self, desk: Desk) -> list[BaseRoute]:
        """Who must do what by when, and mails."""
        return JoinerPages(desk, self._book).routes()

    def shows(self, item: ItemRow) -> bool:
        """Whether it waits in one of the desk's queues, or is an identity paper or a form."""
        paper = item.payload.get("paper") if isinstance(item.payload, dict) else None
        kind = paper.get("kind") if isinstance(paper, dict) else None
        return item.queue in QUEUES or (item.queue == "document" and kind in KINDS)

    def view(self, item: ItemRow) -> JoinerView:
        """The item as the page shows it; never raises."""
        payload = item.payload if isinstance(item.payload, dict) else {}
        turn = one(JoinerTurn, payload) if item.queue == "joiner_turn" else None
        paper = one(JoinerPaper, payload) if item.queue == "joiner" else None
        shown = dict(vars(view_of(item, FIELDS, CODES)))
        plan = self._look(turn.joiner) if turn else None
        if turn is not None:
            shown["document"] = None
            shown["fields"] = _of_joiner(plan, shown["doubts"], shown["answers"])
        return JoinerView(**shown, paper_item=paper, turn=turn, plan=plan)

    def summary(self, shown: ItemView) -> Summary:
        """The name and the first day."""
        if not isinstance(shown, JoinerView):
            return Summary("")
        return Summary(shown.name, shown.starts_on.isoformat() if shown.starts_on else "")

    def answers(
        self, shown: ItemView, form: Mapping[str, str], offers: Offers, by: tuple[str, datetime]
    ) -> tuple[Answer, ...]:
        """Corrected values, whose paper it is, accepted doubts, tasks that are done. Raises NotUnderstood."""
        if not isinstance(shown, JoinerView):
            raise TypeError(type(shown))
        said = [(f.spec.name, _typed(f, form)) for f in shown.fields if _changed(f, form)]
        whose = form.get("joiner", "").strip()
        if whose:
            said.append(("joiner", whose))
        everything = form.get("action") == "approve"
        said += [
            ("confirm", d.code) for d in shown.doubts if d.accept and (everything or form.get(f"confirm:{d.code}"))
        ]
        if shown.plan:
            said += [("done", s.task.code) for s in shown.plan.steps if form.get(f"done:{s.task.code}") and _mine(s)]
            said += [("approve", group) for group in shown.plan.to_approve if form.get(f"approve:{group}")]
        who, at = by
        return tuple(Answer(field=name, value=value, who=who, at=at) for name, value in said)

    def orders(self, shown: ItemView) -> Sequence[str]:
        """None: joiners name no orders."""
        return ()


def _mine(step: Step) -> bool:
    """Whether a person may say that it is done: bots' tasks are done by bots, and papers close their own."""
    return step.task.does is None and step.standing != "done" and step.task.code not in OF_PAPERS


def _of_joiner(plan: Plan | None, doubts: Sequence[object], answers: Sequence[Answer]) -> tuple[FieldView, ...]:
    """The fields that a doubt is about, as they count now."""
    counts = known(plan.joiner) if plan else {}
    asked = {name for d in doubts for name in getattr(d, "fields", ())}
    views = []
    for spec in FIELDS:
        if spec.name in asked:
            found = counts.get(spec.name)
            said = next((a for a in reversed(answers) if a.field == spec.name), None)
            view = FieldView(
                spec=spec,
                value=said.value if said else found.value if found else "",
                sure=found.fact.confidence if found else None,
                by=said.who if said else "",
                page=None,
                box=None,
                doubts=(),
            )
            views.append(view)
    return tuple(views)


def _changed(field: FieldView, form: Mapping[str, str]) -> bool:
    name = field.spec.name
    return name in form and form[name].strip() != field.value and not (field.open and not form[name].strip())


def _typed(field: FieldView, form: Mapping[str, str]) -> str:
    name, value = field.spec.name, form[field.spec.name].strip()
    if value and name in DATES and day(value) is None:
        raise NotUnderstood(f"{field.spec.label}: “{value}” is not a date; write 2026-03-31.", name)
    if value and name == "weekly_hours" and hours(value) is None:
        raise NotUnderstood(f"{label(name)}: “{value}” are no weekly hours; write 38.5.", name)
    return value
