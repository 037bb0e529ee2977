"""The demo's joiners' papers, made on the day of the demo: contracts (Word), forms (Excel), messages of an HR system.

The dates are counted from the day of the demo in working days, so that on any day some are ready and some wait. The
pictures of identity papers lie in `cards/` (see make_cards).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bots.working_days import is_working_day, moved
from devdata.joiners.people import PEOPLE, Person
from devdata.papers.mails import Attachment, mail

CARDS = Path(__file__).parent / "cards"
COUNTRY = "DE"
US = "Moselbrück Apparatebau GmbH"
HR_HEAD = "Birgit Sommer"
HOURS = "38.5"
Mail = tuple[str, bytes]


def papers(today: date) -> Iterator[Mail]:
    """What comes first: contracts, identity papers, forms. One mail per person, a second one with another form."""
    for number, person in enumerate(PEOPLE, 1):
        starts = first_day(person, today)
        attachments = [Attachment(f"{person.key}-contract.docx", contract(person, starts))]
        if person.card:
            attachments.append(Attachment(f"{person.key}-id.jpg", (CARDS / f"{person.key}.jpg").read_bytes()))
        if person.form in ("xlsx", "both"):
            attachments.append(Attachment(f"{person.key}-form.xlsx", form(person, starts)))
        at = datetime.combine(today, time(8), UTC) + timedelta(minutes=number)
        text = f"Hello,\n\nplease find attached my papers.\n\nBest regards\n{person.given} {person.surname}\n"
        sender = f"{_plain(person)} <{person.email}>"
        yield f"joiner-{number:02}-{person.key}.eml", mail(sender, "My papers", text, at, *attachments)
        if person.form in ("json", "both"):
            yield f"joiner-{number:02}-{person.key}.json", message(person, starts, "candidate.hired")


def later(today: date) -> Iterator[Mail]:
    """What comes once the first papers have been worked on: a start that moves, a joiner who withdraws."""
    for number, person in enumerate(PEOPLE, 1):
        if person.later:
            starts = moved(today, 12, COUNTRY)
            yield f"joiner-{number:02}-{person.key}-later.json", message(person, starts, f"candidate.{person.later}")


def first_day(person: Person, today: date) -> date:
    """The first day of somebody, as of the day of the demo."""
    if person.start != "holiday":
        return moved(today, person.start, COUNTRY)
    day = today + timedelta(days=1)
    while day.weekday() > 4 or is_working_day(day, COUNTRY):
        day += timedelta(days=1)
    return day


def contract(person: Person, starts: date) -> bytes:
    """An employment contract, signed by both."""
    from docx import Document

    book = Document()
    book.core_properties.created = datetime(2026, 1, 5, tzinfo=UTC)
    book.add_heading("Employment Contract", 0)
    written = f"{person.born:%d %B %Y}".lstrip("0")
    begins = f"{starts:%d %B %Y}".lstrip("0")
    for paragraph in (
        f"between {US}, Am Güterbahnhof 7, 54294 Trier (the employer) and {person.given} {person.surname}, born on "
        f"{written}, living at {person.address} (the employee).",
        f"1. The employment begins on {begins}. The employee works as {person.role} in the department "
        f"{person.department} and reports to {person.manager}.",
        f"2. The weekly working time is {HOURS} hours. The usual place of work is Trier.",
        "3. The first six months are a probationary period. Until its end either side may give two weeks' notice.",
        "4. The law of Germany applies.",
        f"Trier, {date(starts.year, starts.month, 1) - timedelta(days=20):%d %B %Y}",
        f"For the employer: gez. {HR_HEAD}",
        f"The employee: gez. {person.given} {person.surname}",
    ):
        book.add_paragraph(paragraph)
    return _same_bytes(book)


def form(person: Person, starts: date) -> bytes:
    """An HR form in Excel: labels and values."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "New colleague"
    rows = (
        ("Personnel form", None),
        ("Surname", person.surname),
        ("Given names", person.given),
        ("Date of birth", f"{person.born:%d.%m.%Y}"),
        ("Address", person.address),
        ("E-mail", person.email),
        ("Employer", US),
        ("Department", person.department),
        ("Role", person.role),
        ("Manager", person.manager),
        ("Start date", f"{starts:%d.%m.%Y}"),
        ("Weekly hours", HOURS),
    )
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def message(person: Person, starts: date, event: str) -> bytes:
    """What an applicant system sends."""
    about = {
        "firstName": person.given,
        "lastName": person.surname,
        "dateOfBirth": person.born.isoformat(),
        "email": person.email,
    }
    job = {"title": person.role, "department": person.department, "manager": person.manager, "employer": US}
    body = {"event": event, "candidate": about, "job": {**job, "startDate": starts.isoformat(), "weeklyHours": 38.5}}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _plain(person: Person) -> str:
    from anyascii import anyascii

    return str(anyascii(f"{person.given} {person.surname}"))


def _same_bytes(book: object) -> bytes:
    out = io.BytesIO()
    book.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
