"""Lines on one strip are kept apart inside the recogniser."""

from __future__ import annotations

import pytest

from extractors.ocr.apart import FAR, MOST_PIECES, places
from extractors.ocr.lines import LEAST_WIDTH
from extractors.ocr.strips import LENGTH, strips_of


def test_each_column_counts_for_its_own_line_and_steps_see_their_own_only() -> None:
    shares, members, apart = places(64, [(0, 24), (32, 16)])
    assert shares.sum(axis=0)[:3].tolist() == pytest.approx([1, 1, 0])
    assert members[:2].sum(axis=1).tolist() == [6, 4]
    assert (apart[0, 2], apart[4, 5]) == (0, 0)
    assert apart[0, 3] == apart[0, 4] == apart[5, 2] == FAR


def test_there_is_never_room_for_more_lines_than_the_recogniser_tells_apart() -> None:
    assert max(len(strip.pieces) for strip in strips_of([LEAST_WIDTH] * 200)) <= MOST_PIECES < LENGTH // LEAST_WIDTH + 1
