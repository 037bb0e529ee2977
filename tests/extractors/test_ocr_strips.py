"""Lines are recognised end to end on strips; signs that are not common are asked for only where meant."""

from __future__ import annotations

import pytest

from extractors.ocr.alphabet import CERTAIN, Alphabet, Steps
from extractors.ocr.lines import HEIGHT, STEP
from extractors.ocr.strips import BETWEEN, LENGTH, LONGEST, WHITE, Piece, Strip, drawn, letters_on, strips_of


def test_every_line_is_on_one_strip_and_touches_no_other() -> None:
    widths = [64] * 9 + [1000] * 5 + [96, 72, 240, 288, 2400]
    strips = strips_of(widths)
    assert sorted(piece.line for strip in strips for piece in strip.pieces) == list(range(len(widths)))
    for strip in strips:
        ends = [0 if not piece.start else piece.start - BETWEEN for piece in strip.pieces]
        assert ends == [0, *(piece.start + piece.width for piece in strip.pieces[:-1])]
        assert all(piece.width == widths[piece.line] and not piece.start % STEP for piece in strip.pieces)
        assert strip.pieces[-1].start + strip.pieces[-1].width <= strip.length


def test_strips_have_one_length_but_for_a_line_that_is_wider() -> None:
    assert [strip.length for strip in strips_of([2400, 1536, 1000, 400, 32])] == [LONGEST, LENGTH, LENGTH]
    assert strips_of([]) == []


@pytest.mark.parametrize("colours", [(), (3,)])
def test_a_strip_is_white_between_its_lines_and_in_colours_as_the_model_wants(colours: tuple[int, ...]) -> None:
    import numpy

    strip = Strip(LENGTH, (Piece(1, 0, 64), Piece(0, 72, 32)))
    image = drawn(
        strip, [numpy.full((HEIGHT, wide, *colours), shade, numpy.uint8) for wide, shade in ((64, 9), (32, 7))]
    )
    assert image.shape == (HEIGHT, LENGTH, 3)
    assert [int(image[5, at, 2]) for at in (0, 63, 64, 71, 72, 103, 104)] == [9, 9, WHITE, WHITE, 7, 7, WHITE]


def test_what_was_seen_at_each_step_goes_to_the_line_that_lies_there_or_ends_before_it() -> None:
    import numpy

    best = numpy.array([1, 0, 1, 2, 0, 2, 0, 1])
    steps = Steps(best, numpy.full(8, 0.9), numpy.zeros(8))
    read = dict(letters_on(Strip(64, (Piece(1, 0, 24), Piece(0, 32, 24))), steps, ["", "a", "b"]))
    assert (read[1].text, read[0].text) == ("aab", "ba")
    assert read[1].places == pytest.approx((0.5 / 3, 2.5 / 3, 1.0))


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
