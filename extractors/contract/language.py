"""Contracts in a language that the finders do not read."""

from __future__ import annotations

import re

from extractors.language import language_of
from workitems.items import Doubt

STRANGE = "contract_language"
READ = frozenset({"en"})
_NAMES = {"de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch"}
_FOREIGN = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff]")
SHARE = 0.3  # of all letters in another script


def strange_language(text: str, language: str | None) -> tuple[Doubt, ...]:
    """A doubt for a person where the contract is written in another language than English, or in two."""
    sample = text[:20_000]
    letters = sum(c.isalpha() for c in sample)
    if letters and len(_FOREIGN.findall(sample)) / letters >= SHARE:
        return (_doubt("another script than the Latin one"),)
    told = language_of(sample.split()) or language
    if told is not None and told not in READ:
        return (_doubt(_NAMES.get(told, told)),)
    return ()


def _doubt(name: str) -> Doubt:
    message = f"The contract seems to be written in {name}; only English ones are read. Please read it yourself."
    return Doubt(code=STRANGE, message=message)
