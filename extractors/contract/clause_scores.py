"""How much each sentence of a contract sounds like each of the categories: a linear model over its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.contract.clause_words import Said, Vocabulary

CATEGORIES = (
    "Affiliate License-Licensee",
    "Affiliate License-Licensor",
    "Agreement Date",
    "Anti-Assignment",
    "Audit Rights",
    "Cap On Liability",
    "Change Of Control",
    "Competitive Restriction Exception",
    "Covenant Not To Sue",
    "Document Name",
    "Effective Date",
    "Exclusivity",
    "Expiration Date",
    "Governing Law",
    "Insurance",
    "Ip Ownership Assignment",
    "Irrevocable Or Perpetual License",
    "Joint Ip Ownership",
    "License Grant",
    "Liquidated Damages",
    "Minimum Commitment",
    "Most Favored Nation",
    "No-Solicit Of Customers",
    "No-Solicit Of Employees",
    "Non-Compete",
    "Non-Disparagement",
    "Non-Transferable License",
    "Notice Period To Terminate Renewal",
    "Parties",
    "Post-Termination Services",
    "Price Restrictions",
    "Renewal Term",
    "Revenue/Profit Sharing",
    "Rofr/Rofo/Rofn",
    "Source Code Escrow",
    "Termination For Convenience",
    "Third Party Beneficiary",
    "Uncapped Liability",
    "Unlimited/All-You-Can-Eat-License",
    "Volume Restriction",
    "Warranty Duration",
)
"""CUAD's categories in the order of the columns of every array here."""


@dataclass(frozen=True)
class Scorer:
    """Scores are log-odds of a set with too many positives; `calibration` turns them into probabilities."""

    vocabulary: Vocabulary
    weights: Any  # float32, words x categories
    bias: Any
    calibration: Any  # categories x (slope, shift)

    def scores(self, said: list[Said]) -> tuple[Any, Any]:
        """(scores, probabilities), sentences x categories."""
        import numpy as np

        found = np.asarray(self.vocabulary.matrix(said) @ self.weights + self.bias, float)
        return found, probabilities(found, self.calibration)

    def packed(self) -> dict[str, Any]:
        """As a model file holds it; weights at half precision."""
        import numpy as np

        words = sorted(self.vocabulary.column, key=self.vocabulary.column.__getitem__)
        return {
            "words": "\n".join(words),
            "rarity": self.vocabulary.rarity,
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "calibration": self.calibration,
        }

    @classmethod
    def unpacked(cls, model: Mapping[str, Any]) -> Scorer:
        """From a model file."""
        import numpy as np

        column = {word: n for n, word in enumerate(model["words"].split("\n"))}
        weights = model["weights"].astype(np.float32)
        return cls(Vocabulary(column, model["rarity"]), weights, model["bias"], model["calibration"])


def probabilities(scores: Any, calibration: Any) -> Any:
    """Of the sentence being one of the category."""
    import numpy as np

    return 1 / (1 + np.exp(-np.clip(scores * calibration[:, 0] + calibration[:, 1], -30, 30)))
