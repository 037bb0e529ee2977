"""Who sent it, is it for us, and do the bank details hold."""

from __future__ import annotations

import pytest

from bots.invoices.bank import check_bank
from bots.invoices.draft import draft_from
from bots.invoices.findings import Findings
from bots.invoices.identity import check_buyer, check_vat_id, identify, similarity, vat_id_fault, without_our_marks
from bots.invoices.policy import Company, InvoicePolicy
from connectors import Supplier
from tests.bots.fakes import COMPANY, HANSEN, KESSLER, STRANGE_IBAN, SUPPLIERS, WHITCOMBE, answer, draft, paper

POLICY = InvoicePolicy()
BRANCH = HANSEN.model_copy(update={"id": "70", "name": "Hansen Büro & Papier GmbH, Kiel", "ibans": (STRANGE_IBAN,)})

# fields on the paper (Hansen's unless they say otherwise) -> supplier id, doubts
WHO = {
    "VAT id, IBAN and name": ({}, "7", []),
    "VAT id alone": ({"supplier_name": None, "iban": None}, "7", []),
    "VAT id with blanks and small letters": ({"vat_id": "de 291 846 309", "iban": None}, "7", []),
    "IBAN alone": ({"supplier_name": None, "vat_id": None}, "7", []),
    "name alone, spelt otherwise": ({"supplier_name": "HANSEN BUERO & PAPIER", "vat_id": None, "iban": None}, "7", []),
    "name alone, with an OCR error": (
        {"supplier_name": "Hansen Büro & Papler GmbH", "vat_id": None, "iban": None},
        "7",
        [],
    ),
    "name alone, only similar": (
        {"supplier_name": "Hansen Papier", "vat_id": None, "iban": None},
        None,
        ["unknown_supplier"],
    ),
    "a trade name beside a known VAT id": ({"supplier_name": "Bürowelt Nord"}, "7", ["supplier_name_differs"]),
    "VAT id of one, IBAN of another": ({"iban": KESSLER.ibans[0]}, None, ["supplier_conflict"]),
    "VAT id of one, name of another": ({"supplier_name": KESSLER.name, "iban": None}, None, ["supplier_conflict"]),
    "name known, another sound VAT id": ({"vat_id": "ATU13585627", "iban": None}, "7", ["vat_id_differs"]),
    "name known, a misread VAT id": ({"vat_id": "DE291846308", "iban": None}, "7", []),
    "nobody we know": ({"supplier_name": "Neu & Fein OHG", "vat_id": None, "iban": None}, None, ["unknown_supplier"]),
    "nothing found": ({"supplier_name": None, "vat_id": None, "iban": None}, None, ["missing_supplier_name"]),
}


@pytest.mark.parametrize(("fields", "supplier", "codes"), WHO.values(), ids=WHO)
def test_the_supplier_is_found_by_vat_id_then_iban_then_name(
    fields: dict[str, str | None], supplier: str | None, codes: list[str]
) -> None:
    found = identify(draft(**fields), SUPPLIERS, POLICY)
    assert (found.supplier.id if found.supplier else None) == supplier
    assert [x.code for x in found.findings.doubts] == codes


def test_an_unknown_supplier_comes_with_the_nearest_names() -> None:
    found = identify(draft(supplier_name="Hansen Papier", vat_id=None, iban=None), SUPPLIERS, POLICY)
    assert found.findings.doubts[0].message == (
        "The ERP knows no supplier “Hansen Papier”. The nearest names are Hansen Büro & Papier GmbH."
    )


def test_a_vat_id_in_the_master_data_confirms_the_supplier_whatever_the_readers_confidence() -> None:
    assert {"supplier_name", "vat_id"} <= identify(draft(), SUPPLIERS, POLICY).findings.confirmed


def test_branches_of_one_vat_id_are_told_apart_by_their_iban() -> None:
    branches = (HANSEN, BRANCH)
    assert identify(draft(), branches, POLICY).supplier == HANSEN
    assert identify(draft(iban=STRANGE_IBAN), branches, POLICY).supplier == BRANCH


def test_branches_that_nothing_tells_apart_are_a_doubt() -> None:
    found = identify(draft(iban=None, supplier_name=None), (HANSEN, BRANCH), POLICY)
    assert [x.code for x in found.findings.doubts] == ["supplier_ambiguous"]


def test_a_person_chooses_the_supplier_by_its_id_in_the_erp() -> None:
    chosen = draft_from(paper(vat_id=None, iban=None, supplier_name="Bürowelt"), [answer("supplier_id", "7")])
    assert identify(chosen, SUPPLIERS, POLICY).supplier == HANSEN
    wrong = draft_from(paper(), [answer("supplier_id", "4711")])
    assert [x.code for x in identify(wrong, SUPPLIERS, POLICY).findings.doubts] == ["unknown_supplier"]


def test_a_supplier_that_is_no_longer_active_is_a_doubt() -> None:
    gone = HANSEN.model_copy(update={"active": False})
    assert [x.code for x in identify(draft(), (gone,), POLICY).findings.doubts] == ["supplier_inactive"]


def test_our_own_vat_id_is_not_taken_for_the_suppliers() -> None:
    ours = without_our_marks(draft(vat_id="DE 813620474"), COMPANY)
    assert ours.vat_id is None
    assert "vat_id" not in ours.readings
    assert not identify(ours, SUPPLIERS, POLICY).findings.doubts
    assert without_our_marks(draft(), COMPANY) == draft()


# legal forms, umlauts, punctuation and the order of words do not tell companies apart; other words do
NAMES = {
    "umlauts spelt out": ("Müller Söhne GmbH", "Mueller Soehne GmbH", True),
    "legal forms": ("Luxtrans Logistics S.à r.l.", "LUXTRANS LOGISTICS SARL", True),
    "and, und, &": ("Sauber & Söhne GmbH", "Sauber und Söhne", True),
    "order of words": ("Papier Hansen Büro", "Hansen Büro Papier", True),
    "only a legal form in common": ("Alpha GmbH", "Omega GmbH", False),
    "another town": ("Stadtwerke Trier", "Stadtwerke Bonn", False),
}


@pytest.mark.parametrize(("one", "other", "same"), NAMES.values(), ids=NAMES)
def test_names_are_compared_without_what_does_not_matter(one: str, other: str, same: bool) -> None:
    assert (similarity(one, other) >= POLICY.name_match) is same


VAT_IDS = {
    "German": ("DE136695976", False),
    "German, wrong check digit": ("DE136695975", True),
    "French": ("FR40303265045", False),
    "Greek under its own prefix": ("EL094259216", False),
    "British": ("GB980780684", False),
    "Swiss": ("CHE107787577IVA", False),
    "too short": ("DE1366", True),
    "of a country whose rule is unknown": ("XX123", False),
    "a national tax number, no VAT id": ("4672801553", False),
}


@pytest.mark.parametrize(("vat_id", "wrong"), VAT_IDS.values(), ids=VAT_IDS)
def test_check_digits_of_vat_ids(vat_id: str, wrong: bool) -> None:
    assert (vat_id_fault(vat_id) is not None) is wrong


def test_a_wrong_vat_id_is_shown_beside_that_of_the_master_data() -> None:
    found = check_vat_id(draft(vat_id="DE291846308"), HANSEN)
    assert "The ERP has DE291846309 for Hansen" in found.doubts[0].message


BUYERS = {
    "our legal name": ("Moselbrück Apparatebau GmbH", True),
    "with a department": ("Moselbrück Apparatebau GmbH, Einkauf", True),
    "as OCR reads it": ("MOSELBRUCK APPARATEBAU GMBH", True),
    "somebody else": ("Saarland Pumpen AG", False),
    "half of our name": ("Apparatebau Schmidt GmbH", False),
}


@pytest.mark.parametrize(("name", "ours"), BUYERS.values(), ids=BUYERS)
def test_the_invoice_must_be_addressed_to_us(name: str, ours: bool) -> None:
    found = check_buyer(draft(buyer_name=name), COMPANY)
    assert ("buyer_name" in found.confirmed, [x.code for x in found.doubts]) == (ours, [] if ours else ["other_buyer"])


def test_a_buyer_that_was_not_found_is_no_doubt() -> None:
    assert check_buyer(draft(buyer_name=None), COMPANY) == Findings()


def bank(supplier: Supplier | None = HANSEN, policy: InvoicePolicy = POLICY, **fields: object) -> Findings:
    return check_bank(draft(**fields), supplier, SUPPLIERS, COMPANY, policy)  # type: ignore[arg-type]


# the paper's IBAN -> doubts
IBANS = {
    "the one on file": ({}, []),
    "the one on file, in groups": ({"iban": "DE45 2005 0550 1032 4558 73"}, []),
    "none": ({"iban": None}, []),
    "our own, on a direct debit": ({"iban": COMPANY.ibans[0]}, []),
    "another": ({"iban": STRANGE_IBAN}, ["bank_details_changed"]),
    "that of another supplier": ({"iban": KESSLER.ibans[0]}, ["bank_details_of_other_supplier"]),
    "misread": ({"iban": "DE45200505501032455878"}, ["iban_checksum"]),
    "two, one of them unknown": ({"iban": f'["{HANSEN.ibans[0]}", "{STRANGE_IBAN}"]'}, ["bank_details_changed"]),
}


@pytest.mark.parametrize(("fields", "codes"), IBANS.values(), ids=IBANS)
def test_an_iban_must_be_in_the_suppliers_master_data(fields: dict[str, str | None], codes: list[str]) -> None:
    assert [x.code for x in bank(**fields).doubts] == codes


def test_a_misread_iban_is_shown_beside_the_one_on_file() -> None:
    assert (
        "looks like the DE45 2005 0550 1032 4558 73 of Hansen" in bank(iban="DE45200505501032455878").doubts[0].message
    )


def test_a_supplier_without_bank_account_is_a_question_of_policy() -> None:
    assert [x.code for x in bank(WHITCOMBE, iban=STRANGE_IBAN).doubts] == ["bank_details_new"]
    assert not bank(WHITCOMBE, InvoicePolicy(iban_not_on_file="ignore"), iban=STRANGE_IBAN).doubts


@pytest.mark.parametrize("said", [HANSEN.ibans[0], "", KESSLER.ibans[0], STRANGE_IBAN])
def test_no_answer_hides_a_changed_iban(said: str) -> None:
    fraud = draft_from(paper(iban=STRANGE_IBAN), [answer("iban", said), answer("confirm", "bank_details_changed")])
    found = check_bank(fraud, HANSEN, SUPPLIERS, COMPANY, POLICY)
    assert "bank_details_changed" in [x.code for x in found.blocking]


def test_a_changed_iban_clears_once_the_erp_has_it() -> None:
    told = HANSEN.model_copy(update={"ibans": (*HANSEN.ibans, STRANGE_IBAN)})
    assert not check_bank(draft(iban=STRANGE_IBAN), told, (told,), COMPANY, POLICY).doubts


@pytest.mark.parametrize(("said", "codes"), [(HANSEN.ibans[0], []), ("", []), (STRANGE_IBAN, ["bank_details_changed"])])
def test_a_misread_iban_may_be_put_right_but_not_by_one_that_nobody_knows(said: str, codes: list[str]) -> None:
    misread = draft_from(paper(iban="DE45200505501032455878"), [answer("iban", said)])
    assert [x.code for x in check_bank(misread, HANSEN, SUPPLIERS, COMPANY, POLICY).doubts] == codes


def test_a_company_that_names_no_accounts_of_its_own_is_checked_all_the_same() -> None:
    nobody = Company(names=())
    assert [x.code for x in check_bank(draft(iban=STRANGE_IBAN), HANSEN, SUPPLIERS, nobody, POLICY).doubts]
    assert not check_buyer(draft(), nobody).doubts
