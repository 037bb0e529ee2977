"""What a company decides about its contracts: when a person looks, and when people are reminded.

Amounts are in the company's currency. What is decided about single clauses stands in the playbook.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bots.contracts.playbook_nouns import Money, Side
from workitems.items import Noun

Probability = Annotated[float, Field(ge=0, le=1)]


class TermThresholds(Noun):
    """Below this confidence a term of the contract is a doubt."""

    contract_type: Probability = 0.5
    parties: Probability = 0.5
    agreement_date: Probability = 0.5
    effective_date: Probability = 0.5
    expires_on: Probability = 0.5
    notice_period: Probability = 0.4
    renewal_term: Probability = 0.4
    governing_law: Probability = 0.5

    def of(self, field: str) -> float:
        """The threshold of a term by name; 0 for terms that decide nothing."""
        return float(getattr(self, field, 0.0))


class ContractPolicy(Noun):
    """Everything that decides between registering and asking."""

    playbook: Path | None = None  # a folder of YAML files; None: the playbook that comes with the suite
    side: Side = "buyer"  # whose part the company has where the contract does not say so
    languages: tuple[str, ...] = ("en",)  # ISO 639-1; a contract in another language goes to a person
    confidence: TermThresholds = TermThresholds()
    present: Probability = 0.5  # from which a clause counts as there
    perhaps: Probability = 0.25  # from which it is asked about, where it would matter
    risk_accepted: Money = Decimal(1000)  # expected loss of one risk up to which nobody is asked
    loss_accepted: Money = Decimal(3000)  # of all risks together
    deviation_probability: Annotated[float, Field(gt=0, le=1)] = 0.3  # that a changed wording costs something
    deviation_impact: Money = Decimal(10000)  # what it costs where the playbook says nothing
    near_copy: Probability = 0.8  # similarity from which a clause is compared with an approved wording word by word
    remind_days: tuple[Annotated[int, Field(ge=0)], ...] = (30, 7)  # before the notice deadline and the expiry
    keep_days: Annotated[float, Field(gt=0)] | None = None  # after the end of a contract that does not renew itself
    near_days: Annotated[int, Field(ge=0)] = 30  # a notice deadline that is nearer is told at once
