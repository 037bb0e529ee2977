"""Contracts in the register: once each, whatever dies; amendments, twins, precedents, reminders and letters."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from bots.contracts.dossier import terms_in
from bots.contracts.intake import ContractDesk
from bots.contracts.judging import ContractOffice, judge
from bots.contracts.nouns import ContractItem, Reminder
from bots.contracts.register_book import Registered, register_book
from bots.contracts.register_contracts import handle
from bots.contracts.remind_people import handle as remind
from bots.contracts.watch_contracts import reminders
from tests.bots.contracts.conftest import RENEWAL, THEM, US, USUAL, WorkOf, item, office_in, paper, said
from workitems.dossiers import By
from workitems.items import Answer, Clause, Document, DocumentItem, Doubt, Mail, Paper
from workitems.work import Outcome, Work


def registered(office: ContractOffice, work: WorkOf, of: Paper, number: int = 1, **more: Any) -> Outcome:
    return handle(work(item(of, number=number, **more), f"w{number}"), office)


def codes(outcome: Outcome) -> list[str]:
    return [d.code for d in outcome.item.doubts if d.severity == "block"]


def test_a_contract_without_risk_is_registered_with_its_dates_and_clauses(desk: ContractOffice, work: WorkOf) -> None:
    outcome = registered(desk, work, paper())
    assert (outcome.item.route, outcome.item.ended) == ("straight", "registered")
    (dossier,) = desk.register.all()
    assert terms_in(dossier).expires_on == date(2028, 12, 31)
    assert {c["category"] for c in dossier.body["clauses"]} == set(USUAL)
    assert outcome.decision is not None
    assert outcome.decision.models["playbook"] == desk.playbook.version


def test_a_contract_that_comes_again_after_a_kill_is_registered_once(desk: ContractOffice, work: WorkOf) -> None:
    class Killed(Exception):
        pass

    class DiesAtTheEnd:
        def __getattr__(self, name: str) -> Any:
            return getattr(desk.effects, name)

        def finish_effect(self, key: str, result: dict[str, Any]) -> None:
            raise Killed

    with pytest.raises(Killed):
        registered(replace(desk, effects=DiesAtTheEnd()), work, paper())
    assert registered(desk, work, paper()).item.ended == "registered"
    assert registered(desk, work, paper()).item.ended == "registered"
    assert len(desk.register.all()) == 1
    assert len(desk.precedents.similar(USUAL["Anti-Assignment"], "Anti-Assignment")) == 1


def test_the_same_contract_in_a_second_mail_goes_to_a_person(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper())
    assert codes(registered(desk, work, paper(), number=2)) == ["already_registered"]
    assert codes(registered(desk, work, paper(title="Lease of a Hall", effective_date="2026-02-01"), number=3)) == []


def test_an_amendment_changes_the_end_of_its_contract_once(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper())
    amendment = paper(
        {}, title="Amendment No. 1 to Services Agreement", effective_date="2026-06-01", expires_on="2030-12-31"
    )
    for _ in range(2):
        assert registered(desk, work, amendment, number=2).item.ended == "registered"
    (dossier,) = desk.register.all()
    assert terms_in(dossier).expires_on == date(2030, 12, 31)
    assert [a["document_id"] for a in dossier.body["amendments"]] == ["doc2"]


def test_an_amendment_of_nothing_that_is_known_goes_to_a_person(desk: ContractOffice, work: WorkOf) -> None:
    assert codes(registered(desk, work, paper({}, title="First Amendment"))) == ["amendment_alone"]


def test_a_registered_clause_is_a_precedent_for_the_next_contract(desk: ContractOffice, work: WorkOf) -> None:
    fee = "Supplier may raise the fees by no more than three percent (3%) in each calendar year."
    registered(desk, work, paper(USUAL | {"Price Restrictions": fee}))
    other = {"parties": f'["{US}", "Nordwind Spedition AG"]', "title": "Freight Agreement"}
    same = paper(USUAL | {"Price Restrictions": fee.replace("3%", "3 %").upper()}, **other)
    assert [r.code for r in judge(same, (), (), desk).risks if r.code.startswith("deviation")] == []
    edited = paper(USUAL | {"Price Restrictions": fee.replace("three percent (3%)", "nine percent (9%)")}, **other)
    assert "deviation_number" in [d.code for d in judge(edited, (), (), desk).blocking]


def test_what_was_refused_is_known_again(desk: ContractOffice, work: WorkOf) -> None:
    fee = "Supplier may raise the fees at any time without notice."
    answers: tuple[Answer, ...] = (said("refuse:Price Restrictions", "No price may be open."),)
    assert codes(registered(desk, work, paper(USUAL | {"Price Restrictions": fee}), answers=answers)) == ["refused"]
    verdict = judge(paper(USUAL | {"Price Restrictions": fee}, title="Another"), (), (), desk)
    assert "refused_before" in [d.code for d in verdict.blocking]
    assert "No price may be open" in verdict.blocking[0].message


def due_in(days: int) -> dict[str, str]:
    """A contract whose notice of 90 days is due in so many days."""
    end = date(2026, 11, 16) + timedelta(days=days + 90)
    return {"expires_on": end.isoformat(), "notice_period": "90 days", "renewal_term": "12 months"}


def test_a_notice_deadline_is_reminded_of_once_and_again_when_it_is_near(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper(USUAL | {"Renewal Term": RENEWAL}, **due_in(25)))
    first = reminders("p1", desk)
    assert [r.item.what for r in first if isinstance(r.item, Reminder)] == ["notice"]
    assert reminders("p1", desk) == []
    desk.effects.confirm_mails("p1")  # type: ignore[attr-defined] - the producer's item was released
    assert reminders("p2", desk) == []
    later = replace(desk, today=lambda: date(2026, 11, 16) + timedelta(days=20))
    assert len(reminders("p3", later)) == 1


def test_a_reminder_of_a_producer_that_was_killed_is_raised_by_the_next(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper(USUAL | {"Renewal Term": RENEWAL}, **due_in(25)))
    assert len(reminders("p1", desk)) == 1
    desk.effects.drop_mails("p1")  # type: ignore[attr-defined] - the attempt never existed
    assert len(reminders("p2", desk)) == 1


def test_a_reminder_carries_a_calendar_entry_and_waits_until_a_person_takes_note(
    desk: ContractOffice, work: WorkOf
) -> None:
    registered(desk, work, paper(expires_on="2026-11-30"))
    (output,) = reminders("p1", desk)
    ((name, content),) = output.attach.items()
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert name == "expiry-2026-11-30.ics"
    assert event.decoded("dtstart") == date(2026, 11, 30)
    assert THEM in str(event["summary"])
    waiting = remind(work(output.item))
    assert codes(waiting) == ["expiry_due"]
    noted = waiting.item.model_copy(update={"answers": (said("confirm", "expiry_due"),)})
    assert remind(work(noted)).item.ended == "noted"  # type: ignore[arg-type]


def test_a_contract_that_renewed_itself_is_told_and_watched_for_its_new_end(desk: ContractOffice, work: WorkOf) -> None:
    of = paper(
        USUAL | {"Renewal Term": RENEWAL}, expires_on="2026-12-01", notice_period="90 days", renewal_term="1 year"
    )
    registered(desk, work, of)
    later = replace(desk, today=lambda: date(2026, 12, 10))
    (output,) = reminders("p1", later)
    assert isinstance(output.item, Reminder)
    assert (output.item.what, output.item.due_on) == ("renewal", date(2026, 12, 1))
    assert "2027-12-01" in output.item.sentence


def letter(text: str, subject: str = "Your agreement", sender: str = "legal@hansen.example") -> ContractItem:
    mail = Mail(mailbox="m", message_key="k", subject=subject, sender=sender)
    about = Document(sha256="c" * 64, filename="mail.txt", media_type="text/plain", mail=mail, id="doc9")
    return ContractItem(document=about, about="letter", letter=text)


LETTER = """Dear Ms Berger,

we write about the Services Agreement between our companies. We intend to assign the agreement to our affiliate
Hansen Contract Logistics GmbH with effect from 1 March 2027. Please confirm your consent by 15 December 2026.
The weather in Hamburg has been fine.

Kind regards
Hansen Logistics Inc.
"""


def test_a_letter_gets_the_clause_that_it_is_about_and_a_short_summary(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper(USUAL | {"Renewal Term": RENEWAL}))
    registered(desk, work, paper(title="Freight", parties=f'["{US}", "Nordwind Spedition AG"]'), number=2)
    answered = handle(work(letter(LETTER)), desk).item
    assert isinstance(answered, ContractItem)
    assert [d.code for d in answered.doubts] == ["contract_letter"]
    assert answered.excerpts[0].category == "Anti-Assignment"
    assert answered.excerpts[0].text == USUAL["Anti-Assignment"]
    assert any("consent" in sentence for sentence in answered.summary)
    assert not any("weather" in sentence for sentence in answered.summary)
    done = answered.model_copy(update={"answers": (said("confirm", "contract_letter"),)})
    assert handle(work(done), desk).item.ended == "answered"


def test_a_letter_gets_no_words_that_only_might_be_such_a_clause(desk: ContractOffice, work: WorkOf) -> None:
    """Of every category the readers name their best guess; legal would answer with the wrong words."""
    registered(desk, work, paper(USUAL))
    (dossier,) = desk.register.all()
    guess = Clause(
        category="Price Restrictions", start=0, end=4, page=1, text=USUAL["Cap On Liability"], confidence=0.02
    )
    body = dossier.body | {"clauses": [*dossier.body["clauses"], guess.model_dump(mode="json")]}
    desk.register.save(dossier, body, "active", By("item1", "register_contracts", "registered"))
    answered = handle(work(letter(LETTER + "All prices and discounts stay as they are.")), desk).item
    assert isinstance(answered, ContractItem)
    assert [e.category for e in answered.excerpts][:1] == ["Anti-Assignment"]
    assert "Price Restrictions" not in [e.category for e in answered.excerpts]


def test_a_letter_that_quotes_a_clause_finds_its_contract_without_names(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper(USUAL | {"Renewal Term": RENEWAL}))
    text = f"Your contract says:\n\n{RENEWAL}\n\nWe therefore ask whether you will renew it."
    answered = handle(work(letter(text, sender="info@elsewhere.example")), desk).item
    assert isinstance(answered, ContractItem)
    assert answered.excerpts[0].category == "Renewal Term"


def test_a_letter_about_no_known_contract_goes_to_a_person_all_the_same(desk: ContractOffice, work: WorkOf) -> None:
    assert codes(handle(work(letter("Please send us the contract.", sender="x@y.example")), desk)) == ["letter_unclear"]


def test_the_register_links_to_page_and_clause_and_runs_no_formula(desk: ContractOffice, work: WorkOf) -> None:
    registered(desk, work, paper(title="=1+1"))
    (dossier,) = desk.register.all()
    guess = Clause(category="Insurance", start=0, end=4, page=1, text="None", confidence=0.4, probability=0.2)
    row = Registered(
        dossier=dossier.id,
        terms=terms_in(dossier),
        document="contract.pdf",
        path=f"{dossier.id}/contract 1.pdf",
        clauses=(*map(Clause.model_validate, dossier.body["clauses"]), guess),
    )
    book = openpyxl.load_workbook(io.BytesIO(register_book([row])))
    contracts, clauses = book["Contracts"], book["Clauses"]
    assert (contracts["A2"].value, contracts["A2"].data_type) == ("=1+1", "s")
    assert contracts["N2"].hyperlink.location == "Clauses!A2"
    assert {clauses.cell(row, 2).value for row in range(2, clauses.max_row + 1)} == set(USUAL)
    assert clauses["C2"].hyperlink.target == f"{dossier.id}/contract%201.pdf#page={clauses['C2'].value}"


def test_a_file_of_several_contracts_waits_to_be_split_before_it_is_one(tmp_path: Path) -> None:
    told = Doubt(code="several_documents", message="The file seems to hold 2 documents.", field="split")
    read = paper().model_copy(update={"doubts": (told,)})
    of = DocumentItem(document=item(paper()).document, paper=read)
    work = Work("w1", of.model_dump(mode="json"), None, tmp_path)  # type: ignore[arg-type]
    outcome = ContractDesk(office_in(tmp_path)[0].register).handle(work, of)
    assert (outcome.item.route, outcome.outputs) == ("review", ())
    assert [d.code for d in outcome.item.doubts] == ["several_documents"]
