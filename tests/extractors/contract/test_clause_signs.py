"""What may be a clause: dates, names, runs of sentences; how overlaps and presence change their confidence."""

from __future__ import annotations

import numpy
import pytest

from extractors.contract.clause_candidates import LONGEST_RUN, Candidate, candidates_of
from extractors.contract.clause_dates import MOST, date_spans
from extractors.contract.clause_gains import MOST as MOST_WEIGHED
from extractors.contract.clause_gains import SIGNS as GAINS
from extractors.contract.clause_gains import gain_signs, in_order
from extractors.contract.clause_hints import rule_categories
from extractors.contract.clause_names import names_in
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_spans import alone, without_overlaps
from extractors.contract.clause_words import Said, Vocabulary, said_by, words_of
from extractors.contract.document import ContractText
from extractors.contract.presence import (
    EVEN,
    Weighed,
    confidences,
    presence_signs,
    probabilities_of,
    stretched,
    told_at,
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("made as of May 2, 2019 by", "May 2, 2019"),
        ("this 1st day of June, 2000, between", "1st day of June, 2000"),
        ("as of the ___ day of ____, 2018", "the ___ day of ____, 2018"),  # a form that nobody filled in
        ("dated 24 OCT 2011.", "24 OCT 2011"),
        ("on 7/27/2004 in", "7/27/2004"),
        ("in October 2012", "October 2012"),
    ],
)
def test_dates_are_found_as_contracts_write_them(text: str, date: str) -> None:
    assert [text[slice(*span)] for span in date_spans(ContractText.of_text(text))] == [date]


def test_of_very_many_dates_the_first_and_the_last_are_kept() -> None:
    doc = ContractText.of_text(" ".join(f"May {n % 28 + 1}, 2019;" for n in range(5_000)))
    spans = date_spans(doc)
    assert len(spans) == MOST
    assert spans[-1][1] > len(doc.text) - 10


def test_a_name_stands_around_its_noun_on_the_first_page() -> None:
    text = "EXHIBIT 10.1\n\nMASTER SUPPLY AND LICENSE AGREEMENT No. 7\n\nThis Agreement is made between us."
    found = [text[slice(*span)] for span in names_in(ContractText.of_text(text))]
    assert "MASTER SUPPLY AND LICENSE AGREEMENT No. 7" in found
    assert "MASTER SUPPLY AND LICENSE AGREEMENT" in found


def test_neighbours_that_score_well_are_also_tried_together() -> None:
    scores = numpy.full((30, 2), -8.0)
    scores[3:6, 0] = 2.0
    found = candidates_of(scores, numpy.zeros_like(scores), [0])
    assert Candidate(0, 3, 5) in found
    assert max(c.last - c.first for c in found) < LONGEST_RUN


def test_a_span_inside_a_likelier_one_counts_less() -> None:
    places = numpy.array([(0, 0, 50), (0, 40, 90), (1, 40, 90), (0, 60, 95)])
    weighed = without_overlaps(places, numpy.array([0.8, 0.6, 0.5, 0.4]))
    assert weighed.tolist() == pytest.approx([0.8, 0.18, 0.5, 0.4])


def test_no_span_is_surer_than_that_there_is_such_a_clause() -> None:
    places = numpy.array([(0, 0, 50), (0, 60, 90), (1, 40, 90)])
    presence = numpy.zeros(len(CATEGORIES))
    presence[:2] = 0.6, 0.9
    found = confidences(places, numpy.array([0.9, 0.8, 0.07]), presence).tolist()
    assert found == pytest.approx([0.6, 0.6, 0.9])


def test_what_was_weighed_down_for_an_overlap_is_known_as_it_was() -> None:
    draw = numpy.random.default_rng(3)
    starts = draw.integers(0, 400, 200)
    places = numpy.column_stack([draw.integers(0, 3, 200), starts, starts + draw.integers(5, 60, 200)])
    chances = draw.random(200)
    weighed = without_overlaps(places, chances)
    assert (weighed < chances).sum() > 50
    assert alone(places, weighed).tolist() == pytest.approx(chances.tolist())


def test_the_best_span_is_as_probable_as_the_clause_and_another_as_the_likelier_of_its_judges_says() -> None:
    places = numpy.array([(0, 0, 50), (0, 40, 90), (0, 200, 220), (1, 0, 50), (1, 60, 90), (1, 300, 310)])
    chances = without_overlaps(places, numpy.array([0.9, 0.6, 0.2, 0.2, 0.7, 0.5]))
    gains = numpy.array([0.8, 0.01, 0.4, 0.3, 0.2, 0.0])  # the last was not weighed
    presence = numpy.zeros(len(CATEGORIES))
    presence[:2] = 0.95, 0.25
    found = probabilities_of(Weighed(places, chances, gains, numpy.zeros((6, 3))), presence)
    assert found.tolist() == pytest.approx([0.95, 0.6, 0.4, 0.25, 0.25, 0.0])


def test_the_same_words_once_more_are_known_as_such() -> None:
    doc = ContractText.of_text("The fee is due. The law of Ohio governs. The fee is due.")
    places = numpy.array([(0, 0, 15), (0, 41, 56), (0, 0, 40)])
    chances = numpy.array([0.9, 0.6, 0.3])
    signs = gain_signs(doc, places, chances, in_order(places, chances), numpy.full((3, 3), numpy.nan))
    assert signs[:, GAINS.index("same_words")].tolist() == [0, 1, 0]
    assert signs[:, GAINS.index("overlapped")].tolist() == [0, 0, 1]
    assert signs[:, GAINS.index("none_before")].tolist() == pytest.approx([1, 0.1, 0.04])


def test_of_very_many_spans_the_likeliest_of_each_category_are_weighed() -> None:
    places = numpy.array([(category, at, at + 5) for category in (2, 7) for at in range(100)])
    groups = in_order(places, numpy.linspace(0, 1, 200))
    assert [len(rows) for rows in groups] == [MOST_WEIGHED, MOST_WEIGHED]
    assert groups[0][0] == 99


def test_stretching_keeps_the_order_and_puts_the_middle_at_a_half() -> None:
    found = stretched(numpy.linspace(0, 1, 101))
    assert (numpy.diff(found) > 0).all()
    assert stretched(EVEN) == 0.5


@pytest.mark.parametrize("wrong", [0.01, 0.03, 0.08, 0.12])
def test_no_is_as_sure_as_yes_where_both_are_as_often_wrong(wrong: float) -> None:
    assert stretched(wrong) == pytest.approx(1 - stretched(1 - wrong))


@pytest.mark.parametrize("sure", [0.0, 0.02, 0.98, 1.0])
def test_what_is_sure_is_told_as_it_is(sure: float) -> None:
    assert stretched(sure) == pytest.approx(sure)


@pytest.mark.parametrize("middle", [0.1, 0.25, 0.55])
def test_each_category_is_told_from_its_own_middle_on_and_what_is_far_from_it_stays(middle: float) -> None:
    steps = numpy.array([0.01, middle - 0.01, middle, middle + 0.01, 0.9])
    found = told_at(steps, numpy.full(len(steps), middle))
    assert (numpy.diff(found) > 0).all()
    assert found[1] < 0.5 <= found[3]
    assert found[2] == pytest.approx(0.5)
    assert found[[0, 4]].tolist() == pytest.approx(stretched(steps)[[0, 4]].tolist())


def test_a_category_without_any_span_has_signs_too() -> None:
    none = numpy.zeros(0)
    spans = Weighed(numpy.zeros((0, 3), int), none, none, numpy.zeros((0, 3)))
    hits = numpy.zeros((0, len(rule_categories())), bool)
    signs = presence_signs(spans, numpy.zeros((0, len(CATEGORIES))), hits, numpy.full(len(CATEGORIES), 0.1))
    assert len(signs) == len(CATEGORIES)
    assert numpy.isfinite(signs).all()


def test_words_forget_which_number_it_was() -> None:
    assert words_of("Pay $1,250 in 2019") == words_of("pay $3,417 in 2024")


def test_list_items_are_read_with_what_leads_to_them() -> None:
    doc = ContractText.of_text("Licensee shall not: (a) sell the Works; (b) rent the Works. The fee is due.")
    said = said_by(doc)
    assert "l:licensee" in said[1][2]
    assert "l:licensee" in said[2][2]
    assert not said[3][2]


def test_rare_words_do_not_count_and_rows_have_the_length_of_their_weight() -> None:
    said: list[Said] = [*((["fee", "due"], [], []) for _ in range(6)), (["once"], [], [])]
    vocabulary = Vocabulary.fitted(said)
    assert set(vocabulary.column) == {"fee", "due"}
    matrix = vocabulary.matrix(said)
    assert numpy.linalg.norm(matrix[0].toarray()) == pytest.approx(1.0)
    assert matrix[6].nnz == 0
