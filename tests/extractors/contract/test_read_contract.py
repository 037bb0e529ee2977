"""A contract read as a whole with the shipped models: text, bad scans, nothing, very long agreements."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from extractors import contract
from extractors.contract import read_contract
from extractors.contract.clause_scores import CATEGORIES
from extractors.plain import read_text, text_pages
from workitems.items import Page, Paper, Word

AGREEMENT = """
DISTRIBUTION AGREEMENT

This Distribution Agreement (the "Agreement") is made and entered into as of March 3, 2020 (the "Effective Date") by and
between Acme Instruments, Inc., a Delaware corporation ("Acme"), and Brown Trading Ltd. ("Distributor").

1. Term. This Agreement shall commence on the Effective Date and shall continue for a period of three (3) years unless
earlier terminated in accordance with its terms.

2. Renewal. Thereafter, this Agreement shall automatically renew for successive one (1) year terms unless either party
gives written notice of non-renewal at least sixty (60) days prior to the end of the then current term.

3. Assignment. Distributor may not assign this Agreement or any of its rights hereunder without the prior written
consent of Acme, and any attempted assignment without such consent shall be null and void.

4. Limitation of Liability. IN NO EVENT SHALL ACME'S AGGREGATE LIABILITY ARISING OUT OF THIS AGREEMENT EXCEED THE
AMOUNTS PAID BY DISTRIBUTOR TO ACME DURING THE TWELVE (12) MONTHS PRECEDING THE CLAIM.

5. Audit. Acme shall have the right, upon reasonable notice and during normal business hours, to inspect and audit the
books and records of Distributor to verify compliance with this Agreement.

6. Governing Law. This Agreement shall be governed by and construed in accordance with the laws of the State of New
York, without regard to its conflict of laws principles.

IN WITNESS WHEREOF, the parties have executed this Agreement.
"""
WANTED = {
    "Document Name": "DISTRIBUTION AGREEMENT",
    "Agreement Date": "March 3, 2020",
    "Parties": "Acme Instruments",
    "Anti-Assignment": "may not assign",
    "Audit Rights": "inspect and audit",
    "Cap On Liability": "AGGREGATE LIABILITY",
    "Governing Law": "laws of the State",
    "Renewal Term": "automatically renew",
}
SECONDS = 30  # for 100 pages, on a busy machine


@pytest.fixture(scope="module")
def paper() -> Paper:
    return read_contract(text_pages(AGREEMENT), "contract", "en")


def test_the_usual_clauses_are_found_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "agreement.txt"
    file.write_text(AGREEMENT, encoding="utf-8")
    clauses = read_contract(read_text(file), "contract", "en").clauses
    for category, words in WANTED.items():
        best = max((c for c in clauses if c.category == category), key=lambda c: c.confidence)
        assert best.confidence >= 0.5, category
        assert words in best.text, category
        assert AGREEMENT[best.start : best.end].split() == best.text.split()


def test_what_is_not_there_is_not_told_as_there(paper: Paper) -> None:
    there = {c.category for c in paper.clauses if c.confidence >= 0.5}
    assert not there & {"Source Code Escrow", "Joint Ip Ownership", "No-Solicit Of Employees", "Insurance"}


def test_clauses_are_told_in_order_with_names_and_confidences_of_their_kind(paper: Paper) -> None:
    assert [c.start for c in paper.clauses] == sorted(c.start for c in paper.clauses)
    assert {c.category for c in paper.clauses} <= set(CATEGORIES)
    assert all(0 < c.confidence < 1 and c.page == 1 for c in paper.clauses)
    assert paper.models["clauses"].startswith("shipped:")


def test_no_span_is_likelier_than_that_there_is_such_a_clause_and_what_is_sure_is_told_as_it_is(paper: Paper) -> None:
    for name in {c.category for c in paper.clauses}:
        own = sorted((c for c in paper.clauses if c.category == name), key=lambda c: -c.confidence)
        likely = [c.probability for c in own if c.probability is not None]
        assert len(likely) == len(own)
        assert max(likely) <= max(p for c, p in zip(own, likely, strict=True) if c.confidence == own[0].confidence)
        assert all(0 < p < 1 for p in likely)
    sure = [(c.confidence, c.probability) for c in paper.clauses if c.confidence >= 0.97]
    assert sure
    assert all(confidence - 0.02 <= (probability or 0) for confidence, probability in sure)


@pytest.mark.parametrize("pages", [[], [Page(number=1, width=100, height=100)]])
def test_nothing_has_no_clauses(pages: list[Page]) -> None:
    assert read_contract(pages, "contract", None).clauses == ()


def test_a_scan_of_which_little_was_recognised_is_no_trouble() -> None:
    chance = random.Random(4)  # noqa: S311 - the same nonsense every time
    letters = 'abcdeABC.;:()[]"“”*_-0123 éß漢'
    words = []
    for _ in range(700):
        x, y = chance.random(), chance.random()
        text = "".join(chance.choice(letters) for _ in range(chance.randint(1, 12))).strip() or "x"
        words.append(Word(text=text, box=(x, y, min(x + 0.05, 1), min(y + 0.01, 1)), confidence=0.3))
    pages = [Page(number=n, width=600, height=800, words=tuple(words), source="ocr") for n in (1, 2)]
    read = read_contract(pages, "contract", None)
    there = {c.category for c in read.clauses if c.confidence >= 0.5}
    assert there <= {"Parties"}  # every contract has some: only their place is unknown


def test_a_very_long_agreement_takes_bounded_time() -> None:
    pages = text_pages("\f".join(AGREEMENT.replace("three (3)", f"{n}") for n in range(100)))
    started = time.process_time()
    read = read_contract(pages, "contract", "en")
    assert time.process_time() - started < SECONDS
    assert len(read.clauses) <= 41 * 25


def test_more_than_is_read_is_said_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "MAX_WORDS", 300)
    pages = text_pages("\f".join([AGREEMENT] * 3))
    read = read_contract(pages, "contract", "en")
    assert "contract_too_long" in {d.code for d in read.doubts}
    assert max(c.page for c in read.clauses) == 1
