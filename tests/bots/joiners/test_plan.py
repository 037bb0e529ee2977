"""The checklist's files, and the plan as of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.joiners.checklist import ChecklistError, read_checklists, shipped
from bots.joiners.nouns import Done, Joiner
from bots.joiners.plan import bots_turn, is_ready, late_first, plan
from bots.working_days import moved

STARTS = date(2026, 12, 28)  # a Monday after Christmas
AT = datetime(2026, 12, 1, tzinfo=UTC)


def done(*codes: str) -> Joiner:
    return Joiner(key="j-1", done={code: Done(by="bot", at=AT) for code in codes})


def standing(joiner: Joiner, today: date) -> dict[str, str]:
    return {s.task.code: s.standing for s in plan(joiner, shipped()["office"], STARTS, today, "DE")}


def test_due_days_are_working_days_before_and_after_the_first_day() -> None:
    assert moved(STARTS, 0, "DE") == STARTS
    assert moved(STARTS, -1, "DE") == date(2026, 12, 24)  # over Christmas and a weekend
    assert moved(date(2026, 12, 25), 0, "DE") == STARTS
    assert moved(STARTS, 5, "DE") == date(2027, 1, 5)  # over New Year


def test_how_a_plan_stands_before_the_first_day() -> None:
    found = standing(done("contract", "identity", "person", "employee"), date(2026, 12, 21))
    assert found["employee"] == "done"
    assert found["account"] == "held"
    assert found["licences"] == "ready"
    assert found["introduction"] == "waits"


def test_what_is_overdue_is_late_and_stands_first() -> None:
    steps = plan(done(), shipped()["office"], STARTS, date(2026, 12, 22), "DE")
    assert late_first(steps)[0].task.code == "contract"
    assert {s.task.code for s in steps if s.standing == "late"} >= {"contract", "identity"}
    assert bots_turn(steps) == []  # nothing before contract and identity


def test_ready_is_who_lacks_nothing_on_the_first_day() -> None:
    due = [t.code for t in shipped()["office"].tasks if t.due <= 0]
    steps = plan(done(*due), shipped()["office"], STARTS, STARTS, "DE")
    assert is_ready(steps, STARTS)
    assert not is_ready(plan(done(*due[1:]), shipped()["office"], STARTS, STARTS, "DE"), STARTS)


TASK = "{code: a, title: A, owner: hr, due: 0}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name: x\nversion: 1\ntasks: [{code: a, title: A, owner: cat, due: 0}]", "tasks.1.owner"),
        (f"name: x\nversion: 1\ntasks: [{TASK}, {TASK}]", "stands there twice"),
        ("name: x\nversion: 1\ntasks: [{code: a, title: A, owner: hr, due: 0, after: [b]}]", "which is not there"),
        ("name: x\nversion: 1\ntasks: [{code: a, title: A, owner: bot, due: 0}]", "says what it `does`"),
        ("name: x\nversion: 1\ncolour: red\ntasks: []", "colour"),
        ("- 1\n- [", "is no YAML"),
    ],
)
def test_a_wrong_checklist_is_refused_with_its_place(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "x.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ChecklistError, match=r"x\.yaml") as caught:
        read_checklists(tmp_path)
    assert sentence in str(caught.value)
