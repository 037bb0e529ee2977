"""The register of contracts as others see it: the workbook in the home, the report's section, the demo's list."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bots.contracts.dossier import terms_in
from bots.contracts.nouns import Risk
from bots.contracts.ports import Register
from bots.contracts.register_book import Registered, register_book
from bots.report.section import Section
from tasks.settings import Settings
from workitems.dossiers import Dossier, Dossiers
from workitems.files import check_name
from workitems.items import Clause
from workitems.store import Store

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = "contracts"
MOST_RISKS = 4


def contracts_of(register: Register) -> list[Dossier]:
    """What is registered."""
    return register.all("active")


def write_register(store: Store, contracts: Sequence[Dossier], home: Path) -> None:
    """Writes `contracts/register.xlsx` into the home's reports, with the documents that its links lead to."""
    folder = home / "reports" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    book = register_book([_registered(store, each, folder) for each in contracts])
    new = folder / f".register.{os.getpid()}.new"
    new.write_bytes(book)
    new.replace(folder / "register.xlsx")


def _registered(store: Store, dossier: Dossier, folder: Path) -> Registered:
    body = dossier.body
    return Registered(
        dossier=dossier.id,
        terms=terms_in(dossier),
        document=str(body.get("document", "")),
        path=_copy(store, body, folder / dossier.id, folder),
        risks=tuple(Risk.model_validate(r) for r in body.get("risks", ())),
        clauses=tuple(Clause.model_validate(c) for c in body.get("clauses", ())),
        amendments=tuple(str(a.get("document", "")) for a in body.get("amendments", ())),
        expected_loss=Decimal(str(body.get("expected_loss", "0"))),
    )


def _copy(store: Store, body: Mapping[str, Any], to: Path, folder: Path) -> str | None:
    """The contract's file beside the register; None where the item, or its file, is gone."""
    item, name = str(body.get("item", "")), str(body.get("document", ""))
    try:
        target = to / check_name(name)
        if not target.exists():
            content = store.read_file(item, name)
            to.mkdir(parents=True, exist_ok=True)
            new = to / f".{os.getpid()}.new"
            new.write_bytes(content)
            new.replace(target)
    except (KeyError, ValueError, FileNotFoundError):
        return None
    return target.relative_to(folder).as_posix()


def section(store: Store, settings: Settings) -> tuple[Section, ...]:
    """The report's part: what ends or has to be given notice of next."""
    rows = []
    for dossier in contracts_of(_register(store)):
        terms = terms_in(dossier)
        due = terms.notice_deadline if terms.renews else terms.expires_on
        title, others = terms.title or str(dossier.body.get("document", "")), "; ".join(terms.parties)
        rows.append(
            (
                due,
                (
                    title,
                    terms.contract_type,
                    others,
                    terms.expires_on,
                    terms.notice_deadline,
                    "yes" if terms.renews else "no",
                ),
            )
        )
    ranked = sorted(rows, key=lambda pair: pair[0] or date.max)
    head = ("Contract", "Kind", "Parties", "Ends on", "Last day for notice", "Renews itself")
    note = "" if rows else "No contract is registered."
    return (Section(title="Contracts", note=note, head=head, rows=tuple(row for _, row in ranked)),)


def result(store: Store) -> dict[str, list[dict[str, Any]]]:
    """The demo's list of what was registered without a person, and with one."""
    told = []
    for dossier in contracts_of(_register(store)):
        told.append(_told(dossier.body, dossier.body))
        told += [_told(dossier.body, amendment) for amendment in dossier.body.get("amendments", ())]
    return {"registered": sorted(told, key=lambda row: str(row["document"]))}


def _told(body: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    risks = [{"code": r["code"], "page": r["page"], "message": r["message"]} for r in body.get("risks", ())]
    return {
        "document": own.get("document"),
        "contract_type": body.get("contract_type"),
        "parties": body.get("parties"),
        "expires_on": own.get("stated_end") or own.get("expires_on"),
        "risks": risks if own is body else [],
    }


def show(console: Console, outcome: Mapping[str, Any]) -> None:
    """The same for a person at a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from tasks.demo.tables import printable

    table = Table(title="Registered contracts", title_justify="left", box=SIMPLE_HEAD)
    for column in ("document", "kind", "parties", "ends on", "risks (page)"):
        table.add_column(column, overflow="fold", no_wrap=column == "ends on")
    for row in outcome.get("registered", ()):
        risks = [r["code"] + (f" ({r['page']})" if r["page"] else "") for r in row["risks"][:MOST_RISKS]]
        cells = (row["document"], row["contract_type"], "; ".join(row["parties"] or ()), row["expires_on"])
        table.add_row(*(Text(printable(str(cell or ""))) for cell in (*cells, ", ".join(risks))))
    console.print(table)


def _register(store: Store) -> Dossiers:
    return Dossiers(store.database, FOLDER)
