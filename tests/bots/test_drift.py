"""Drift: chance alone raises no alarm, a real change is found soon, and the counts hold no value of any paper."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bots.drift.chance import chi_square, heaps, psi
from bots.drift.counts import Day, Seen, add, corrected
from bots.drift.judge import judge
from tests.bots.fakes import paper, reading
from workitems.items import Answer

BEGIN = date(2026, 1, 5)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
RATES = {"total": 0.01, "number": 0.02, "issued_on": 0.01, "supplier_name": 0.03, "lines": 0.05, "iban": 0.01}
SOURCES = {"xml": 20, "text": 50, "ocr": 30}


def a_day(chance: Random, documents: int, rates: dict[str, float], sources: dict[str, int]) -> Day:
    day = Day(read=documents, ended=documents)
    day.corrected = {f: sum(chance.random() < rate for _ in range(documents)) for f, rate in rates.items()}
    drawn = chance.choices(list(sources), list(sources.values()), k=documents)
    day.inputs = {"source": {s: drawn.count(s) for s in sources}}
    tenths = [min(9, int(chance.betavariate(9, 1) * 10)) for _ in range(documents)]
    day.sure = {"total": [tenths.count(n) for n in range(10)]}
    day.suppliers = {
        f"S{n}": [documents // 4, sum(chance.random() < 0.1 for _ in range(documents // 4))] for n in (1, 2)
    }
    return day


def days_of(chance: Random, count: int, documents: int = 20) -> dict[date, Day]:
    return {BEGIN + timedelta(days=n): a_day(chance, documents, RATES, SOURCES) for n in range(count)}


def test_in_weeks_without_change_alarms_are_rare() -> None:
    chance, weeks, alarmed = Random(7), 30, 0  # noqa: S311
    for _ in range(weeks):
        days = days_of(chance, 95)
        ends = [BEGIN + timedelta(days=88 + n) for n in range(7)]
        alarmed += any(judge({d: c for d, c in days.items() if d <= end}, end).alerts for end in ends)
    assert alarmed <= 3  # 5 % are allowed; more than 3 of 30 would be odd even then (p = .06)


def test_ten_points_more_corrections_are_found_within_a_hundred_documents() -> None:
    chance, found = Random(8), 0  # noqa: S311
    for turn in range(30):
        days, field = days_of(chance, 90), ("total", "number", "issued_on")[turn % 3]
        for n in range(90, 95):  # five days of 20 documents
            worse = RATES | {field: RATES[field] + 0.1}
            days[BEGIN + timedelta(days=n)] = a_day(chance, 20, worse, SOURCES)
        alerts = judge(days, BEGIN + timedelta(days=94)).alerts
        found += any(a.what == "corrections" and a.name == field for a in alerts)
    assert found >= 0.7 * 30


def test_more_scans_and_fewer_sure_readings_are_seen() -> None:
    chance = Random(9)  # noqa: S311
    days = days_of(chance, 60)
    for n in range(60, 67):
        day = a_day(chance, 20, RATES, {"xml": 5, "text": 20, "ocr": 75})
        day.sure = {"total": [0, 0, 0, 3, 3, 3, 3, 3, 2, 3]}
        days[BEGIN + timedelta(days=n)] = day
    alerts = judge(days, BEGIN + timedelta(days=66)).alerts
    assert {(a.what, a.name) for a in alerts} == {("input", "source"), ("confidence", "total")}
    assert all(a.sentence.endswith(".") for a in alerts)


def test_too_few_documents_are_compared_with_nothing() -> None:
    assert judge({}, BEGIN).rows == ()
    assert judge(days_of(Random(1), 8), BEGIN + timedelta(days=7)).rows == ()  # noqa: S311


def test_heaps_of_one_sender_a_day_count_less_than_single_documents() -> None:
    alone = [[10.0, 10.0]] * 30
    in_heaps = [[20.0, 0.0], [0.0, 20.0]] * 15
    assert heaps(alone) == 1.0
    assert heaps(in_heaps) == pytest.approx(20, rel=0.1)


def test_statistics_agree_with_their_tables() -> None:
    assert chi_square(1, 0.95) == pytest.approx(3.84, rel=0.03)
    assert chi_square(9, 0.999) == pytest.approx(27.88, rel=0.01)
    assert psi([50, 50], [50, 50]) == 0
    assert psi([500, 500], [300, 700]) == pytest.approx(0.17, abs=0.01)


def test_only_what_was_read_otherwise_is_a_correction() -> None:
    read = paper()
    number, total = read.fields["number"].value, read.fields["total"].value
    said = [
        Answer(field="number", value=f" {number.lower()} ", who="anna", at=NOW),
        Answer(field="total", value=f"{total}0", who="anna", at=NOW),
        Answer(field="supplier_id", value="7", who="anna", at=NOW),
        Answer(field="confirm", value="low_confidence", who="anna", at=NOW),
        Answer(field="lines", value=json.dumps([r.model_dump(mode="json") | {"account": "1"} for r in read.lines]),
               who="anna", at=NOW),
        Answer(field="iban", value="DE00", who="anna", at=NOW),
    ]  # fmt: skip
    assert corrected(read, said) == {"iban"}


def test_what_a_hostile_payload_holds_is_not_counted_and_breaks_nothing() -> None:
    days: dict[date, Day] = {}
    for payload in (None, [], {"paper": 7}, {"paper": paper().model_dump(mode="json"), "answers": 3}):
        add(days, [Seen(on=BEGIN, is_first=True, route="straight", payload=payload)])
    assert days == {}


def test_the_counts_hold_no_value_of_a_paper_but_the_supplier() -> None:
    read = paper().model_copy(update={"fields": paper().fields | {"number": reading("SECRET-1")}})
    days: dict[date, Day] = {}
    add(days, [Seen(on=BEGIN, is_first=True, route="straight", payload={"paper": read.model_dump(mode="json")})])
    assert days[BEGIN].read == days[BEGIN].ended == 1
    assert "SECRET-1" not in days[BEGIN].model_dump_json()
