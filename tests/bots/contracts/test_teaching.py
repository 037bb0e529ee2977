"""Every answer at the contract desk teaches: what somebody said, accepted by a click, or passed over."""

from __future__ import annotations

import json

from bots.contracts.judging import ContractOffice
from bots.contracts.nouns import ContractItem
from bots.contracts.register_contracts import handle
from bots.contracts.teaching import CLICKED, NONE, PASSED, row_of
from tests.bots.contracts.conftest import THEM, US, USUAL, WorkOf, item, paper, said
from workitems.items import Answer

EXCLUSIVE = "The customer shall buy the goods from the supplier alone during the term."


def ended(desk: ContractOffice, work: WorkOf, *answers: Answer, **clauses: str) -> ContractItem:
    """A contract that was shown to a person, answered, and checked again."""
    of = item(paper(USUAL | clauses))

    first = handle(work(of), desk).item
    assert isinstance(first, ContractItem)
    done = handle(work(first.model_copy(update={"answers": answers})), desk).item
    assert isinstance(done, ContractItem)
    return done


def test_what_was_said_counts_whole_and_what_was_passed_over_a_little(desk: ContractOffice, work: WorkOf) -> None:
    parties = said("parties", f"{US}; Hansen Logistics Incorporated")
    done = ended(desk, work, parties, said("notice_period", "90 days"), said("clause:Anti-Assignment", ""))
    row = row_of(done.model_copy(update={"ended": "registered"}), "i1", 0.5)
    assert row is not None
    assert json.loads(row.truth["parties"]) == [US, "Hansen Logistics Incorporated"]
    assert (row.truth["notice_period"], row.weight_of("notice_period")) == ("90 days", 1.0)
    assert (row.truth["clause:Anti-Assignment"], row.weight_of("clause:Anti-Assignment")) == (NONE, 1.0)
    assert (row.truth["clause:Cap On Liability"], row.weight_of("clause:Cap On Liability")) == (
        USUAL["Cap On Liability"],
        PASSED,
    )
    assert row.weight_of("contract_type") == PASSED


def test_an_accepted_risk_says_that_the_clause_is_there_and_a_refused_clause_too(
    desk: ContractOffice, work: WorkOf
) -> None:
    done = ended(desk, work, said("confirm", "exclusivity"), Exclusivity=EXCLUSIVE)
    row = row_of(done, "i1", 0.5)
    assert row is not None
    assert row.truth["clause:Exclusivity"] == EXCLUSIVE
    assert row.weight_of("clause:Exclusivity") == CLICKED
    refused = ended(desk, work, said("refuse:Exclusivity", "never"), Exclusivity=EXCLUSIVE)
    assert refused.ended is None
    row = row_of(refused, "i1", 0.5)
    assert row is not None
    assert (row.truth, row.weights) == ({"clause:Exclusivity": EXCLUSIVE}, {})


def test_that_a_clause_is_missing_and_that_is_accepted_says_that_there_is_none(
    desk: ContractOffice, work: WorkOf
) -> None:
    of = item(paper({name: text for name, text in USUAL.items() if name != "Anti-Assignment"}, governing_law=""))
    del_law = of.paper.model_copy(update={"clauses": of.paper.clauses[1:]}) if of.paper else None

    first = handle(work(of.model_copy(update={"paper": del_law})), desk).item
    assert isinstance(first, ContractItem)
    codes = [d.code for d in first.doubts if d.code.startswith("missing")]
    answers = tuple(said("confirm", code) for code in codes)
    row = row_of(first.model_copy(update={"answers": answers}), "i1", 0.5)
    assert row is not None
    assert "clause:Governing Law" in row.truth
    assert set(row.truth.values()) == {NONE}


def test_contracts_that_nobody_looked_at_and_letters_teach_nothing(desk: ContractOffice, work: WorkOf) -> None:
    assert row_of(ended(desk, work), "i1", 0.5) is None
    letter = ended(desk, work, said("parties", THEM)).model_copy(update={"about": "letter"})
    assert row_of(letter, "i1", 0.5) is None


def test_contracts_of_one_counterparty_are_one_group(desk: ContractOffice, work: WorkOf) -> None:
    rows = [row_of(ended(desk, work, said("term", f"{n} years")), f"i{n}", 0.5) for n in (1, 2)]
    assert rows[0]
    assert rows[1]
    assert rows[0].group == rows[1].group == "party:" + rows[0].group.removeprefix("party:")
