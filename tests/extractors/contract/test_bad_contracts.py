"""Contracts as nobody wants them: each is read as far as it can be, within bounds, and a lawyer is told the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from devdata.contracts import hostile, hostile_texts
from extractors.cascade import read_document
from extractors.settings import ReadingSettings
from workitems.items import Paper


def read(folder: Path, name: str, content: bytes, **settings: int) -> Paper:
    file = folder / name
    file.write_bytes(content)
    return read_document(str(file), name, None, ReadingSettings(**settings))  # type: ignore[arg-type]


def told(paper: Paper) -> dict[str, str]:
    return {d.code: d.message for d in paper.doubts}


def test_all_pages_of_a_long_contract_are_read_and_what_is_not_is_said(tmp_path: Path) -> None:
    pages = hostile.long_pages(40)
    pages[0], pages[35] = [p for p in pages[0] if "Liability" not in p], [" ".join(hostile_texts.CLAUSES[2])]
    whole = read(tmp_path, "a.pdf", hostile.pdf(pages))
    assert whole.pages == 40
    assert "pages_skipped" not in told(whole)
    assert any(c.page == 36 and c.category == "Cap On Liability" and c.confidence > 0.5 for c in whole.clauses)
    cut = read(tmp_path, "b.pdf", hostile.pdf(pages), max_contract_pages=35)
    assert told(cut)["pages_skipped"] == "Only 35 of 40 pages were read: the first 34 and the last."


def test_a_word_file_of_hundreds_of_pages_is_read(tmp_path: Path) -> None:
    texts = [" ".join(page) for page in hostile.long_pages(500)]
    found = hostile.docx_of(texts)
    assert sum(map(len, texts)) > 1_000_000
    from extractors.docx import read_docx

    (tmp_path / "a.docx").write_bytes(found)
    assert sum(len(page.words) for page in read_docx(tmp_path / "a.docx")) > 200_000


@pytest.mark.parametrize("scan", [False, True])
def test_two_columns_are_read_one_after_the_other(scan: bool, tmp_path: Path) -> None:
    content = hostile.MADE["two_columns.pdf"]()
    paper = read(tmp_path, "a.pdf", hostile.scanned(content) if scan else content)
    assert hostile_texts.OURS.split()[0] in paper.fields["parties"].value
    assert hostile_texts.THEM in paper.fields["parties"].value
    cap = max((c for c in paper.clauses if c.category == "Cap On Liability"), key=lambda c: c.confidence)
    assert "Supplier shall keep records" not in cap.text
    assert "twelve (12) months" in " ".join(cap.text.split())
    assert ("handwriting" in told(paper)) is scan


def test_insertions_count_deletions_do_not_and_both_are_told_apart(tmp_path: Path) -> None:
    paper = read(tmp_path, "a.docx", hostile.tracked())
    assert told(paper)["tracked_changes"] == (
        "The Word file has tracked changes that are not settled: 1 insertion (“the three (3) months”), 1 deletion "
        "(“the twelve (12) months”). It was read as if all were accepted."
    )
    assert "1 comment" in told(paper)["comments"]
    cap = max((c for c in paper.clauses if c.category == "Cap On Liability"), key=lambda c: c.confidence)
    assert "three (3) months" in cap.text
    assert "twelve" not in cap.text


@pytest.mark.parametrize(
    ("name", "language"), [("german.pdf", "German"), ("french.pdf", "French"), ("spanish.docx", "Spanish")]
)
def test_another_language_is_named(name: str, language: str, tmp_path: Path) -> None:
    paper = read(tmp_path, name, hostile.MADE[name]())
    assert paper.kind == "contract"
    assert language in told(paper)["contract_language"]
    assert "contract_type" not in paper.fields  # the model of kinds would guess


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.pdf", "empty_file"),
        ("locked.pdf", "encrypted"),
        ("locked.docx", "encrypted"),
        ("bomb.docx", "too_large"),
    ],
)
def test_what_cannot_be_opened_says_why(name: str, code: str, tmp_path: Path) -> None:
    paper = read(tmp_path, name, hostile.MADE[name]())
    assert list(told(paper)) == [code]
    assert paper.source is None


def test_macros_are_not_run_and_mentioned_and_the_text_is_read(tmp_path: Path) -> None:
    paper = read(tmp_path, "a.docm", hostile.with_macros())
    assert "not run" in told(paper)["word_macros"]
    assert paper.fields["governing_law"].value == "Germany"


def test_blacked_out_words_are_told_with_their_page(tmp_path: Path) -> None:
    paper = read(tmp_path, "a.pdf", hostile.redacted())
    assert told(paper)["redacted"] == "Words are blacked out in 2 places (page 1)."


def test_two_contracts_in_one_file_are_proposed_to_be_split(tmp_path: Path) -> None:
    paper = read(tmp_path, "a.pdf", hostile.several())
    assert [(part.first, part.last) for part in paper.parts] == [(1, 1), (2, 2)]
    assert "Say which pages belong together" in told(paper)["several_documents"]
