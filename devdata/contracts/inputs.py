"""The work items of the contract desk's steps for robocorp's FileAdapter: `python -m devdata.contracts.inputs`."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from bots.contracts.nouns import ContractItem, Reminder
from devdata.contracts.deals import FREIGHT, US
from devdata.contracts.sheets import as_text
from workitems.items import Clause, Document, Paper, Reading

FOLDER = Path(__file__).resolve().parents[1] / "work-items-in"


def contract() -> tuple[ContractItem, bytes]:
    """A contract as read_documents hands it on, and its file."""
    content = as_text(FREIGHT)
    fields = {"title": FREIGHT.title, "contract_type": FREIGHT.contract_type, "effective_date": "2026-10-01"}
    fields |= {"parties": json.dumps([US, FREIGHT.them], ensure_ascii=False), "expires_on": str(FREIGHT.ends_on)}
    text = content.decode()
    at = text.index("This Agreement shall be governed")
    law = Clause(category="Governing Law", start=at, end=at + 60, page=1, text=text[at : at + 60], confidence=0.9)
    paper = Paper(
        kind="contract",
        kind_confidence=0.99,
        source="text",
        pages=1,
        language="en",
        fields={name: Reading(value=value, confidence=0.9, reader="example", page=1) for name, value in fields.items()},
        clauses=(law,),
    )
    digest = hashlib.sha256(content).hexdigest()
    about = Document(sha256=digest, filename=FREIGHT.file, media_type="text/plain", size=len(content), id="example")
    return ContractItem(document=about, paper=paper), content


def reminder() -> Reminder:
    """A reminder as watch_contracts raises it."""
    sentence = "The contract ends on 2028-09-30."
    return Reminder(
        dossier="example", title=FREIGHT.title, parties=(FREIGHT.them,), what="expiry", due_on=date(2028, 9, 30),
        sentence=sentence,
    )  # fmt: skip


def write() -> None:
    """Writes the items of the three steps."""
    item, content = contract()
    file = item.document.filename
    rows: dict[str, list[dict[str, Any]]] = {
        "register_contracts": [{"payload": item.model_dump(mode="json"), "files": {file: file}}],
        "watch_contracts": [{"payload": {"trigger": "watch_contracts"}, "files": {}}],
        "remind_people": [{"payload": reminder().model_dump(mode="json"), "files": {}}],
    }
    for name, items in rows.items():
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        told = json.dumps(items, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / name / "work-items.json").write_text(told, encoding="utf-8")
    (FOLDER / "register_contracts" / file).write_bytes(content)


if __name__ == "__main__":
    write()
