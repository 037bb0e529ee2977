"""What speaks for and against a reading, as numbers that a fitted model weighs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import fmean

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.shops import KNOWN
from extractors.invoice.sums import CENT
from workitems.items import InvoiceLine

Features = dict[str, float]
SOURCES = ("receipt", "broadcast", "scan", "text")
"""Kinds of paper whose confidences are fitted apart, as far as there is enough of each."""
_LEAST, _MOST = 0.002, 0.998
"""Scores beyond these say no more."""
COIN = Decimal("0.04")
"""What rounding to the smallest coin takes or adds at most."""
_ALWAYS = 0.999
_STRANGE = frozenset("[]{}|~_=#*<>^")
_TEXTS = frozenset({"supplier_name", "supplier_address", "buyer_name"})
_PARTS = frozenset({"net", "tax"})
WHOLE = "without cents"
"""The sign of a net sum or a tax of whole units: seldom printed so, but what is left of a misread one."""


def source_of(context: Context) -> str:
    """Which of SOURCES a paper is."""
    if context.kind == "receipt":
        return "receipt"
    if context.is_advertising:
        return "broadcast"
    return "scan" if context.sheet.is_ocr else "text"


def features_of(context: Context, field: str, found: Sequence[Candidate]) -> Features:
    """The signs of the first candidate: its score, its rivals, its evidence, how well it was read."""
    best = found[0]
    rivals = [c for c in found[1:] if not _same(field, c.value, best.value)]
    score, rival = logit(best.score), logit(rivals[0].score) if rivals else logit(_LEAST)
    legible = [p.confidence for p in best.pieces]
    blur = math.sqrt(1.0 - min(legible))
    is_known = KNOWN in best.notes  # misread letters were put right
    features = {
        "one": 1.0,
        "score": score,
        "margin": min(6.0, score - rival),
        "alone": float(not rivals),
        "times": math.log(best.support),
        "blur": blur * (not is_known),
        "haze": (1.0 - fmean(legible)) * (not is_known),
        source_of(context): 1.0,
        "order": float(context.kind == "order"),
        f"pattern {best.pattern}": 1.0,
    }
    if field in _TEXTS:
        features |= _of_text(best.value)
        is_printed = letters_of(best.value) in letters_of("".join(p.text for p in best.pieces))
        features |= {"not printed so": float(not is_printed), "known and not printed so": float(is_known > is_printed)}
    if field in _PARTS:
        features[WHOLE] = float("." not in best.value)
    return features | {f"note {note}": 1.0 for note in best.notes} | dict(best.signs)


def told_by_items(found: Sequence[Candidate], lines: Sequence[InvoiceLine]) -> list[Candidate]:
    """The candidates of a receipt's total, the first with a note whether its items make it."""
    if not found:
        return []
    added = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    gap = abs(added - Decimal(found[0].value))
    note = "no items" if not lines else "items" if gap <= CENT else "items, rounded" if gap <= COIN else "other items"
    return [found[0].scaled(1.0, note), *found[1:]]


def shop_signs(shops: Mapping[str, Sequence[float]], name: str) -> Features:
    """How often the training saw a shop's name spelt so, and whether its receipts always spell it so.

    `shops`: by the letters of each spelling, how often it was seen, and its share of the shop's spellings.
    """
    times, share = shops.get(letters_of(name), (0.0, 0.0))
    return {
        "times seen": math.log(1 + times),
        "always spelt so": float(share >= _ALWAYS and times > 1),
        "spelt variously": float(0 < share < _ALWAYS),
    }


def _of_text(value: str) -> Features:
    letters = sum(c.isalpha() for c in value)
    return {
        "length": math.log(max(4, len(value)) / 20),
        "digits": sum(c.isdigit() for c in value) / max(1, len(value)),
        "torn words": float(any(_is_torn(word) for word in value.split())),
        "marks": float(len(value) > 0 and letters < 0.6 * len(value)),
        "capitals": sum(c.isupper() for c in value) / max(1, letters),
    }


def _is_torn(word: str) -> bool:
    """Whether letters, digits and strange marks are mixed, as recognition does."""
    bare = word.strip(".,()&'\"-/")
    mixed = any(c.isdigit() for c in bare) and any(c.isalpha() for c in bare)
    return not _STRANGE.isdisjoint(bare) or (len(bare) > 2 and mixed)


def _same(field: str, one: str, other: str) -> bool:
    """Spellings of one text are no rivals."""
    return field in _TEXTS and letters_of(one) == letters_of(other)


def letters_of(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def logit(p: float) -> float:
    """Log-odds, of a probability that is never quite 0 or 1."""
    p = min(_MOST, max(_LEAST, p))
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The log-odds that weights give to signs."""
    return sum(weight * features.get(name, 0.0) for name, weight in weights.items())
