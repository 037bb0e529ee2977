"""The categories of clauses: CUAD's 41, and the two things besides that a contract needs to hold."""

from __future__ import annotations

CUAD: tuple[str, ...] = (
    "Document Name",
    "Parties",
    "Agreement Date",
    "Effective Date",
    "Expiration Date",
    "Renewal Term",
    "Notice Period To Terminate Renewal",
    "Governing Law",
    "Most Favored Nation",
    "Non-Compete",
    "Exclusivity",
    "No-Solicit Of Customers",
    "Competitive Restriction Exception",
    "No-Solicit Of Employees",
    "Non-Disparagement",
    "Termination For Convenience",
    "Rofr/Rofo/Rofn",
    "Change Of Control",
    "Anti-Assignment",
    "Revenue/Profit Sharing",
    "Price Restrictions",
    "Minimum Commitment",
    "Volume Restriction",
    "Ip Ownership Assignment",
    "Joint Ip Ownership",
    "License Grant",
    "Non-Transferable License",
    "Affiliate License-Licensor",
    "Affiliate License-Licensee",
    "Unlimited/All-You-Can-Eat-License",
    "Irrevocable Or Perpetual License",
    "Source Code Escrow",
    "Post-Termination Services",
    "Audit Rights",
    "Uncapped Liability",
    "Cap On Liability",
    "Liquidated Damages",
    "Warranty Duration",
    "Insurance",
    "Covenant Not To Sue",
    "Third Party Beneficiary",
)
SIGNATURE, ANNEX = "Signature", "Annex"
BESIDE = (SIGNATURE, ANNEX)
"""What is no clause, but may be missing."""
TERMS = frozenset(CUAD[:5])
"""What a contract is about, rather than what is agreed."""

_KEYS = {c.casefold(): c for c in (*CUAD, *BESIDE)}


def category(name: str) -> str | None:
    """The category of that name, however it is spelt ("IP Ownership Assignment"); None where there is none."""
    return _KEYS.get(name.strip().casefold())
