"""When schedules fire: time zones, daylight saving, holidays; pure, so nothing waits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.schedules import ScheduleSettings

BERLIN: dict[str, Any] = {"name": "s", "step": "report_day", "time_zone": "Europe/Berlin"}
GERMAN = {"country": "DE", "subdivision": "NW"}


def schedule(cron: str, **more: Any) -> ScheduleSettings:
    return ScheduleSettings.model_validate(BERLIN | {"cron": cron} | more)


def moments(each: ScheduleSettings, after: datetime, count: int) -> list[str]:
    return [moment.isoformat(" ", "minutes") for moment in islice(each.moments(after), count)]


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        # a fixed time that spring skips is taken right after the gap
        ("30 2 * * *", datetime(2027, 3, 28, tzinfo=UTC), ["2027-03-28 03:00+02:00", "2027-03-29 02:30+02:00"]),
        # and one that autumn repeats is taken once
        ("30 2 * * *", datetime(2026, 10, 24, 23, tzinfo=UTC), ["2026-10-25 02:30+02:00", "2026-10-26 02:30+01:00"]),
        # every hour is every hour, the repeated one included
        (
            "0 * * * *",
            datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
            ["2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00", "2026-10-25 03:00+01:00"],
        ),
        ("0 18 * * 1-5", datetime(2026, 11, 20, 18, tzinfo=UTC), ["2026-11-23 18:00+01:00", "2026-11-24 18:00+01:00"]),
    ],
)
def test_moments_follow_the_clock_of_the_time_zone(cron: str, after: datetime, expected: list[str]) -> None:
    assert moments(schedule(cron), after, len(expected)) == expected


def test_a_holiday_is_skipped() -> None:
    each = schedule("0 18 * * 1-5", holidays=GERMAN | {"dates": [date(2026, 12, 24)]})
    after = datetime(2026, 12, 23, 20, tzinfo=UTC)  # the 25th is a holiday, the 26th a Saturday
    assert moments(each, after, 2) == ["2026-12-28 18:00+01:00", "2026-12-29 18:00+01:00"]


def test_a_subdivision_has_holidays_of_its_own() -> None:
    after = datetime(2026, 10, 31, 20, tzinfo=UTC)
    all_saints = schedule("0 8 * * *", holidays=GERMAN)
    berlin = schedule("0 8 * * *", holidays={"country": "DE", "subdivision": "BE"})
    assert moments(all_saints, after, 1) == ["2026-11-02 08:00+01:00"]
    assert moments(berlin, after, 1) == ["2026-11-01 08:00+01:00"]


def test_on_the_next_working_day_instead_and_never_twice() -> None:
    first_of_month = schedule("0 8 1 * *", holidays=GERMAN | {"weekends": True}, on_holiday="next-working-day")
    # 1 January is a Friday and a holiday, 1 May a Saturday and a holiday
    after = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert moments(first_of_month, after, 2) == ["2027-01-04 08:00+01:00", "2027-02-01 08:00+01:00"]
    daily = schedule("0 8 * * *", holidays=GERMAN | {"weekends": True}, on_holiday="next-working-day")
    assert moments(daily, after, 2) == ["2027-01-04 08:00+01:00", "2027-01-05 08:00+01:00"]


def test_what_is_asked_for_in_the_middle_of_the_days_off_is_not_forgotten() -> None:
    each = schedule("0 8 1 * *", holidays=GERMAN, on_holiday="next-working-day")
    assert moments(each, datetime(2027, 1, 3, 20, tzinfo=UTC), 1) == ["2027-01-04 08:00+01:00"]


def test_a_schedule_that_never_fires_has_no_next_moment() -> None:
    each = schedule("0 0 29 2 *", holidays={"dates": [date(2028, 2, 29), date(2032, 2, 29)]})
    assert each.next(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_the_last_moment_up_to_now() -> None:
    each = schedule("0 18 * * 1-5")
    friday, sunday = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert each.last(friday, sunday) == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert each.last(datetime(2026, 11, 20, 17, tzinfo=UTC), sunday) is None


@settings(max_examples=40, deadline=None)
@given(
    after=st.integers(1_767_225_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    cron=st.sampled_from(["*/20 * * * *", "15 2 * * *", "0 3 1 * *", "0 0 * * 1-5"]),
    on_holiday=st.sampled_from(["run", "skip", "next-working-day"]),
)
def test_moments_are_in_order_later_and_the_same_whenever_they_are_asked_for(
    after: datetime, cron: str, on_holiday: str
) -> None:
    each = schedule(cron, holidays=GERMAN | {"weekends": True}, on_holiday=on_holiday)
    found = [moment.astimezone(UTC) for moment in islice(each.moments(after), 6)]
    assert all(early < late for early, late in zip([after, *found], found, strict=False))
    assert [m.astimezone(UTC) for m in islice(each.moments(found[2]), 3)] == found[3:]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cron": "61 * * * *"}, "no cron expression"),
        ({"cron": "every day"}, "no cron expression"),
        ({"time_zone": "Europe/Bonn"}, "no such time zone"),
        ({"time_zone": "../../etc/passwd"}, "no such time zone"),
        ({"step": "post_invoices"}, "collect_mail"),
        ({"holidays": {"country": "XX"}}, "are not known"),
        ({"holidays": {"country": "DE", "subdivision": "ZZ"}}, "are not known"),
        ({"holidays": {"subdivision": "NW"}}, "needs its country"),
    ],
)
def test_a_fault_is_a_sentence(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        schedule(**{"cron": "0 8 * * *"} | change)
