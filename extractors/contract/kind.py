"""Which kind of contract a text is, by CUAD's names where one fits, with a calibrated probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.contract.document import ContractText
from extractors.contract.kind_features import READER, matrix_of
from extractors.contract.terms_model import calibrated
from extractors.model_files import ModelRefused, load

NAME = "contract_kind"
NONE = "none"  # the model's class of texts that are no contract, or of a kind that it does not know
LEAST = 0.35  # below this probability no kind is told
HIGHEST = 0.995


def contract_kind(doc: ContractText) -> tuple[str | None, float]:
    """The kind and the probability that it is right; (None, p): of none of the known kinds."""
    if not doc.text.strip():
        return None, 0.0
    try:
        model = load(NAME, READER).model
    except ModelRefused:
        return None, 0.0
    kinds = [str(k) for k in model["kinds"]]
    chances = chances_of(matrix_of([doc.text]), model)[0]
    best = max(range(len(kinds)), key=chances.__getitem__)
    sure = min(calibrated(model["calibration"], chances[best]), HIGHEST)
    if kinds[best] == NONE or sure < LEAST:
        return None, round(sure if kinds[best] == NONE else 1.0 - sure, 4)
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
        scores = scores + rows @ numpy.asarray(weights, dtype=numpy.float64)
    scores -= scores.max(axis=1, keepdims=True)
    chances = numpy.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    return [[float(c) for c in row] for row in chances]
