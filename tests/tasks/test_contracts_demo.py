"""The contract desk's demo mails: what is expected of each lies beside them; one renews itself in three weeks."""

from __future__ import annotations

import email
import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import docx

from bots.contracts.codes import reason
from bots.contracts.periods import Period, notice_deadline
from connectors.mail.mime import unpack
from devdata.contracts.mails import LEFT_DAYS, MAILBOX, ends_on, mails

TODAY = date(2026, 11, 23)
EXPECTED = json.loads((MAILBOX.parent / "expected.json").read_text(encoding="utf-8"))


def test_every_document_of_the_mails_is_expected_once() -> None:
    found = {(name, part.name) for name, content in mails(TODAY) for part in unpack(content).parts}
    told = {(row["mailbox_file"], row["document"]) for row in EXPECTED}
    assert {name for name, _ in found} == {name for name, _ in told}
    assert {row for row in told if row[1] is not None} <= found
    assert len(found) >= 20


def test_expected_codes_are_reason_codes() -> None:
    codes = {code for row in EXPECTED for code in row.get("codes", ())}
    assert {code for code in codes if reason(code) is None} == set()


def test_the_demo_holds_what_a_contract_desk_meets() -> None:
    codes = {code for row in EXPECTED for code in row.get("codes", ())}
    assert {"uncapped_liability", "missing_governing_law", "deviation_number", "foreign_language"} <= codes
    kinds = {row.get("contract_type") for row in EXPECTED} - {None}
    assert len(kinds) >= 12
    assert sum(row["outcome"] == "registered" for row in EXPECTED) >= 7


def test_one_contract_is_about_to_renew_itself_whenever_the_demo_begins() -> None:
    for today in (TODAY, TODAY + timedelta(days=500)):
        content = dict(mails(today))["c90-velbert-maintenance.eml"]
        (part,) = [p for p in email.message_from_bytes(content).walk() if p.get_filename()]
        text = "\n".join(p.text for p in docx.Document(BytesIO(part.get_payload(decode=True))).paragraphs)
        ends = ends_on(today)
        assert f"until {ends:%B} {ends.day}, {ends.year}" in text
        assert "@" not in text
        left = (notice_deadline(ends, Period(count=90, unit="day"), "DE") - today).days
        assert LEFT_DAYS - 5 <= left <= LEFT_DAYS


def test_the_mails_are_small() -> None:
    assert sum(file.stat().st_size for file in Path(MAILBOX).iterdir()) < 1_000_000
