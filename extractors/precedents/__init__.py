"""Precedents: search over the company's own clauses, by words, by meaning and by what lawyers mean by the words."""

from __future__ import annotations

from extractors.precedents.clauses import Clause
from extractors.precedents.index import Hit, Precedents
from extractors.precedents.shelf import PrecedentsError

__all__ = ["Clause", "Hit", "Precedents", "PrecedentsError"]
