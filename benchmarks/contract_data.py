"""CUAD's contracts with their answers, as the trainers of contract models take them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.contract_terms_parties import entities_in, spellings_of
from extractors.contract.document import ContractText
from extractors.plain import text_pages

FOLDS = 5


@dataclass
class Contract:
    """One contract, what CUAD says of it, and the fold of its company."""

    name: str
    text: str
    kind: str
    answers: dict[str, str]
    spans: list[dict[str, Any]]
    company: str
    fold: int
    doc: ContractText = field(repr=False)

    def spans_of(self, category: str) -> Iterator[tuple[int, int]]:
        """Where a category is marked."""
        return ((s["start"], s["end"]) for s in self.spans if s["category"] == category)

    def day(self, category: str) -> date | None:
        """The date that CUAD answers; None where there is none or where part of it is blackened."""
        m = re.fullmatch(r"\s*(\d+)/(\d+)/(\d\d(?:\d\d)?)\s*", self.answers.get(category, ""))
        if not m:
            return None
        year = int(m[3])
        year = year if year > 99 else year + (1900 if year > 60 else 2000)
        try:
            return date(year, int(m[1]), int(m[2]))
        except ValueError:
            return None

    @property
    def parties(self) -> dict[str, str]:
        """Names of the parties by their folded form, without what the contract calls them."""
        return entities_in(self.answers.get("Parties", ""), self._marked)

    @property
    def spellings(self) -> dict[str, set[str]]:
        """Of every party its folded names: the answer's and that of the marked span."""
        return spellings_of(self.parties, self._marked)

    @property
    def _marked(self) -> list[str]:
        """The spans that are marked as parties, without those that only say what someone is called."""
        texts = (self.text[a:b] for a, b in self.spans_of("Parties"))
        return [t for t in texts if not re.search(r"[\"“”]|\b(?:individually|collectively)\b", t)]


def contracts(data: Path) -> list[Contract]:
    """All contracts of DIR/cuad."""
    kinds = {r["title"]: r["contract_type"] for r in _rows(data / "cuad/contract_types.jsonl")}
    found = []
    for row in _rows(data / "cuad/labels.jsonl"):
        doc = ContractText(text_pages((data / "cuad" / row["file"]).read_text(encoding="utf-8")))
        company = _company(row["title"])
        fold = int(hashlib.md5(company.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS
        found.append(
            Contract(row["file"], doc.text, kinds[row["title"]], row["answers"], row["spans"], company, fold, doc)
        )
    return found


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def _company(title: str) -> str:
    return re.sub(r"[^a-z]", "", re.split(r"_\d{2,}| - ", title)[0].lower())[:12]


def labels_sha256(data: Path) -> str:
    """Of the labels that were learnt from."""
    return hashlib.sha256((data / "cuad/labels.jsonl").read_bytes()).hexdigest()
