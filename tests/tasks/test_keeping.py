"""What `run.py retain` does about people and contracts: pictures go after the check, dossiers at their time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.contracts.policy import ContractPolicy
from bots.joiners import file_joiners
from bots.joiners.judging import HrFacts, judge
from bots.joiners.nouns import JoinerPaper
from extractors.precedents import Clause, Precedents
from tasks.contract_keeping import keep_contracts
from tasks.joiner_keeping import keep_joiners
from tests.bots.joiners.conftest import CONTRACT, IDENTITY, POLICY, TODAY, Around
from workitems.dossiers import By, Dossiers
from workitems.items import Decision, Document, DocumentItem, Item
from workitems.ledger import Ledger
from workitems.reservations import Ending
from workitems.store import Store

NUMBER, NAME, PICTURE = IDENTITY["document_number"], "passport anna.jpg", b"P<D<<KERN<<ANNA" * 100
CHECKED = datetime.combine(TODAY, datetime.min.time(), UTC)
PAPER = {"kind": "identity", "kind_confidence": 0.9, "source": "ocr", "pages": 1}
BY = By("", "test", "test")


class House:
    """The joiners desk on a real store: papers come as documents, and end as the steps end them."""

    def __init__(self, home: Path) -> None:
        self.store, self.joiners = Store.open(home), Around(home)
        self.worker = self.store.reservations("tester")
        self.count = 0

    def document(self, *parts: tuple[str, bytes], whole: bytes | None = None) -> list[str]:
        """A document is read; of each part comes a paper of a joiner. Returns their ids, the document first."""
        self.count += 1
        of_identity = any(kind == "identity" for kind, _ in parts)
        name = "all.pdf" if whole else NAME if of_identity else "contract.pdf"
        about = Document(sha256="0" * 64, filename=name, media_type="image/jpeg", id=f"d{self.count}")
        item = DocumentItem(document=about).model_dump(mode="json") | {
            "paper": PAPER | {"fields": {"x": {"value": NUMBER if of_identity else ""}}}
        }
        ids = [self.store.put("document", item, {name: whole or parts[0][1]})]
        hold = self.worker.reserve("document", 60)
        assert hold is not None
        for n, (kind, content) in enumerate(parts):
            ids.append(f"{ids[0]}-{n}")
            self.worker.create_output(hold, ids[-1], "joiner", self._filed(ids[-1], kind))
            self.worker.add_file(ids[-1], hold, NAME if kind == "identity" else "contract.pdf", content)
        told = Decision(
            step="read", input_hash="0" * 64, route="straight", models={"mrz": NUMBER if of_identity else ""}
        )
        Ledger(self.store.database).decide(ids[0], told)
        self.worker.release(hold, Ending("done"))
        for _ in parts:
            own = self.worker.reserve("joiner", 60)
            assert own is not None
            self.worker.release(own, Ending("done"))
        return ids

    def _filed(self, item_id: str, kind: str) -> Any:
        read = self.joiners.read(kind, IDENTITY if kind == "identity" else CONTRACT)  # type: ignore[arg-type]
        payload = read.outputs[0].item.model_dump(mode="json")
        filed = file_joiners.handle(self.joiners.work(payload, item_id), self.joiners.office)
        self.last = filed
        return filed.item.model_dump(mode="json")

    def keep(self, days: float, apply: bool = True, **policy: Any) -> dict[str, int]:
        """So many days after the check."""
        at = CHECKED + timedelta(days=days)
        return keep_joiners(self.store, POLICY.model_copy(update=policy), at, apply)

    def everything(self) -> str:
        """All rows that could hold what an identity paper says."""
        tables = ("items", "item_files", "events", "decisions", "dossiers", "dossier_marks", "dossier_changes")
        return str([tuple(r) for t in tables for r in self.store.database.rows(f"SELECT * FROM {t}")])  # noqa: S608


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "home")
    yield made
    made.store.close()


def test_the_picture_goes_when_its_time_is_over_and_the_dossier_keeps_what_must_be_shown(house: House) -> None:
    document, paper = house.document(("identity", PICTURE))
    house.document(("contract", b"%PDF contract"))
    house.joiners.turn(house.last)
    before = house.everything()
    assert house.keep(29) == {"identity_papers": 0, "joiners": 0}
    assert house.keep(31, apply=False) == {"identity_papers": 2, "joiners": 0}
    assert house.everything() == before
    assert house.keep(31) == {"identity_papers": 2, "joiners": 0}
    after = house.everything()
    assert house.keep(31) == {"identity_papers": 0, "joiners": 0}
    assert house.everything() == after
    assert not any(word in after for word in (NUMBER, NUMBER.casefold(), "passport"))
    assert house.store.file_names(document) == house.store.file_names(paper) == []
    house.store.sweep_blobs(older_than_seconds=-5)
    assert len(list((house.store.home / "files").glob("??/??/*"))) == 1
    nouns: dict[str, type[Item]] = {document: DocumentItem, paper: JoinerPaper}
    for item_id, noun in nouns.items():
        item = house.store.get(item_id)
        assert item is not None
        assert noun.model_validate(item.payload).document.filename == "identity paper"
    joiner = house.joiners.joiner()
    assert joiner.done["identity"].evidence == f"identity paper, valid until 2031-01-31, number ...{NUMBER[-3:]}"
    assert joiner.done["identity"].at == CHECKED
    (event,) = [e for e in house.store.events(paper) if e.who == "retention"]
    assert (event.from_state, event.to_state) == ("done", "done")
    assert [d.body["step"] for d in house.store.decisions(document)] == ["read"]


def test_a_joiner_whose_picture_is_gone_is_judged_as_before(house: House) -> None:
    house.document(("identity", PICTURE))
    house.document(("contract", b"%PDF contract"))
    house.joiners.turn(house.last)
    office, facts = house.joiners.office, HrFacts(today=TODAY)
    before = judge(house.joiners.joiner(), facts, office.company, office.policy)
    house.keep(31)
    assert judge(house.joiners.joiner(), facts, office.company, office.policy) == before


def test_a_paper_that_nobody_has_decided_on_stays(house: House) -> None:
    _, paper = house.document(("identity", PICTURE))
    assert house.keep(10_000)["identity_papers"] == 0
    assert house.store.read_file(paper, NAME) == PICTURE
    assert house.keep(10_000, keep_identity_days=None)["identity_papers"] == 0


def test_of_one_file_with_several_papers_the_others_stay(house: House) -> None:
    whole, identity, contract = house.document(("identity", PICTURE), ("contract", b"%PDF c"), whole=b"%PDF all")
    house.joiners.turn(house.last)
    assert house.keep(31)["identity_papers"] == 2
    assert house.store.file_names(whole) == house.store.file_names(identity) == []
    assert house.store.read_file(contract, "contract.pdf") == b"%PDF c"


def test_the_same_picture_elsewhere_goes_too_but_not_from_under_who_looks_at_it(house: House) -> None:
    ended = house.store.put("document", {"kind": "document", "paper": {"number": NUMBER}}, {"twin.jpg": PICTURE})
    house.store.cancel(ended)
    house.document(("identity", PICTURE))
    house.document(("contract", b"%PDF contract"))
    house.joiners.turn(house.last)
    waits = house.store.put("document", {"kind": "document"}, {"twin.jpg": PICTURE})
    house.keep(31)
    assert house.store.file_names(ended) == []
    assert NUMBER not in house.everything()
    assert house.store.read_file(waits, "twin.jpg") == PICTURE


def test_all_of_who_withdrew_goes_and_nothing_of_others(house: House) -> None:
    house.document(("identity", PICTURE))
    house.document(("contract", b"%PDF contract"))
    (dossier,) = house.joiners.dossiers.all()
    house.joiners.dossiers.save(dossier, dossier.body, "withdrawn", BY)
    other = house.joiners.dossiers.open("j-other", {"key": "j-other"}, "open", BY)
    letter = house.store.put("letter", {"joiner": dossier.key, "text": "Dear Anna"})
    folder = house.store.home / "joiners"
    files = [folder / "calendar" / f"{dossier.key}.ics", folder / "sent" / f"{dossier.key}-welcome.eml"]
    for file in (*files, folder / "calendar" / "j-other.ics"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Anna")
    long_after = (datetime.now(UTC) - CHECKED).days + 200
    assert house.keep(long_after)["joiners"] == 0  # the letter still waits for somebody
    assert house.joiners.dossiers.of_key(dossier.key) is not None
    house.store.cancel(letter)
    assert house.keep(long_after, apply=False)["joiners"] == 1
    assert house.keep(long_after)["joiners"] == 1
    assert house.keep(long_after)["joiners"] == 0
    assert house.joiners.dossiers.all() == [other]
    assert house.store.find() == []
    assert [f.exists() for f in files] == [False, False]
    assert (folder / "calendar" / "j-other.ics").exists()
    assert "Kern" not in house.everything()


def test_who_is_employed_and_who_has_left_without_a_figure_stays(house: House) -> None:
    house.document(("contract", b"%PDF contract"))
    assert house.keep(10_000)["joiners"] == 0
    (dossier,) = house.joiners.dossiers.all()
    house.joiners.dossiers.save(dossier, dossier.body, "left", BY)
    assert house.keep(10_000)["joiners"] == 0
    assert house.keep(10_000, keep_left_days=3650)["joiners"] == 1


def test_a_contract_goes_years_after_its_end_with_documents_precedents_and_copies(house: House) -> None:
    store, ends = house.store, date(2020, 6, 30)
    contracts, clauses = Dossiers(store.database, "contracts"), Dossiers(store.database, "clauses")
    made, told = {}, {"over": dict[str, Any](), "renewed": {"renews": True}, "later": {"expires_on": "2026-01-01"}}
    for name, more in told.items():
        item = store.put("contract", {"kind": "contract"}, {"a.pdf": name.encode()})
        store.cancel(item)
        body = {"item": item, "document": "a.pdf", "expires_on": ends.isoformat()} | more
        made[name] = contracts.open(name, body, "active", BY)
        clauses.open(f"{made[name].id}:cap:1", {"document": made[name].id}, "accepted", BY)
        copy = store.home / "reports" / "contracts" / made[name].id / "a.pdf"
        copy.parent.mkdir(parents=True)
        copy.write_bytes(b"%PDF")
    text = "The liability is capped at the fees of a year."
    Precedents.open(store.home).add([Clause(id=f"{d.id}:cap:1", text=text, document="a.pdf") for d in made.values()])
    now, policy = datetime(2026, 11, 23, tzinfo=UTC), ContractPolicy(keep_days=2000)
    assert keep_contracts(store, ContractPolicy(), now, apply=True) == {"contracts": 0}
    assert keep_contracts(store, policy, now, apply=False) == {"contracts": 1}
    assert len(contracts.all()) == 3
    assert keep_contracts(store, policy, now, apply=True) == {"contracts": 1}
    assert keep_contracts(store, policy, now, apply=True) == {"contracts": 0}
    assert {d.key for d in contracts.all()} == {"renewed", "later"}
    assert len(clauses.all()) == len(store.find()) == 2
    assert made["over"].id not in str(Precedents.open(store.home).search(text))
    assert len(list((store.home / "reports" / "contracts").iterdir())) == 2
