"""Makes the work items of env-*.json: what robocorp's FileAdapter hands to a step that runs by itself.

python -m devdata.make_inputs    (with the project's Python; the documents are those of the demo's mailbox)

`work-items-in/NAME/work-items.json` holds the items of the task NAME, beside it lie their files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from bots.invoices.draft import Draft, draft_from
from connectors.mail.mime import unpack
from devdata.contracts.inputs import write as write_contracts
from devdata.joiners.inputs import items as joiners
from extractors.cascade import read_document
from workitems.items import Document, DocumentItem, Invoice, PostedEntry, Reversal

HERE = Path(__file__).parent
FOLDER = HERE / "work-items-in"
MAILBOX = HERE / "demo" / "mailbox"
COLLECTED = ("02-kessler-xrechnung.eml", "12-moselkaffee-pdf.eml")
READ = ("01-hansen-zugferd.eml", "02-kessler-xrechnung.eml", "12-moselkaffee-pdf.eml")
POSTED = "02-kessler-xrechnung.eml"

Row = dict[str, Any]


def document_of(mail: str) -> tuple[Document, bytes]:
    """The one document of a demo mail, as collect_mail hands it on, and its content."""
    unpacked = unpack((MAILBOX / mail).read_bytes())
    (part,) = unpacked.parts
    about = unpacked.mail.model_copy(update={"mailbox": "invoices"})
    digest = hashlib.sha256(part.data).hexdigest()
    document = Document(
        sha256=digest,
        filename=part.name,
        media_type=part.media_type,
        part=part.path,
        size=len(part.data),
        mail=about,
    )
    return document, part.data


def invoice_of(document: Document, file: Path) -> Invoice:
    """The invoice as read_documents hands it on; the posting step looks the supplier up again."""
    paper = read_document(str(file), document.filename, document.media_type)
    draft = draft_from(paper, ())
    shared = draft.model_dump(include=set(Invoice.model_fields) & set(Draft.model_fields) - {"readings", "doubts"})
    lines = tuple(line.model_copy(update={"confidence": 1.0}) for line in paper.lines)
    more = {"document": document, "supplier_id": "", "route": "straight", "lines": lines, "taxes": paper.taxes}
    return Invoice.model_validate(shared | more | {"order_number": next(iter(draft.order_numbers), None)})


def write(name: str, items: list[Row]) -> None:
    """The items of one task; nothing but what changes over time is written anew."""
    text = json.dumps(items, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / name / "work-items.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Writes all inputs."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("collect_mail", "report_day", "train_models", "read_documents", "post_invoices", "reverse_invoices"):
        (FOLDER / name).mkdir(parents=True)
    inbox = FOLDER / "collect_mail" / "inbox"
    inbox.mkdir()
    for mail in COLLECTED:
        shutil.copyfile(MAILBOX / mail, inbox / mail)
    for name in ("collect_mail", "report_day", "train_models"):
        write(name, [{"payload": {"trigger": name}, "files": {}}])
    documents = []
    for mail in READ:
        document, data = document_of(mail)
        (FOLDER / "read_documents" / document.filename).write_bytes(data)
        payload = DocumentItem(document=document).model_dump(mode="json")
        documents.append({"payload": payload, "files": {document.filename: document.filename}})
    write("read_documents", documents)
    document, data = document_of(POSTED)
    file = FOLDER / "post_invoices" / document.filename
    file.write_bytes(data)
    invoice = invoice_of(document, file).model_dump(mode="json")
    write("post_invoices", [{"payload": invoice, "files": {document.filename: document.filename}}])
    entry = PostedEntry(system="tryton", reference="2026/1", number=invoice["number"])
    reversal = Reversal(posting=entry, reason="It was posted to the wrong order.", asked_by="anna")
    write("reverse_invoices", [{"payload": reversal.model_dump(mode="json"), "files": {}}])
    for name, rows in joiners().items():
        (FOLDER / name).mkdir(parents=True)
        write(name, rows)
    write_contracts()


if __name__ == "__main__":
    main()
