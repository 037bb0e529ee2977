"""A few clauses as contracts have them."""

from __future__ import annotations

from extractors.precedents import Clause

CAP = Clause(
    id="cap",
    heading="Limitation of Liability",
    text="The Supplier's aggregate liability under this Agreement shall not exceed the fees paid in the twelve months"
    " before the claim.",
    category="Cap On Liability",
    kind="Supply",
    counterparty="Müller GmbH",
    accepted=True,
)
CARVED = Clause(
    id="carved",
    heading="Limitation of Liability",
    text="Each party's total liability shall not exceed the amounts payable hereunder. The foregoing limitation shall"
    " not apply to gross negligence, willful misconduct or breach of confidentiality.",
    category="Cap On Liability",
    kind="License",
    counterparty="Acme Inc.",
    accepted=False,
)
WAIVER = Clause(
    id="waiver",
    text="In no event shall either party be liable for any indirect, consequential or incidental damages or lost"
    " profits.",
)
INSURANCE = Clause(
    id="insurance",
    text="The Contractor shall maintain commercial general liability insurance with limits of not less than $1,000,000"
    " per occurrence and name the Owner as additional insured.",
    category="Insurance",
)
LAW = Clause(
    id="law", text="This Agreement is governed by the laws of the State of Delaware.", category="Governing Law"
)
INDEMNITY = Clause(
    id="indemnity",
    text="Licensor shall indemnify, defend and hold harmless Licensee against third party claims that the Software"
    " infringes a patent or copyright.",
)
ALL = (CAP, CARVED, WAIVER, INSURANCE, LAW, INDEMNITY)
