"""The table of reason codes: complete, documented, and used as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bots.contracts.codes import reason as reason_of_contracts
from bots.invoices.codes import REASONS, confirmable, doubt, reason
from bots.invoices.policy import InvoicePolicy
from bots.joiners.codes import reason as reason_of_joiners

ROOT = Path(__file__).resolve().parents[2]
TABLES = {"contract": reason_of_contracts, "joiner": reason_of_joiners}
"""Whose table explains the codes of the readers in these folders; all others are the invoice desk's."""
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (yes|no|remark) \|$", re.MULTILINE)


def test_the_documentation_is_the_table() -> None:
    written = {m[1]: (m[2], m[3], m[4]) for m in ROW.finditer((ROOT / "docs" / "checks.md").read_text("utf-8"))}
    table = {
        code: (row.meaning, row.remedy, "remark" if row.severity == "warn" else "yes" if row.accept else "no")
        for code, row in REASONS.items()
    }
    assert written == table


def test_the_documented_settings_are_the_defaults() -> None:
    block = re.search(r"```toml\n(.+?)```", (ROOT / "docs" / "checks.md").read_text("utf-8"), re.DOTALL)
    assert block is not None
    assert InvoicePolicy.model_validate(tomllib.loads(block[1])["invoices"]) == InvoicePolicy()
    everything = re.sub(r"^# (?=[\w\[])", "", block[1], flags=re.MULTILINE)
    changed = re.sub(r"^One table.*$", "", everything, flags=re.MULTILINE)
    policy = InvoicePolicy.model_validate(tomllib.loads(changed)["invoices"])
    assert policy.supplier("DE291846309").payment_days == 30


def test_every_code_that_the_checks_give_is_in_the_table() -> None:
    sources = [*(ROOT / "bots" / "invoices").glob("*.py"), *(ROOT / "bots" / "reading").glob("*.py")]
    given = {m[0] for file in sources for m in re.finditer(r'\bdoubt\(\s*"([a-z_]+)"', file.read_text("utf-8"))}
    codes = {re.sub(r'.*"([a-z_]+)"', r"\1", text, flags=re.DOTALL) for text in given}
    assert len(codes) > 50
    assert {c for c in codes if c not in REASONS and reason(c) is None} == set()


def test_every_code_of_the_readers_is_in_the_table() -> None:
    from extractors.refusal import SENTENCES

    sources = [*(ROOT / "extractors").rglob("*.py"), *(ROOT / "connectors").rglob("*.py")]
    unknown = {code for code in SENTENCES if reason(code) is None}
    for file in sources:
        table = TABLES.get(file.parent.name, reason)
        unknown |= {m for m in re.findall(r'\bcode="([a-z_]+)"', file.read_text("utf-8")) if table(m) is None}
    assert unknown == set()


def test_a_field_has_a_code_of_its_own_but_shares_the_row() -> None:
    assert reason("missing_number") == REASONS["missing_FIELD"]
    assert reason("unsure_total") == REASONS["unsure_FIELD"]
    assert confirmable("unsure_total")
    assert not confirmable("missing_number")


def test_nothing_about_bank_accounts_is_accepted_by_a_click() -> None:
    about_banks = [c for c in REASONS if "bank" in c or "iban" in c]
    assert len(about_banks) == 4
    assert not any(confirmable(c) for c in about_banks)
    assert confirmable("xml_page_mismatch", "total")
    assert not confirmable("xml_page_mismatch", "iban")


def test_doubts_of_parts_that_nobody_knows_are_not_accepted() -> None:
    assert not confirmable("brand_new_code")
    with pytest.raises(KeyError):
        doubt("brand_new_code", "Something.")


def test_every_row_tells_the_clerk_what_to_do() -> None:
    for code, row in REASONS.items():
        assert row.meaning, code
        assert row.remedy, code
        assert "|" not in row.meaning + row.remedy, code
