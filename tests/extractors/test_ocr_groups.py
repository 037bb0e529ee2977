"""Lines of about one width are recognised together; signs that are not common are asked for only where meant."""

from __future__ import annotations

from extractors.ocr.alphabet import CERTAIN, Alphabet
from extractors.ocr.lines import MOST_TOGETHER, MOST_WIDER, groups_of


def test_every_line_is_in_one_group_that_is_not_much_wider() -> None:
    widths = [64] * 9 + [1000] * 5 + [96, 64, 240, 288]
    groups = list(groups_of(widths))
    assert sorted(at for _, places in groups for at in places) == list(range(len(widths)))
    assert all(widths[at] <= width <= MOST_WIDER * widths[at] for width, places in groups for at in places)
    assert all(len(places) == 1 or len(places) * width <= MOST_TOGETHER for width, places in groups)
    assert [width for width, _ in groups] == sorted((width for width, _ in groups), reverse=True)


def test_lines_that_are_a_little_narrower_join_a_group() -> None:
    assert [(width, len(places)) for width, places in groups_of([288, 240, 288, 288])] == [(288, 4)]
    assert [(width, len(places)) for width, places in groups_of([288, 128, 288, 288])] == [(288, 1)] * 3 + [(128, 1)]


def test_a_rare_sign_is_found_where_no_common_one_is_sure() -> None:
    import numpy

    common, weights = numpy.array([0, 2]), numpy.array([[0.0, 30.0, 20.0]], dtype=numpy.float32)
    alphabet = Alphabet(common, weights, numpy.zeros(3, dtype=numpy.float32))
    sure, best, gaps = numpy.array([[[0.9], [0.8]]]), numpy.array([[[1], [1]]]), numpy.zeros((1, 2, 1))
    sums = numpy.array([[[CERTAIN + 1], [CERTAIN - 1]]])
    features = numpy.array([[[1.0, 1.0]]], dtype=numpy.float32)
    steps = alphabet.steps([sure, best, gaps, sums, features], 0)
    assert steps.best.tolist() == [2, 1]
    assert steps.sure[0] == 0.9
    assert steps.sure[1] > 0.99
