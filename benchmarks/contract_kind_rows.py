"""Contracts with their kinds, whole and without their beginnings: what the trainer of kinds learns and measures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contract_data import FOLDS, Contract, contracts
from benchmarks.contract_texts import TITLES, made_texts
from extractors.contract.kind_features import matrix_of, titled

WHOLE, BODY, NUMBERED, NDAS = "cuad", "cuad body", "cuad from 1", "contract_nli"
CUTS = (1000, 2000)  # characters; what is left is measured, not learnt
MEASURED = (WHOLE, BODY, *(f"cuad cut {size}" for size in CUTS), NUMBERED)
LEAST_PREAMBLE = 600
LEAST_LEFT = 600
BODY_WEIGHT = 0.6  # of contracts without their title and preamble
NDA_WEIGHT = 0.15  # there are many times more of them than of any other kind, and every body looks a little like one
MADE, MADE_WEIGHT = 40, 0.5
_FIRST_CLAUSE = re.compile(r"\n[ \t]*(?:(?:ARTICLE|Article|SECTION|Section)\s+)?(?:1|I|A|ONE)[.):]?\s")


@dataclass
class Row:
    """One text, its kind and where it comes from; a weight of 0 is measured alone."""

    kind: str
    fold: int
    source: str  # one of MEASURED, contract_nli, contract_nli body, made
    weight: float = 1.0
    titled: str = ""  # the only kind that its heading names


def body_of(contract: Contract) -> str:
    """A contract without its title and preamble."""
    named = ("Document Name", "Parties", "Agreement Date")
    ends = [end for name in named for _, end in contract.spans_of(name) if end < 6000]
    return contract.text[max([*ends, LEAST_PREAMBLE]) :]


def cut(text: str, size: int) -> str:
    """Without its first characters, but never less than LEAST_LEFT."""
    return text[min(size, max(len(text) - LEAST_LEFT, 0)) :]


def from_first_clause(text: str) -> str:
    """Without all that stands before the first number 1; without 1500 characters where there is none."""
    first = _FIRST_CLAUSE.search(text, 300, 8000)
    return text[first.start() :] if first and len(text) - first.start() > LEAST_LEFT else cut(text, 1500)


def gathered(data: Path) -> tuple[list[Row], list[Any]]:
    """All texts as rows and as matrices."""
    known = contracts(data)
    rows, texts = [], []
    for row, text in (*_real(known), *_ndas(data), *_made(known)):
        row.titled = titled(text)
        rows.append(row)
        texts.append(text)
    return rows, matrix_of(texts)


def _real(known: Sequence[Contract]) -> Iterator[tuple[Row, str]]:
    for c in known:
        yield Row(c.kind, c.fold, WHOLE), c.text
        yield Row(c.kind, c.fold, BODY, BODY_WEIGHT), body_of(c)
        for size in CUTS:
            yield Row(c.kind, c.fold, f"cuad cut {size}", 0.0), cut(c.text, size)
        yield Row(c.kind, c.fold, NUMBERED, 0.0), from_first_clause(c.text)


def _ndas(data: Path) -> Iterator[tuple[Row, str]]:
    texts: list[str] = []
    for name in ("dev.json", "train_truncated.json"):
        documents = json.loads((data / "contract_nli" / name).read_text(encoding="utf-8"))["documents"]
        texts += [d["text"] for d in documents]
    for n, text in enumerate(texts):
        yield Row("NDA", n % FOLDS, NDAS, NDA_WEIGHT), text
        yield Row("NDA", n % FOLDS, f"{NDAS} body", NDA_WEIGHT * BODY_WEIGHT), text[1500:]


def _made(known: Sequence[Contract]) -> Iterator[tuple[Row, str]]:
    paragraphs = [
        c.text[s.start : s.end] for c in known for s in c.doc.sentences[-40:-10] if 80 < s.end - s.start < 700
    ]
    for kind in TITLES:
        for n, text in enumerate(made_texts(kind, MADE, paragraphs[::7])):
            yield Row(kind, n % FOLDS, "made", MADE_WEIGHT), text
