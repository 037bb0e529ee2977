"""Where a document goes as far as it alone can say."""

from __future__ import annotations

from typing import Any

import pytest

from bots.invoices.policy import InvoicePolicy
from bots.reading.no_request import asks_for_nothing
from bots.reading.route import judge_alone
from tests.bots.fakes import line, paper, reading
from workitems.items import Doubt, Paper

POLICY = InvoicePolicy()
ENCRYPTED = Doubt(code="encrypted", message="The file is protected by a password.")
SEVERAL = Doubt(code="xml_several", message="The file contains several invoices.")
UNCLEAR = Doubt(code="amount_unclear", message="Thousands or decimals?", field="total")
REMARK = Doubt(code="poor_scan", message="The scan is pale.", severity="warn")

# a paper -> route, codes of the doubts that block
PAPERS: dict[str, tuple[Paper, str, list[str]]] = {
    "an invoice that was read well": (paper(), "straight", []),
    "an invoice without a total": (paper(total=None), "review", ["missing_total"]),
    "an invoice without a supplier": (paper(supplier_name=None), "review", ["missing_supplier_name"]),
    "a number read badly": (paper(number=reading("RE-1", 0.5)), "review", ["unsure_number"]),
    "a total read badly that adds up": (paper(total=reading("51.05", 0.5)), "straight", []),
    "a total that does not add up": (paper(total="50.15"), "review", ["total_arithmetic"]),
    "a wrong VAT id": (paper(vat_id="DE291846308"), "review", ["vat_id_checksum"]),
    "a wrong VAT id in an electronic invoice": (paper(vat_id="DE291846308", source="xml"), "straight", []),
    "a wrong IBAN": (paper(iban="DE45200505501032455878"), "review", ["iban_checksum"]),
    "an amount that is none": (paper(total="12,3,4"), "review", ["invalid_total"]),
    "a credit note": (paper("credit_note"), "straight", []),
    "perhaps an invoice": (paper(kind_confidence=0.5), "review", ["unknown_kind"]),
    "a receipt": (paper("receipt", number=None, order_number=None), "straight", []),
    "a receipt without a date": (paper("receipt", issued_on=None), "review", ["missing_issued_on"]),
    "an order": (paper("order", total=None), "straight", []),
    "a contract": (Paper(kind="contract", kind_confidence=0.9, source="text"), "straight", []),
    "nothing that is known": (Paper(kind="other", kind_confidence=0.9, source="text"), "review", ["no_desk"]),
    "a doubt of the readers": (paper(doubts=(SEVERAL,)), "review", ["xml_several"]),
    "an unclear amount that adds up": (paper(doubts=(UNCLEAR,)), "straight", []),
    "an unclear amount that nothing confirms": (
        paper(net=None, tax=None, doubts=(UNCLEAR,)),
        "review",
        ["amount_unclear"],
    ),
    "a remark of the readers": (paper(doubts=(REMARK,)), "straight", []),
    "nothing could be read": (Paper(kind="other", kind_confidence=0, doubts=(ENCRYPTED,)), "reject", ["encrypted"]),
    "nothing could be read, and nobody says why": (Paper(kind="other", kind_confidence=0), "reject", ["unreadable"]),
    "a line that is wrong": (
        paper(lines=[line(amount="49.20")], net=None, tax=None, total="60.00"),
        "review",
        ["line_arithmetic"],
    ),
}


@pytest.mark.parametrize(("read", "route", "codes"), PAPERS.values(), ids=PAPERS)
def test_a_document_alone_says_where_it_goes_and_why(read: Paper, route: str, codes: list[str]) -> None:
    went, doubts = judge_alone(read, POLICY)
    assert (went, [x.code for x in doubts if x.severity == "block"]) == (route, codes)


def test_thresholds_come_from_the_policy() -> None:
    strict = InvoicePolicy.model_validate({"confidence": {"number": 0.999}})
    assert judge_alone(paper(), strict)[0] == "review"


MAILS: dict[str, tuple[str, str | None, Any, bool]] = {
    "a newsletter": ("New pumps this spring!\nUnsubscribe here", "Our newsletter", (), True),
    "in German": ("Neues aus der Technik. Vom Newsletter abmelden", None, (), True),
    "in French": ("Nos nouveautés. Se désabonner", None, (), True),
    "an automatic answer": ("Ich bin derzeit nicht im Büro.", "Automatische Antwort: Rechnung", (), True),
    "a reminder that offers to unsubscribe": ("Your invoice is overdue. Unsubscribe", None, (), False),
    "with an amount": ("Unsubscribe", None, ("total",), False),
    "a question": ("Wann wird unsere Rechnung bezahlt?", "Frage", (), False),
    "a letter": ("Dear Sirs, we have moved.", None, (), False),
}


@pytest.mark.parametrize(("text", "subject", "fields", "nothing"), MAILS.values(), ids=MAILS)
def test_only_newsletters_and_automatic_answers_ask_for_nothing(
    text: str, subject: str | None, fields: Any, nothing: bool
) -> None:
    assert (asks_for_nothing(text, subject, fields) is not None) is nothing
