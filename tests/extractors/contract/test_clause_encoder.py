from __future__ import annotations

import numpy as np

from extractors.contract.clause_encoder import TOGETHER, vectors_of
from extractors.embeddings import embed

SENTENCES = [
    "This Agreement is governed by the laws of the State of Delaware.",
    "The Supplier shall indemnify the Customer against all claims of third parties that arise from its breach.",
    "Either party may terminate this Agreement upon thirty (30) days' written notice.",
    "",
    "liability " * 300,
    *(f"Section {n} survives the end of this Agreement, and so does what the parties owe." for n in range(TOGETHER)),
]


def test_vectors_in_eight_bits_lie_close_to_those_of_the_whole_encoder() -> None:
    swift, whole = vectors_of(SENTENCES, 128)(), embed(SENTENCES, 128)
    assert swift.shape == whole.shape
    assert (swift * whole).sum(axis=1).min() > 0.998
    assert np.allclose(np.linalg.norm(swift, axis=1), 1, atol=1e-5)


def test_the_same_sentences_have_the_same_vectors_each_time() -> None:
    first, second = vectors_of(SENTENCES, 128), vectors_of(SENTENCES, 128)  # both under way at once
    assert np.array_equal(first(), second())


def test_no_sentence_has_no_vector() -> None:
    assert vectors_of([], 128)().shape == (0, 384)
