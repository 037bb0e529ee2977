"""The demo's mailbox: complete, consistent with the company's orders, and made again byte by byte."""

from __future__ import annotations

import email
import email.policy
import json
import zipfile
from collections import Counter
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from devdata.make_demo import FOLDER
from devdata.papers import cases_sure, cases_wrong
from devdata.papers.bills import Company
from devdata.papers.cases import Case, Post
from extractors.einvoice import read_einvoice

MAILBOX = FOLDER / "mailbox"
EXPECTED: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@cache
def documents(file: str) -> dict[str | None, bytes]:
    """The documents in a file of the mailbox by name; a mail without any is its own (None)."""
    content = (MAILBOX / file).read_bytes()
    if not file.endswith(".eml"):
        return {file: content}
    message = email.message_from_bytes(content, policy=email.policy.default)
    found: dict[str | None, bytes] = {}
    for part in message.iter_attachments():
        name, data = part.get_filename(), part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if name and name.endswith(".zip"):
            with zipfile.ZipFile(BytesIO(data)) as packed:
                found |= {n: packed.read(n) for n in packed.namelist()}
        else:
            found[name] = data
    return found or {None: content}


@cache
def made_again() -> list[Case]:
    """The cases up to the scans, which are quick to make."""
    post = Post(Company())
    cases_sure.e_invoices(post)
    cases_sure.digital(post)
    cases_wrong.against_orders(post)
    cases_sure.archives(post)
    return post.cases


def test_every_document_has_an_expected_outcome_and_every_expectation_its_document() -> None:
    there = {(p.name, name) for p in MAILBOX.iterdir() for name in documents(p.name)}
    assert there == {(row["mailbox_file"], row["document"]) for row in EXPECTED}


def test_there_is_enough_of_everything_in_little_space() -> None:
    outcomes = Counter(row["outcome"] for row in EXPECTED)
    assert len(EXPECTED) >= 46
    assert outcomes["posted"] >= 20
    assert sum(p.stat().st_size for p in MAILBOX.iterdir()) < 12_000_000


def test_making_the_documents_again_gives_the_same_bytes() -> None:
    different = [case.file for case in made_again() if (MAILBOX / case.file).read_bytes() != case.content]
    assert not different


@pytest.mark.parametrize("row", [r for r in EXPECTED if "number" in r], ids=lambda r: f"{r['mailbox_file'][:2]}")
def test_einvoices_are_valid_and_say_what_is_expected(row: dict[str, Any]) -> None:
    name = row["document"]
    result = read_einvoice(
        documents(row["mailbox_file"])[name], "application/xml" if name.endswith(".xml") else "", None
    )
    if result.paper is None:
        assert not name.endswith(".xml")
        return
    assert not result.doubts
    fields = result.paper.fields
    sign = -1 if result.paper.kind == "credit_note" else 1
    assert fields["number"].value == row["number"]
    assert fields["supplier_name"].value == row["supplier"]
    assert (sign * Decimal(fields["total"].value), fields["currency"].value) == (Decimal(row["total"]), row["currency"])
    assert all(reading.confidence > 0.99 for reading in fields.values())


def test_invoices_to_be_posted_fit_what_was_received_and_not_yet_invoiced() -> None:
    company, billed = Company(), Counter[tuple[str, int]]()
    for case in made_again():
        for expected in case.expected:
            if expected.outcome == "posted" and expected.bill is not None:
                for row in expected.bill.rows:
                    assert row.order is not None
                    assert row.order_line is not None
                    billed[row.order, row.order_line] += row.quantity * (-1 if expected.bill.credit else 1)
    for (number, position), quantity in billed.items():
        line = next(found for found in company.orders[number]["lines"] if found["line"] == position)
        there = line["received"] if line["kind"] == "goods" else line["quantity"]
        assert 0 <= Decimal(line["invoiced"]) + quantity <= Decimal(there), (number, position)
        assert company.orders[number]["state"] == "open"


def test_numbers_to_be_posted_are_new() -> None:
    company = json.loads((Path(FOLDER).parent / "company.json").read_text(encoding="utf-8"))
    known = {(i["supplier"], i["reference"]) for i in company["seed_invoices"]}
    names = {s["id"]: s["name"] for s in company["suppliers"]}
    posted = [(row["supplier"], row["number"]) for row in EXPECTED if row["outcome"] == "posted"]
    assert len(set(posted)) == len(posted)
    assert not {(names[supplier], number) for supplier, number in known} & set(posted)
