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

from extractors.contract.document import ContractText
from extractors.contract.parties_runs import folded
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
        """Names of the parties by their folded form, without what the contract calls them.

        CUAD's answers also hold what is no entity ("Company and Consultant", "Franchisee"): that is left out.
        """
        answer = self.answers.get("Parties", "")
        called = {folded(a) for a in re.findall(r"[\"“”]([^\"“”]{2,40})[\"“”]", answer)} | _ROLES
        found = {}
        for part in re.sub(r"\([^()]*\)(?=\s*(;|$|\())", "", answer).split(";"):
            name = re.sub(r"\((?=[^)]*[\"“”])[^)]*\)?|\s*[\"“][^\"“”]{1,40}[\"”]\s*$", "", part).strip(" ,\n")
            key = folded(name)
            if key and not _SAYING.search(name) and not _only_called(name, called):
                found[key] = name
        return found


_SAYING = re.compile(r"^\W*(?:each|together)\b|^\(|individually|collectively|hereinafter", re.I)
_ROLES_TEXT = "company consultant supplier distributor franchisee customer licensee contractor seller buyer sponsor you"
_ROLES = frozenset((*_ROLES_TEXT.split(), "partya", "partyb", "partyc"))
_FORM = re.compile(r"\b(?:inc|llc|ltd|limited|corp\w*|co|company|lp|fund|plc|n\.?v|s\.?a)\b", re.I)


def _only_called(name: str, called: set[str]) -> bool:
    """Whether these are no names but what the contract calls the parties: "MacroGenics and Green Cross"."""
    words = [folded(w) for w in re.split(r",|\b(?:and|or)\b", re.sub(r"^the\s", "", name, flags=re.I)) if folded(w)]
    told = [any(w == c or (len(w) > 3 and c.startswith(w)) for c in called) for w in words]
    return (len(words) > 1 and any(told) and not _FORM.search(name)) or (len(words) == 1 and words[0] in _ROLES)


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
