"""Contracts with their clauses as CUAD's lawyers marked them, and what counts as found (CUAD's own rule)."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy

from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_words import Said, said_by
from extractors.contract.document import ContractText
from extractors.plain import decoded

ALIKE = 0.5  # Jaccard index of words
HOLDS = frozenset(("Parties", "Document Name", "Agreement Date", "Effective Date"))
"""Categories whose clauses are a few words: a sentence that holds one is theirs."""
SHORTEST = 25  # characters of a clause within a longer sentence

Bag = frozenset[str]


def bag(text: str) -> Bag:
    """Words as CUAD's evaluation splits them."""
    return frozenset(re.sub(r"[.,;:]", "", text).lower().replace("/", " ").split(" "))


def alike(a: Bag, b: Bag) -> bool:
    """Whether two texts count as the same clause."""
    return len(a & b) >= ALIKE * len(a | b)


@dataclass
class Contract:
    """A contract of the set. `right` says for each sentence and category whether it is (part of) such a clause."""

    file: str
    company: str
    doc: ContractText
    said: list[Said]
    right: Any
    answers: dict[int, list[tuple[str, Bag]]]
    _bags: dict[tuple[int, int], Bag] = field(default_factory=dict)

    def hits(self, category: int, start: int, end: int) -> list[int]:
        """Which of the category's answers the span finds."""
        answers = self.answers.get(category)
        if not answers:
            return []
        if (start, end) not in self._bags:
            self._bags[start, end] = bag(self.doc.text[start:end])
        words = self._bags[start, end]
        held = CATEGORIES[category] == "Parties"
        text = self.doc.text[start:end]
        return [n for n, (answer, own) in enumerate(answers) if alike(own, words) or (held and answer in text)]


def contracts(data: Path) -> list[Contract]:
    """All contracts of DIR/cuad."""
    lines = (data / "cuad" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [_contract(data / "cuad", json.loads(line)) for line in lines]


def _contract(folder: Path, row: dict[str, Any]) -> Contract:
    text = decoded((folder / row["file"]).read_bytes()).replace("\r\n", "\n")
    doc = ContractText.of_text(text)
    answers: dict[int, list[tuple[str, Bag]]] = {}
    for span in row["spans"]:
        answer = text[span["start"] : span["end"]]
        answers.setdefault(CATEGORIES.index(span["category"]), []).append((answer, bag(answer)))
    company = row["title"].split("_")[0].lower()
    return Contract(row["file"], company, doc, said_by(doc), _right(doc, row["spans"]), answers)


def _right(doc: ContractText, spans: Iterable[dict[str, Any]]) -> Any:
    found = numpy.zeros((len(doc.sentences), len(CATEGORIES)), numpy.int8)
    starts = [s.start for s in doc.sentences]
    for span in spans:
        first, last, category = span["start"], span["end"], span["category"]
        words = bag(doc.text[first:last])
        at = max(bisect_right(starts, first) - 1, 0)
        while at < len(starts) and starts[at] < last:
            sentence = doc.sentences[at]
            shared = min(sentence.end, last) - max(sentence.start, first)
            whole = shared >= 0.9 * (last - first) and (last - first >= SHORTEST or category in HOLDS)
            if shared > 0 and (
                whole
                or shared >= 0.5 * (sentence.end - sentence.start)
                or alike(words, bag(doc.text[sentence.start : sentence.end]))
            ):
                found[at, CATEGORIES.index(category)] = 1
            at += 1
    return found


def fingerprint(data: Path) -> str:
    """SHA-256 of the labels."""
    return hashlib.sha256((data / "cuad" / "labels.jsonl").read_bytes()).hexdigest()
