"""What counts as a change of an approved wording, and what is only how it is written."""

from __future__ import annotations

import random

import pytest

from bots.contracts.deviation import MATERIAL, compare
from bots.contracts.playbook_files import load_playbook
from devdata.contracts import wording as demo
from devdata.contracts.edits import EDITS, near_copy

NOTICE = (
    "8.2 Either party may terminate this Agreement upon thirty (30) days' prior written notice to the other party, "
    "except where the Supplier is in breach of Section 4.1."
)


def codes(approved: str, found: str, theirs: tuple[str, ...] = (), ours: tuple[str, ...] = ()) -> set[str]:
    return {c.code.removeprefix("deviation_") for c in compare(approved, found, theirs, ours)}


CHANGED = [
    # one number, in words, digits or both
    ("thirty (30)", "ninety (90)", {"number"}),
    ("thirty (30)", "thirty (60)", {"number"}),
    ("thirty (30) days'", "30 business days'", {"number"}),
    ("thirty (30) days'", "thirty (30) months'", {"number"}),
    # the opposite
    ("may terminate", "may not terminate", {"negation"}),
    ("Either party", "Neither party", {"negation"}),
    ("is in breach", "is not in breach", {"negation"}),
    # duty and right
    ("may terminate", "shall terminate", {"modal"}),
    # parties
    ("Either party", "The Customer", {"party"}),
    ("the Supplier", "the Customer", {"party"}),
    # exceptions
    (", except where the Supplier is in breach of Section 4.1", "", {"carve_out"}),
    ("Section 4.1.", "Section 4.1, provided that all fees due have been paid.", {"carve_out"}),
    ("this Agreement upon", "this Agreement (other than Schedule 2) upon", {"carve_out"}),
]


@pytest.mark.parametrize(("was", "becomes", "code"), CHANGED, ids=[f"{a or '-'} > {b or '-'}" for a, b, _ in CHANGED])
def test_one_change_is_told_by_its_code(was: str, becomes: str, code: set[str]) -> None:
    assert was in NOTICE
    assert codes(NOTICE, NOTICE.replace(was, becomes)) == code


SAME = [
    NOTICE.upper(),
    NOTICE.replace("8.2", "Section 14.7"),
    NOTICE.replace("Section 4.1", "Clause 12.9"),
    NOTICE.replace("terminate", "termi-\nnate").replace(" prior ", "  prior\n"),
    NOTICE.replace("thirty (30) days'", "30 days’"),
    NOTICE.replace("thirty (30)", "thirty (3O)").replace("notice", "not1ce").replace("Supplier", "Supp1ier"),
    NOTICE.replace("the other", "tbe other").replace("except", "exccpt"),
    "(a) " + NOTICE.removeprefix("8.2 "),
    f"{NOTICE} Notices are sent by registered mail.",
]


@pytest.mark.parametrize("text", SAME, ids=range(len(SAME)))
def test_a_faithful_copy_is_no_change(text: str) -> None:
    assert codes(NOTICE, text) == set()


@pytest.mark.parametrize(
    ("approved", "found"),
    [
        ("The term is twelve (12) months.", "The term is one (1) year."),
        ("The cap is one million US Dollars (US$1,000,000).", "The cap is USD 1 million."),
        ("It ends on January 18, 2027.", "It ends on 18 January 2027."),
        ("A third party is nobody.", "A third party is nobody."),
    ],
)
def test_the_same_amount_in_other_words_is_no_change(approved: str, found: str) -> None:
    assert codes(approved, found) == set()


DUTY = "Acme Corp. shall indemnify Globex, Inc. against all claims; Globex, Inc. shall notify Acme Corp. at once."
THEIRS = ("Acme Corp.", "Globex, Inc.")
OURS = ("Moselbrück GmbH", "Hansen Ltd")


def test_this_contracts_parties_in_the_place_of_the_others_are_no_change() -> None:
    renamed = DUTY.replace("Acme Corp.", OURS[0]).replace("Globex, Inc.", OURS[1])
    assert codes(DUTY, renamed, THEIRS, OURS) == set()


def test_one_name_in_the_place_of_another_is_a_change() -> None:
    renamed = DUTY.replace("Acme Corp.", OURS[0]).replace("Globex, Inc.", OURS[1])
    assert codes(DUTY, renamed.replace(f"{OURS[1]} shall", f"{OURS[0]} shall"), THEIRS, OURS) == {"party"}
    assert codes(DUTY, DUTY.replace("indemnify Globex, Inc.", "indemnify Acme Corp."), THEIRS, THEIRS) == {"party"}
    assert codes(DUTY, DUTY.replace("Acme Corp. at", "Initech LLC at"), THEIRS, THEIRS) == {"party"}


def test_a_chosen_law_that_changes_is_told() -> None:
    law = "This Agreement is governed by the laws of the State of New York."
    assert codes(law, law.replace("New York", "Delaware")) == {"place"}


def accepted() -> list[str]:
    """Every approved wording of the shipped playbook and every clause of the demo."""
    playbook = [text for chapter in load_playbook().chapters for p in chapter.positions for text in p.wordings]
    clauses = [each[1] for name, each in vars(demo).items() if name.isupper()]
    filled = {"us": "Customer", "them": "Supplier", "law": "Germany", "begins": "May 4, 2026", "ends": "May 3, 2029"}
    return playbook + [text.format(**filled) for text in clauses]


@pytest.mark.parametrize("code", sorted(EDITS))
def test_every_generated_edit_of_an_accepted_clause_is_told_by_its_code(code: str) -> None:
    random_ = random.Random(7)  # noqa: S311 - no secret
    tried = 0
    for text in accepted():
        for _ in range(3):
            edited = EDITS[code](text, random_)
            if edited is None or edited == text:
                continue
            tried += 1
            assert code in {c.code for c in compare(text, edited)}, edited
    assert tried > 40


def test_no_generated_copy_of_an_accepted_clause_is_told() -> None:
    random_ = random.Random(11)  # noqa: S311 - no secret
    for text in accepted():
        for _ in range(3):
            copy = near_copy(text, random_)
            assert [c for c in compare(text, copy) if c.code in MATERIAL] == [], copy


def test_anything_is_compared_in_bounded_time() -> None:
    assert compare("", "") == ()
    assert compare("one day " * 9000, "not 7 " * 9000) != ()
