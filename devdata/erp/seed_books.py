"""The books of the demo's company: chart of accounts, fiscal years, taxes, payment terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from seed_rpc import Values, call, create, find

# name, statement, flags of the type, accounts below it; the expense accounts come from the data
PER_PARTY = {"reconcile": True, "party_required": True}
CHART = [
    ("Assets", "balance", {"assets": True}, [("1600", "Cash", {}), ("1800", "Bank", {})]),
    ("Receivables", "balance", {"assets": True, "receivable": True}, [("1200", "Trade receivables", PER_PARTY)]),
    ("Taxes", "balance", {"assets": True}, [("1406", "Input tax", {})]),
    ("Payables", "balance", {"payable": True}, [("3300", "Trade payables", PER_PARTY)]),
    ("Equity", "balance", {}, [("2000", "Capital", {})]),
    ("Revenue", "income", {"revenue": True}, [("4400", "Sales revenue", {})]),
    ("Exchange differences", "income", {}, [("6880", "Exchange losses", {}), ("4840", "Exchange gains", {})]),
    ("Expenses", "income", {"expense": True}, []),
]


def seed_chart(data: Values, company: int) -> dict[str, int]:
    """A small chart of accounts and the defaults that point into it; returns account ids by code."""
    types = create(
        "account.account.type", [{"name": n, "statement": s, "company": company, **flags} for n, s, flags, _ in CHART]
    )
    rows = []
    for type_id, (name, _, _, accounts) in zip(types, CHART, strict=True):
        if name == "Expenses":
            accounts = [(a["code"], a["name"], {}) for a in data["accounts"]]  # noqa: PLW2901 - the one open row
        rows += [{"code": c, "name": n, "type": type_id, "company": company, **more} for c, n, more in accounts]
    ids = dict(zip((r["code"] for r in rows), create("account.account", rows), strict=True))
    config = {
        "default_account_receivable": ids["1200"],
        "default_account_payable": ids["3300"],
        "currency_exchange_credit_account": ids["4840"],
        "currency_exchange_debit_account": ids["6880"],
        "default_category_account_expense": ids["5400"],
        "default_category_account_revenue": ids["4400"],
    }
    call("account.configuration", "write", [1], config)
    return ids


def seed_years(data: Values, company: int) -> None:
    """Fiscal years with monthly periods and a sequence each for supplier invoices and credit notes."""
    move_type = find("ir.sequence.type", ("name", "=", "Account Move"))
    invoice_type = find("ir.sequence.type", ("name", "=", "Invoice"))
    years = data["fiscal_years"]

    def sequences(what: str, prefix: str, type_id: int) -> list[int]:
        common = {"padding": 5, "sequence_type": type_id, "company": company}
        return create(
            "ir.sequence.strict", [{"name": f"{what} {y}", "prefix": prefix.format(y), **common} for y in years]
        )

    moves = sequences("Account moves", "", move_type)
    invoices = sequences("Supplier invoices", "SI-{}-", invoice_type)
    credits_ = sequences("Supplier credit notes", "SC-{}-", invoice_type)
    sales = sequences("Customer invoices", "CI-{}-", invoice_type)
    rows = []
    for year, move, invoice, credit, sale in zip(years, moves, invoices, credits_, sales, strict=True):
        row = {
            "company": company,
            "in_invoice_sequence": invoice,
            "in_credit_note_sequence": credit,
            "out_invoice_sequence": sale,
            "out_credit_note_sequence": sale,
        }
        rows.append(
            {
                "name": str(year),
                "start_date": date(year, 1, 1),
                "end_date": date(year, 12, 31),
                "company": company,
                "move_sequence": move,
                "invoice_sequences": [("create", [row])],
            }
        )
    for fiscal_year in create("account.fiscalyear", rows):  # one by one: SQLite refuses the check of all at once
        call("account.fiscalyear", "create_period", [fiscal_year])


def seed_taxes(data: Values, company: int, accounts: dict[str, int]) -> dict[str, int]:
    """Purchase taxes; returns ids by code."""
    rows = [
        {
            "name": t["name"],
            "description": t["name"],
            "company": company,
            "type": "percentage",
            "rate": Decimal(t["rate"]) / 100,
            "invoice_account": accounts["1406"],
            "credit_note_account": accounts["1406"],
        }
        for t in data["taxes"]
    ]
    return dict(zip((t["code"] for t in data["taxes"]), create("account.tax", rows), strict=True))


def seed_terms(data: Values) -> dict[str, int]:
    """Payment terms; returns ids by code."""
    rows = [
        {
            "name": t["name"],
            "lines": [("create", [{"type": "remainder", "relativedeltas": [("create", [{"days": t["days"]}])]}])],
        }
        for t in data["payment_terms"]
    ]
    return dict(
        zip((t["code"] for t in data["payment_terms"]), create("account.invoice.payment_term", rows), strict=True)
    )
