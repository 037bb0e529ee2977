"""`run.py clauses`: what scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.clause_files import LINE_MAX, clause_of
from tasks.commands.clauses import main

CONTRACT = """SUPPLY AGREEMENT

1. Term. This Agreement begins on the Effective Date and continues for three years unless it is terminated earlier.

2. Limitation of Liability. The Supplier's aggregate liability shall not exceed the fees paid in the preceding year.

3. Governing Law. This Agreement is governed by the laws of the State of Delaware, without regard to its conflict rules.
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def lines(*rows: object) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n"


def test_lines_are_indexed_and_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clauses.jsonl"
    file.write_text(
        lines(
            {"id": "a", "text": "Liability shall not exceed the fees paid.", "document": "x.pdf"},
            {"id": 7, "text": "Governed by the laws of Delaware.", "heading": "Governing Law", "more": 1},
        )
    )
    assert main(["index", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"indexed": 2}
    assert main(["search", "cap on liability", "--top", "1", "--json"]) == 0
    (found,) = capsys.readouterr().out.splitlines()
    hit = json.loads(found)
    assert list(hit)[:6] == ["rank", "score", "clause_id", "document", "heading", "text"]
    assert (hit["rank"], hit["clause_id"], hit["document"], hit["heading"]) == (1, "a", "x.pdf", None)
    assert main(["search", "governing law"]) == 0
    assert "7" in capsys.readouterr().out.splitlines()[0]


def test_what_was_said_of_a_clause_is_told_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clauses.jsonl"
    said = {"category": "Insurance", "kind": "Supply", "counterparty": "Ostra AG", "accepted": False}
    file.write_text(lines({"id": "a", "text": "Insurance is kept.", **said}))
    assert main(["index", str(file)]) == 0
    capsys.readouterr()
    assert main(["search", "insurance", "--json", "--kind", "supply", "--refused"]) == 0
    hit = json.loads(capsys.readouterr().out)
    assert {name: hit[name] for name in (*said, "reason")} == said | {"reason": None}
    assert main(["search", "insurance"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("refused")


def test_broken_lines_are_named_and_the_others_go_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clauses.jsonl"
    file.write_bytes(
        b'{"id": "a", "text": "Insurance is kept."}\n{"id": "b"}\nno json\n[1]\n\n{"id": "c", "text": " "}\n\xff\xfe\n'
    )
    assert main(["index", str(file), "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {"indexed": 1}
    assert [row.split(": ")[1].split(", ")[-1] for row in told.err.splitlines()] == [
        f"line {number}" for number in (2, 3, 4, 6, 7)
    ]
    assert "Traceback" not in told.err


def test_a_contract_is_cut_into_its_sections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "supply.txt").write_text(CONTRACT)
    (tmp_path / "in" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    assert main(["index", str(tmp_path / "in"), "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {"indexed": 3}
    assert {"broken.pdf", "empty.txt"} == {
        name for name in ("broken.pdf", "empty.txt", "supply.txt") if name in told.err
    }
    assert main(["search", "governing law", "--top", "1", "--json"]) == 0
    hit = json.loads(capsys.readouterr().out)
    assert (hit["clause_id"], hit["document"], hit["heading"]) == ("supply.txt#3", "supply.txt", "Governing Law")


@pytest.mark.parametrize(
    "argv",
    [[], ["index"], ["search"], ["search", " "], ["search", "--top", "0", "x"], ["index", "/no/such/file"], ["sell"]],
)
def test_wrong_usage_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_an_empty_index_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "cap", "--json"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "No clause is indexed yet" in told.err


def test_a_damaged_index_is_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "precedents").mkdir(parents=True)
    (home / "precedents" / "current").write_text("{")
    assert main(["search", "cap"]) == 1
    assert "anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[" * 100_000, b'{"id": true, "text": "x"}', b'{"id": "a", "text": 5}', b"x" * (LINE_MAX + 1)]
)
def test_what_is_no_clause_is_said_in_a_sentence(line: bytes) -> None:
    told = clause_of(line)
    assert isinstance(told, str)
    assert told.endswith(".")


def test_learning_waits_for_picks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "waiting"
