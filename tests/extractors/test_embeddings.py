from __future__ import annotations

import hashlib

import numpy as np

from extractors.embeddings import DIMENSIONS, VOCABULARY, embed


def test_texts_that_mean_the_same_lie_closer_than_others() -> None:
    a, b, other = embed(["The tenant pays the rent monthly.", "Rent is due every month.", "A fox ate the grapes."])
    assert a @ b > 0.6
    assert a @ other < 0.3


def test_a_vector_has_length_one_and_does_not_hang_on_its_neighbours() -> None:
    alone = embed(["governed by the laws of Delaware"])
    among = embed(["x" * 5000, "governed by the laws of Delaware", "", "liability " * 900])
    assert among.dtype == np.float32
    assert among.shape == (4, DIMENSIONS)
    assert np.array_equal(alone[0], among[1])
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector_and_odd_text_gives_one() -> None:
    assert embed([]).shape == (0, DIMENSIONS)
    assert np.isfinite(embed(["", "\x00\ud83d\ufffd", "漢字" * 300])).all()


def test_the_vocabulary_is_the_one_that_its_source_note_names() -> None:
    note = (VOCABULARY.parent / "SOURCE.md").read_text(encoding="utf-8")
    assert hashlib.sha256(VOCABULARY.read_bytes()).hexdigest() in note
