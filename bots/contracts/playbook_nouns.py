"""What a company's lawyers decide about clauses: positions, limits, wording, impact, and who has to agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bots.contracts.categories import BESIDE, CUAD
from workitems.items import Noun

Side = Literal["buyer", "seller", "any"]
"""Whose part the company has: who pays and receives (buyer, licensee, tenant ...), or who delivers."""
Stance = Literal["required", "preferred", "allowed", "watched", "forbidden"]
"""required: it must stand there. preferred: where it stands there, in our words. allowed: no matter. watched: told,
with its risk. forbidden: a person decides."""
Approval = Literal["none", "manager", "legal", "board"]
Money = Annotated[Decimal, Field(ge=0)]
Probability = Annotated[float, Field(gt=0, le=1)]


class Limit(Noun):
    """What a number of the clause may be. `of` says which: a period, a share of the fees in per cent, how often."""

    of: Literal["days", "months", "percent_of_fees", "amount", "times_a_year"]
    at_least: Money | None = None
    at_most: Money | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Limit:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a limit needs at_least or at_most")
        return self


class Position(Noun):
    """What holds for one category of clauses.

    `impact` is what it may cost, in the company's currency; `probability` how often it does, where the contract is so.
    `places` are the laws that are accepted.
    """

    category: str
    stance: Stance = "watched"
    preferred: str | None = None
    fallback: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    places: tuple[str, ...] = ()
    impact: Money = Decimal(0)
    probability: Probability = 0.1
    owner: str = "contract management"
    approval: Approval = "manager"
    why: str = ""  # a sentence for who reads the risk

    @field_validator("category")
    @classmethod
    def _known(cls, told: str) -> str:
        if told not in (*CUAD, *BESIDE):
            raise ValueError(f"there is no category {told!r}; CUAD's names, Signature and Annex are known")
        return told

    @property
    def wordings(self) -> tuple[str, ...]:
        """All approved wordings, the preferred one first."""
        return ((self.preferred,) if self.preferred else ()) + self.fallback


class Chapter(Noun):
    """One file of the playbook: for some kinds of contract and one side. The special goes before the general."""

    title: str
    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(\.\d+)?$")]
    kinds: tuple[str, ...] = ("*",)
    side: Side = "any"
    positions: tuple[Position, ...]

    @field_validator("version", mode="before")
    @classmethod
    def _as_text(cls, told: object) -> object:
        """YAML takes 2026-11-02 for a date."""
        return told.isoformat() if isinstance(told, date) else told

    @field_validator("positions")
    @classmethod
    def _once(cls, told: tuple[Position, ...]) -> tuple[Position, ...]:
        names = [p.category for p in told]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)}: twice in one chapter")
        return told

    def rank(self, contract_type: str, side: Side) -> int | None:
        """How special it is for such a contract; None where it does not hold for it."""
        kind = contract_type.casefold() in {k.casefold() for k in self.kinds}
        if not kind and "*" not in self.kinds:
            return None
        if self.side not in ("any", side):
            return None
        return 2 * kind + (self.side != "any")
