"""Clauses that were saved are found: at once, by everybody, corrected ones as they are now, whatever was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from extractors.precedents import Clause, Precedents, PrecedentsError, index
from extractors.precedents.clauses import Prepared, from_record, prepare
from extractors.precedents.journal import read
from extractors.precedents.picks import kept
from extractors.precedents.shelf import Current, Shelf
from tests.extractors.precedents.clauses_at_hand import ALL, CAP, CARVED, INSURANCE, LAW


@pytest.fixture(scope="module")
def prepared() -> list[Prepared]:
    return prepare(ALL)


@pytest.fixture
def filled(tmp_path: Path, prepared: list[Prepared]) -> Precedents:
    precedents = Precedents.open(tmp_path)
    precedents.add_prepared(prepared)
    return precedents


def ids(precedents: Precedents, query: str, **filters: str | bool) -> list[str]:
    return [hit.clause.id for hit in precedents.search(query, filters=filters)]


def cheap(name: str, text: str = "The buyer maintains the zebra crossing.", like: Prepared | None = None) -> Prepared:
    made = like or prepare([CAP])[0]
    return Prepared(Clause(id=name, text=text), {hash(text) % 2**60: 1}, made.vector, made.said, made.shape)


def test_an_empty_home_finds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    assert Precedents.open(tmp_path).search("cap on liability") == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("cap on liability without carveouts", "cap"),
        ("gross negligence carveout to liability cap", "carved"),
        ("disclaimer of lost profits", "waiver"),
        ("insurance", "insurance"),
        ("Delaware", "law"),
        ("third party IP infringement indemnity", "indemnity"),
    ],
)
def test_the_clause_that_answers_comes_first(filled: Precedents, query: str, best: str) -> None:
    assert ids(filled, query)[0] == best


def test_hits_are_numbered_and_as_many_as_were_asked_for(filled: Precedents) -> None:
    assert [hit.rank for hit in filled.search("liability", top=3)] == [1, 2, 3]
    assert len(filled.search("liability", top=5_000)) == len(ALL)
    assert filled.search("liability")[0].clause.heading


@pytest.mark.parametrize("query", ["", "?!", "漢字", "\ud800", "the of and", "x" * 100_000, "cap " * 5_000])
def test_any_query_has_an_answer(filled: Precedents, query: str) -> None:
    assert len(filled.search(query)) == len(ALL)


def test_filters_leave_only_what_fits(filled: Precedents) -> None:
    assert ids(filled, "liability", category="cap on liability") in (["cap", "carved"], ["carved", "cap"])
    assert ids(filled, "liability", accepted=True) == ["cap"]
    assert ids(filled, "liability", accepted=False) == ["carved"]
    assert ids(filled, "liability", counterparty="MÜLLER GMBH", kind="supply") == ["cap"]
    assert ids(filled, "liability", kind="Lease") == []
    with pytest.raises(ValueError, match="no filter 'colour'"):
        filled.search("liability", filters={"colour": "red"})


def test_the_values_of_a_filter_are_those_of_the_clauses_that_count(filled: Precedents) -> None:
    assert (filled.values("kind"), filled.values("counterparty")) == (
        ["License", "Supply"],
        ["Acme Inc.", "Müller GmbH"],
    )
    filled.add([CAP.model_copy(update={"kind": "Lease", "counterparty": ""})])
    assert (filled.values("kind"), filled.values("counterparty")) == (["Lease", "License"], ["Acme Inc."])


def test_a_clause_saved_elsewhere_is_found_by_who_has_the_index_open(filled: Precedents, tmp_path: Path) -> None:
    other = Precedents.open(tmp_path)
    assert "zebra" not in ids(other, "zebra crossing")
    filled.add([Clause(id="zebra", text="The buyer shall maintain the zebra crossing at its own cost.")])
    started = time.monotonic()
    assert ids(other, "zebra crossing")[0] == "zebra"
    assert time.monotonic() - started < 1


def test_a_corrected_clause_is_found_as_it_is_now(filled: Precedents) -> None:
    filled.add([LAW.model_copy(update={"text": "This Agreement is governed by the laws of France."})])
    found = filled.search("governing law")[0].clause
    assert (found.id, "France" in found.text) == ("law", True)
    assert len(filled) == len(ALL)


def test_a_removed_clause_is_found_no_more_and_may_come_back(filled: Precedents, prepared: list[Prepared]) -> None:
    filled.remove(["cap", "never there"])
    assert "cap" not in ids(filled, "liability")
    filled.add_prepared([prepared[0]])
    assert "cap" in ids(filled, "liability")


def test_settled_clauses_are_the_same_as_new_ones(
    tmp_path: Path, prepared: list[Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    journalled, settled = Precedents.open(tmp_path / "a"), Precedents.open(tmp_path / "b")
    journalled.add_prepared(prepared)
    monkeypatch.setattr(index, "JOURNAL_MAX", 1)
    monkeypatch.setattr(index, "MERGED_MAX", 3)
    for one in [prepared[3], *prepared]:  # one of them is corrected by itself, in another segment
        settled.add_prepared([one])
    settled.add_prepared(prepared[:2])
    assert len(settled) == len(journalled) == len(ALL)
    for query in ("cap on liability", "insurance", "zebra"):
        assert sorted(ids(settled, query)) == sorted(ids(journalled, query))
        assert ids(settled, query)[0] == ids(journalled, query)[0] or query == "zebra"
    assert len(Shelf(tmp_path / "b").current().segments) < 4


def test_what_was_removed_stays_removed_when_segments_become_one(
    tmp_path: Path, prepared: list[Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "JOURNAL_MAX", 1)
    monkeypatch.setattr(index, "MERGED_MAX", 3)
    precedents = Precedents.open(tmp_path)
    precedents.add_prepared(prepared[:2])
    precedents.remove(["cap"])
    for start in (2, 4):
        precedents.add_prepared(prepared[start : start + 2])
    assert sorted(ids(Precedents.open(tmp_path), "liability")) == ["carved", "indemnity", "insurance", "law", "waiver"]


def test_of_many_clauses_the_search_by_signs_finds_what_the_full_one_finds(
    filled: Precedents, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = prepare([INSURANCE])[0]
    drawn = np.random.default_rng(0)
    noise = [
        Prepared(
            Clause(id=f"n{n}", text=f"noise {n}"), {n: 1}, drawn.integers(-20, 20, 384).astype(np.int8),
            np.zeros_like(like.said), like.shape,
        )
        for n in range(2_000)
    ]  # fmt: skip
    filled.add_prepared(noise)
    full = ids(filled, "consequential loss")
    monkeypatch.setattr("extractors.precedents.finding.EXACT_MAX", 100)
    monkeypatch.setattr(index, "ALL_MAX", 100)
    few = ids(filled, "consequential loss")
    assert few[0] == full[0] == "waiver"
    assert len({*few} & {*full}) >= 7


def test_a_half_written_line_is_skipped_and_spoils_no_later_one(filled: Precedents, tmp_path: Path) -> None:
    journal = Shelf(tmp_path).journal(Shelf(tmp_path).current())
    with journal.open("ab") as file:
        file.write(b'0000abcd {"clause": {"id": "half')
    fresh = Precedents.open(tmp_path)
    assert len(fresh) == len(ALL)
    fresh.add_prepared([cheap("later")])
    assert "later" in ids(Precedents.open(tmp_path), "zebra crossing")
    assert "later" in ids(filled, "zebra crossing")


def test_a_damaged_or_foreign_index_is_refused_with_a_sentence(filled: Precedents, tmp_path: Path) -> None:
    file = tmp_path / "precedents" / "current"
    file.write_text(Current(features="precedents/0").model_dump_json())
    with pytest.raises(PrecedentsError, match="another version"):
        filled.search("liability")
    file.write_text("{")
    with pytest.raises(PrecedentsError, match="anew"):
        Precedents.open(tmp_path)


def test_a_pick_is_kept_with_what_stood_above_it(filled: Precedents, tmp_path: Path) -> None:
    shown = ids(filled, "liability")
    assert filled.remember_pick("liability", shown[2], shown)
    assert not filled.remember_pick("liability", "unknown", shown)
    (pick,) = kept(tmp_path)
    assert len(pick["others"]) == 3
    assert CARVED.text not in (tmp_path / "precedents-picks.jsonl").read_text()


WRITER = """
import sys
from pathlib import Path
import numpy as np
from extractors.precedents import Clause, Precedents, index
from extractors.precedents.clauses import Prepared
from extractors.precedents.lexicon import NAMES
index.JOURNAL_MAX, index.MERGED_MAX = 5, 3
precedents = Precedents.open(Path(sys.argv[1]))
vector, said, shape = np.ones(384, np.int8), np.zeros((3, len(NAMES)), np.uint8), np.ones(8, np.float32)
for number in range(10_000):
    clause = Clause(id=f"{sys.argv[2]}-{number}", text=f"clause {number}")
    precedents.add_prepared([Prepared(clause, {number: 1}, vector, said, shape)])
    print(clause.id, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_writers_that_are_killed_lose_nothing_that_they_said_was_saved(tmp_path: Path) -> None:
    saved: set[str] = set()
    for round_ in range(2):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path), f"{round_}{who}"],
                stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()},
            )
            for who in "ab"
        ]  # fmt: skip
        for writer in writers:
            assert writer.stdout
            saved.add(writer.stdout.readline().strip())
        time.sleep(0.4 + 0.3 * round_)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            lines = writer.communicate()[0].splitlines()
            saved.update(line for line in lines if line.count("-") == 1)
    precedents = Precedents.open(tmp_path)
    known = {precedents._parts[p].clause(r).id for p, part in enumerate(precedents._parts) for r in range(len(part))}
    complete = {name for name in saved if name.rsplit("-", 1)[1].isdigit()}
    assert len(complete) > 10
    assert complete <= known
    assert len(precedents) == len(known)


def test_the_journal_keeps_everything_that_was_computed(
    filled: Precedents, prepared: list[Prepared], tmp_path: Path
) -> None:
    records, _ = read(Shelf(tmp_path).journal(Shelf(tmp_path).current()), 0)
    for record, made in zip(records, prepared, strict=True):
        again = from_record(record)
        assert again.clause == made.clause
        assert again.terms == made.terms
        assert np.array_equal(again.vector, made.vector)
        assert np.array_equal(again.said, made.said)
