"""The file of a deal, and what shall become of it."""

from __future__ import annotations

from dataclasses import dataclass

from devdata.contracts import deals as d
from devdata.contracts.sheets import as_pdf, as_text, as_word
from devdata.papers.scans import Scanner, scanned


@dataclass(frozen=True)
class Expected:
    """What shall become of a document. `outcome`: registered, review or rejected; `also`: as good."""

    document: str
    outcome: str
    about: str
    also: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    contract_type: str | None = None
    expires_on: str | None = None


def paper_of(deal: d.Deal) -> bytes:
    """The file of a deal, by the ending of its name."""
    if deal.file.endswith(".docx"):
        return as_word(deal)
    if deal.file.endswith(".txt"):
        return as_text(deal)
    if deal is d.WAREHOUSE:
        return scanned(as_pdf(deal), Scanner(dpi=150, skew=0.4, quality=45, seed=12))
    return as_pdf(deal)


def expected_of(deal: d.Deal) -> Expected:
    """What shall become of a deal."""
    return Expected(deal.file, deal.outcome, deal.about, deal.also, deal.codes, deal.contract_type, deal.ends_on)
