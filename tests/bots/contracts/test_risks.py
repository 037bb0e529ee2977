"""What the playbook says of a contract: each code by the smallest contract that has it."""

from __future__ import annotations

import pytest

from bots.contracts.judging import ContractOffice, judge
from bots.contracts.playbook_nouns import Side
from tests.bots.contracts.conftest import RENEWAL, US, USUAL, paper, said
from workitems.items import Doubt, Paper


def codes(of: Paper, office: ContractOffice) -> list[str]:
    return [d.code for d in judge(of, (), (), office).blocking]


def told(of: Paper, office: ContractOffice) -> set[str]:
    return {d.code for d in judge(of, (), (), office).doubts}


def test_a_contract_in_the_approved_words_carries_no_risk(office: ContractOffice) -> None:
    verdict = judge(paper(), (), (), office)
    assert verdict.doubts == ()
    assert verdict.expected_loss == 0


def test_a_guess_that_an_approved_cap_goes_on_is_no_liability_beyond_it(office: ContractOffice) -> None:
    usual = paper()
    cap = next(c for c in usual.clauses if c.category == "Cap On Liability")
    sure = cap.model_copy(update={"category": "Uncapped Liability", "confidence": 0.9})
    longer = {"end": cap.end + 60, "text": cap.text + " Neither party may assign this Agreement.", "confidence": 0.3}
    guess = sure.model_copy(update=longer)
    both = usual.model_copy(update={"clauses": (*usual.clauses, sure, guess)})
    assert codes(both, office) == []
    says_so = guess.model_copy(update={"text": cap.text + " Liability for data loss is unlimited."})
    both = usual.model_copy(update={"clauses": (*usual.clauses, sure, says_so)})
    assert codes(both, office) == ["uncapped_liability"]


ADDED = [
    (
        "Most Favored Nation",
        "Supplier shall grant Customer the lowest prices that it grants to anybody.",
        "most_favoured_nation",
    ),
    ("Exclusivity", "Customer shall buy all products exclusively from Supplier.", "exclusivity"),
    ("Non-Compete", "Customer shall not compete with Supplier for two years.", "non_compete"),
    ("Change Of Control", "Supplier may terminate upon a change of control of Customer.", "change_of_control"),
    ("Uncapped Liability", "Nothing limits the liability of Customer for indemnification.", "uncapped_liability"),
    ("Minimum Commitment", "Customer shall purchase at least 10,000 units each year.", "forbidden_clause"),
    ("Rofr/Rofo/Rofn", "Supplier has a right of first refusal.", "forbidden_clause"),
]


@pytest.mark.parametrize(("category", "text", "code"), ADDED, ids=[a[0] for a in ADDED])
def test_a_clause_that_is_forbidden_goes_to_a_person_with_its_page(
    category: str, text: str, code: str, office: ContractOffice
) -> None:
    verdict = judge(paper(USUAL | {category: text}), (), (), office)
    assert [d.code for d in verdict.blocking] == [code]
    (risk,) = (r for r in verdict.risks if r.code == code)
    assert (risk.page, risk.text) == (5, text)
    assert "(page 5)" in risk.message


@pytest.mark.parametrize(
    ("category", "code"),
    [("Governing Law", "missing_governing_law"), ("Cap On Liability", "uncapped_liability")],
)
def test_a_clause_that_is_required_and_missing_goes_to_a_person(
    category: str, code: str, office: ContractOffice
) -> None:
    left = {name: text for name, text in USUAL.items() if name != category}
    assert codes(paper(left, governing_law="" if category == "Governing Law" else "England"), office) == [code]


def measured(of: Paper, **probability: float) -> Paper:
    """The paper whose readers know how probable a category's clause is; its confidence stays what it was."""
    told = {name.replace("_", " "): p for name, p in probability.items()}
    clauses = (c.model_copy(update={"probability": told.get(c.category)}) for c in of.clauses)
    return of.model_copy(update={"clauses": tuple(clauses)})


def test_a_risk_is_as_probable_as_its_clause_and_not_as_the_confidence_that_decides(office: ContractOffice) -> None:
    of = paper(USUAL | {"Exclusivity": "Customer shall buy all products exclusively from Supplier."}, confidence=0.6)
    by_confidence, by_probability = (
        next(r for r in judge(each, (), (), office).risks if r.code == "exclusivity")
        for each in (of, measured(of, Exclusivity=0.3))
    )
    assert by_probability.probability == pytest.approx(by_confidence.probability / 2)
    assert [r.message.startswith("Perhaps: ") for r in (by_confidence, by_probability)] == [False, True]


def test_a_missing_clause_is_as_probable_as_that_there_is_none(office: ContractOffice) -> None:
    guess = measured(paper(USUAL | {"Cap On Liability": "Fees are limited."}, confidence=0.45), Cap_On_Liability=0.2)
    none = paper({n: t for n, t in USUAL.items() if n != "Cap On Liability"})
    perhaps, whole = (
        next(r.probability for r in judge(of, (), (), office).risks if r.code == "uncapped_liability")
        for of in (guess, none)
    )
    assert perhaps == pytest.approx(0.8 * whole)


def test_the_same_clause_weighs_by_kind_and_side(office: ContractOffice) -> None:
    assigned = USUAL | {"Ip Ownership Assignment": "Developer assigns all rights in the work product to Customer."}
    assert codes(paper(assigned, side="buyer"), office) == []
    assert codes(paper(assigned, side="seller"), office) == ["ip_assignment"]
    lease = {name: text for name, text in USUAL.items() if name != "Cap On Liability"}
    assert codes(paper(lease, contract_type="Lease"), office) == []


def test_a_renewal_that_works_by_itself_is_told_and_one_by_consent_is_not(office: ContractOffice) -> None:
    verdict = judge(paper(USUAL | {"Renewal Term": "It renews automatically for one year."}), (), (), office)
    assert [d.code for d in verdict.doubts] == ["auto_renewal"]
    assert verdict.blocking == ()
    agreed = "The parties may renew this Agreement by mutual written agreement."
    assert told(paper(USUAL | {"Renewal Term": agreed}), office) == set()


LIMITS = [
    (
        "Cap On Liability",
        "Liability of Supplier is limited to fifty percent (50%) of the fees paid in a year.",
        "liability_cap_low",
    ),
    ("Audit Rights", "Supplier may audit the books of Customer at any time.", "unlimited_audit"),
    (
        "Notice Period To Terminate Renewal",
        "Notice must be given one hundred eighty (180) days before.",
        "notice_too_long",
    ),
]


@pytest.mark.parametrize(("category", "text", "code"), LIMITS, ids=[row[2] for row in LIMITS])
def test_numbers_beyond_a_limit_are_told(category: str, text: str, code: str, office: ContractOffice) -> None:
    assert code in told(paper(USUAL | {category: text}), office)


def test_a_cap_of_what_was_paid_keeps_the_limit(office: ContractOffice) -> None:
    cap = "Neither party's liability shall exceed the amounts paid in the preceding twelve months."
    assert "liability_cap_low" not in told(paper(USUAL | {"Cap On Liability": cap}), office)


def test_one_changed_number_in_an_approved_clause_goes_to_a_person(office: ContractOffice) -> None:
    changed = USUAL["Cap On Liability"].replace("one hundred percent (100%)", "ten percent (10%)")
    verdict = judge(paper(USUAL | {"Cap On Liability": changed}), (), (), office)
    assert {d.code for d in verdict.blocking} == {"deviation_number", "liability_cap_low"}
    risk = next(r for r in verdict.risks if r.code == "deviation_number")
    assert risk.approved == USUAL["Cap On Liability"]
    assert "ten percent" in risk.message


def test_each_of_several_changes_in_a_clause_is_told_once(office: ContractOffice) -> None:
    changed = USUAL["Cap On Liability"].replace("one hundred percent (100%)", "ten percent (10%)")
    changed = changed.replace("twelve (12) months", "six (6) months")
    found = judge(paper(USUAL | {"Cap On Liability": changed}), (), (), office).risks
    assert sum(r.code == "deviation_number" for r in found) == 2


def test_a_foreign_law_goes_to_a_person(office: ContractOffice) -> None:
    law = USUAL | {"Governing Law": "This Agreement is governed by the laws of Bermuda."}
    assert "foreign_law" in codes(paper(law, governing_law="Bermuda"), office)


def test_words_that_are_blacked_out_are_told(office: ContractOffice) -> None:
    dark = USUAL | {"Cap On Liability": "The liability of either party shall not exceed [***] of the fees."}
    assert "redacted" in told(paper(dark), office)


def test_a_missing_signature_or_annex_that_the_readers_saw_is_a_risk(office: ContractOffice) -> None:
    unsigned = paper().model_copy(update={"doubts": (Doubt(code="missing_signature", message="It is not signed."),)})
    verdict = judge(unsigned, (), (), office)
    assert [d.code for d in verdict.blocking] == ["missing_signature"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"parties": ""}, "missing_parties"),
        ({"parties": '["Acme Inc.", "Globex Ltd"]'}, "not_our_contract"),
        ({"effective_date": ""}, "missing_date"),
        ({"expires_on": "2025-12-31"}, "dates_disagree"),
        ({"expires_on": "soon"}, "bad_answer"),
    ],
)
def test_terms_that_cannot_be_right_go_to_a_person(fields: dict[str, str], code: str, office: ContractOffice) -> None:
    assert code in codes(paper(**fields), office)


def test_a_contract_in_another_language_goes_to_a_person(office: ContractOffice) -> None:
    assert "foreign_language" in codes(paper().model_copy(update={"language": "de"}), office)


def test_many_small_risks_together_are_one_too_many(office: ContractOffice) -> None:
    small = {"Anti-Assignment": "Customer may not assign this Agreement.", "Renewal Term": "It renews automatically."}
    small |= {"Third Party Beneficiary": "Affiliates are third party beneficiaries.", "Insurance": "Insurance is kept."}
    small |= {"No-Solicit Of Employees": "Customer may not hire staff of Supplier."}
    cheap = judge(paper(USUAL | small), (), (), office)
    assert cheap.blocking == ()
    policy = office.house.policy.model_copy(update={"loss_accepted": 500})
    house = type(office.house)(office.house.names, office.house.country, policy)
    strict = judge(paper(USUAL | small), (), (), type(office)(**{**vars(office), "house": house}))
    assert len(strict.blocking) >= 1
    left = sum(r.loss for r in strict.risks if r.severity == "warn")
    assert left <= 500


def test_what_a_person_accepted_word_for_word_blocks_no_more(office: ContractOffice) -> None:
    of = paper(USUAL | {"Exclusivity": "Customer shall buy exclusively from Supplier."})
    first = judge(of, (), (), office)
    again = judge(of, (said("confirm", "exclusivity"),), first.doubts, office)
    assert again.blocking == ()
    assert again.accepted == ("accepted:exclusivity:anna",)
    worse = paper(USUAL | {"Exclusivity": "Customer shall buy all it needs from Supplier."}, confidence=0.7)
    other = worse.model_copy(
        update={"pages": 9, "clauses": tuple(c.model_copy(update={"page": 9}) for c in worse.clauses)}
    )
    assert "exclusivity" in {
        d.code for d in judge(other, (said("confirm", "exclusivity"),), first.doubts, office).blocking
    }


def test_a_person_may_say_that_there_is_no_such_clause_or_what_it_says(office: ContractOffice) -> None:
    of = paper(USUAL | {"Exclusivity": "Customer shall buy exclusively from Supplier."})
    assert judge(of, (said("clause:Exclusivity", ""),), (), office).blocking == ()
    left = {name: text for name, text in USUAL.items() if name != "Cap On Liability"}
    assert judge(paper(left), (said("clause:Cap On Liability", USUAL["Cap On Liability"]),), (), office).blocking == ()


def test_a_refused_clause_keeps_the_contract(office: ContractOffice) -> None:
    verdict = judge(paper(), (said("refuse:Anti-Assignment", "We sell the division next year."),), (), office)
    assert [d.code for d in verdict.blocking] == ["refused"]


@pytest.mark.parametrize(
    ("roles", "side"),
    [
        (f'{US} (the "Customer") and Hansen Logistics Inc. (the "Supplier")', "buyer"),
        (f'Hansen Logistics Inc. ("Licensee") and {US} ("Licensor")', "seller"),
        (f'{US} and Hansen Logistics Inc. (the "Distributor")', "seller"),
        (f"{US} and Hansen Logistics Inc.", "buyer"),
    ],
)
def test_the_side_follows_from_the_roles_that_the_contract_defines(
    roles: str, side: Side, office: ContractOffice
) -> None:
    assert judge(paper(USUAL | {"Parties": roles}), (), (), office).terms.side == side


def test_the_notice_deadline_is_the_working_day_before(office: ContractOffice) -> None:
    of = paper(
        USUAL | {"Renewal Term": RENEWAL}, expires_on="2027-05-31", notice_period="90 days", renewal_term="12 months"
    )
    terms = judge(of, (), (), office).terms
    assert terms.notice_deadline is not None
    assert terms.notice_deadline.isoformat() == "2027-03-02"  # a Tuesday
    shifted = judge(of.model_copy(), (said("notice_period", "3 months"),), (), office).terms.notice_deadline
    assert shifted is not None
    assert shifted.isoformat() == "2027-02-26"  # 28 February is a Sunday
    assert terms.renews
