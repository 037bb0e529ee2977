"""Which kind of contract a text is, by CUAD's names where one fits, with a calibrated probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.contract.document import ContractText
from extractors.contract.kind_features import READER, matrix_of, titled
from extractors.contract.terms_model import calibrated
from extractors.model_files import ModelRefused, load

NAME = "contract_kind"
NONE = "none"  # the model's class of texts that are no contract, or of a kind that it does not know
LEAST = 0.15  # below this probability no kind is told
HIGHEST = 0.995
UNTITLED_MOST = 0.89  # no kind is told surely that the title does not say, or says beside another one


def contract_kind(doc: ContractText) -> tuple[str | None, float]:
    """The kind and the probability that it is right; (None, p): of none of the known kinds; (None, 0): nobody knows."""
    if not doc.text.strip():
        return None, 0.0
    try:
        model = load(NAME, READER).model
    except ModelRefused:
        return None, 0.0
    return told_of(chances_of(matrix_of([doc.text]), model)[0], titled(doc.text), model)


def told_of(chances: Sequence[float], heading: str, model: Mapping[str, Any]) -> tuple[str | None, float]:
    """What is told of a text from the chances of all kinds. `heading`: the only kind that its heading names.

    A title that names two kinds ("Marketing and Distribution Agreement") leaves both open, and a body
    alone misleads: without a title that says this kind and no other a person may want to look, however sure the model.
    """
    kinds = [str(k) for k in model["kinds"]]
    best = max(range(len(kinds)), key=chances.__getitem__)
    alone = kinds[best] == heading
    curve = model["calibration"]["titled" if alone else "other"]
    sure = min(calibrated(curve, chances[best]), HIGHEST if alone or kinds[best] == NONE else UNTITLED_MOST)
    if kinds[best] == NONE:
        return None, round(sure, 4)
    if sure < LEAST:
        return None, 0.0
    return kinds[best], round(sure, 4)


def version() -> str:
    """The version of the model in force, as papers name it."""
    try:
        return load(NAME, READER).label
    except ModelRefused:
        return "none"


def weighed(blocks: Sequence[Any], zones: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Counts of each zone times the rarity of their words, every row of length 1, times the zone's share."""
    import numpy
    from scipy.sparse import diags

    found = []
    for block, zone in zip(blocks, zones, strict=True):
        rows = block[:, zone["columns"]].astype(numpy.float64)
        rows = rows @ diags(numpy.asarray(zone["rarity"], dtype=numpy.float64))
        if zone["norm"]:
            lengths = numpy.sqrt(numpy.asarray(rows.multiply(rows).sum(axis=1)).ravel())
            rows = diags(1.0 / numpy.maximum(lengths, 1e-9)) @ rows
        found.append((rows * zone["share"]).tocsr())
    return found


def chances_of(blocks: Sequence[Any], model: Mapping[str, Any]) -> list[list[float]]:
    """The model's probability of every kind, a row for each text."""
    import numpy

    scores = numpy.asarray(model["bias"], dtype=numpy.float64)[None, :]
    for rows, weights in zip(weighed(blocks, model["zones"]), model["weights"], strict=True):
        used = numpy.unique(rows.indices)  # of one contract: a hundredth of the words that the model knows
        scores = scores + rows[:, used] @ numpy.asarray(weights[used], dtype=numpy.float64)
    scores -= scores.max(axis=1, keepdims=True)
    chances = numpy.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    return [[float(c) for c in row] for row in chances]
