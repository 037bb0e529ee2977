"""A contract's text: places of a text file, reading order, pieces, headings, annexes."""

from __future__ import annotations

from extractors.contract.document import ContractText
from extractors.contract.segments import pieces_of
from extractors.plain import text_pages
from workitems.items import Page, Word

AGREEMENT = """EXHIBIT 10.3

SUPPLY AGREEMENT

This Supply Agreement (the "Agreement") is made as of May 2, 2019
by and between Acme Inc. ("Supplier") and Brown Co., Ltd. ("Buyer").

1. Definitions. "Products" means the goods in Schedule A.

ARTICLE 2 SUPPLY

2.1 Orders. Buyer shall order: (a) at least ten units a year; and (b) no fewer than two at a time. Supplier accepts.

2.2 Insurance. Supplier shall keep insurance under Section 9. It shall name Mr. Brown as insured.

IN WITNESS WHEREOF, the parties sign.

By: ____________

SCHEDULE A

Goods: bolts.
"""


def row(text: str, y: float, x: float = 0.1, step: float = 0.04) -> list[Word]:
    """Words side by side at a height of the page."""
    return [Word(text=w, box=(x + n * step, y, x + n * step + 0.03, y + 0.01)) for n, w in enumerate(text.split())]


def page(number: int, rows: list[list[Word]]) -> Page:
    return Page(number=number, width=600, height=800, words=tuple(w for r in rows for w in r))


def sentences(text: str) -> list[str]:
    doc = ContractText.of_text(text)
    return [doc.text[s.start : s.end] for s in doc.sentences]


def test_words_of_a_text_file_stand_where_they_stand_in_the_file() -> None:
    doc = ContractText(text_pages(AGREEMENT))
    for wanted in ("Acme", "bolts.", "WHEREOF,"):
        at = AGREEMENT.index(wanted)
        assert doc.text[at : at + len(wanted)] == wanted
    assert doc.text.split("\n\n")[1].strip() == "SUPPLY AGREEMENT"


def test_a_clause_begins_behind_its_number_and_heading() -> None:
    found = sentences(AGREEMENT)
    assert "Supplier shall keep insurance under Section 9." in found
    assert "at least ten units a year;" in found
    assert "no fewer than two at a time." in found
    assert "It shall name Mr. Brown as insured." in found


def test_headings_know_what_they_stand_under() -> None:
    doc = ContractText.of_text(AGREEMENT)
    place = AGREEMENT.index("keep insurance")
    (sentence,) = [s for s in doc.sentences if s.start <= place < s.end]
    assert sentence.heading is not None
    assert doc.headings[sentence.heading].label == "2.2"
    assert doc.titles(sentence.heading)[:2] == ("Insurance", "SUPPLY")


def test_definitions_annexes_and_signatures_are_known() -> None:
    doc = ContractText.of_text(AGREEMENT)
    assert [d.term for d in doc.definitions] == ["Agreement", "Supplier", "Buyer", "Products"]
    assert [e.name for e in doc.exhibits] == ["SCHEDULE A"]
    assert doc.signature == (AGREEMENT.index("IN WITNESS"), AGREEMENT.index("SCHEDULE A\n\nGoods"))


def test_page_headers_page_numbers_and_hyphens_vanish_from_pdf_text() -> None:
    pages = [
        page(
            n,
            [
                row("Confidential Draft", 0.02),
                row(f"Part {n} of this agree-", 0.3),
                row("ment is long.", 0.32),
                row(f"Line {n}", 0.34),
                row(f"{n}", 0.97),
            ],
        )
        for n in (1, 2, 3, 4)
    ]
    doc = ContractText(pages)
    assert "agreement is long." in doc.text
    assert "Confidential" not in doc.text
    at = doc.text.index("Part 3")
    assert doc.page_of(at) == 3
    assert doc.box_of(at, at + 6) == (0.1, 0.3, 0.1 + 0.04 + 0.03, 0.31)


def test_two_columns_are_read_one_after_the_other() -> None:
    rows = [
        row(f"left {n} goes on here", 0.05 * n) + row(f"right {n} goes on too", 0.05 * n, x=0.55) for n in range(1, 16)
    ]
    doc = ContractText([page(1, rows)])
    assert doc.text.index("left 15") < doc.text.index("right 1 ")


def test_a_table_of_short_cells_stays_in_rows() -> None:
    rows = [row(f"item {n}", 0.05 * n) + row(f"{n}.00", 0.05 * n, x=0.7) for n in range(1, 16)]
    doc = ContractText([page(1, rows)])
    assert "item 1 1.00" in doc.text


def test_nothing_is_no_contract_and_no_trouble() -> None:
    doc = ContractText([])
    assert (doc.text, doc.sentences, doc.signature, doc.page_of(0)) == ("", (), None, 1)
    assert ContractText([page(1, [])]).sentences == ()


def test_a_sentence_without_end_is_cut() -> None:
    pieces = pieces_of("word " * 10_000)
    assert len(pieces) > 5
    assert max(p.end - p.start for p in pieces) <= 4_000
