"""Master data of the demo's company: currencies, company, accounts, taxes, years, products, suppliers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from seed_rpc import Values, call, create, find, read

COUNTRIES = {
    "AT": "Austria",
    "BE": "Belgium",
    "DE": "Germany",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "IT": "Italy",
    "LU": "Luxembourg",
    "NL": "Netherlands",
    "US": "United States",
}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
NAMES = {"EUR": "Euro", "USD": "US Dollar", "GBP": "Pound Sterling"}
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


def seed_currencies(data: Values) -> dict[str, int]:
    """Currencies with their rates; returns ids by code."""
    rows = [
        {
            "name": NAMES[c["code"]],
            "code": c["code"],
            "symbol": SYMBOLS[c["code"]],
            "digits": 2,
            "rounding": Decimal("0.01"),
            "rates": [
                ("create", [{"date": date.fromisoformat(r["date"]), "rate": Decimal(r["rate"])} for r in c["rates"]])
            ],
        }
        for c in data["currencies"]
    ]
    return dict(zip((c["code"] for c in data["currencies"]), create("currency.currency", rows), strict=True))


def party_values(who: Values, countries: dict[str, int]) -> Values:
    """A party's name, address, tax identifier and contact as the ERP wants them."""
    place = who["address"]
    values: Values = {
        "name": who["name"],
        "addresses": [
            (
                "create",
                [
                    {
                        "street": place["street"],
                        "postal_code": place["postal_code"],
                        "city": place["city"],
                        "country": countries[place["country"]],
                        "invoice": True,
                    }
                ],
            )
        ],
        "contact_mechanisms": [
            ("create", [{"type": kind, "value": who[kind]} for kind in ("email", "phone") if who.get(kind)])
        ],
    }
    if who.get("vat_id"):
        scheme = "gb_vat" if place["country"] == "GB" else "eu_vat"
        code = who["vat_id"].removeprefix("GB") if scheme == "gb_vat" else who["vat_id"]
        values["identifiers"] = [("create", [{"type": scheme, "code": code}])]
    return values


def seed_countries() -> dict[str, int]:
    """The countries of the data; returns ids by code."""
    rows = [{"name": name, "code": code} for code, name in COUNTRIES.items()]
    return dict(zip(COUNTRIES, create("country.country", rows), strict=True))


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


def seed_suppliers(data: Values, ids: Values) -> dict[str, int]:
    """Suppliers with addresses, identifiers and bank accounts; returns party ids by key."""
    languages = {row["code"]: row["id"] for row in read("ir.lang", [("code", "in", ["de", "fr", "en"])], ["code"])}
    rows = []
    for supplier in data["suppliers"]:
        values = party_values(supplier, ids["countries"])
        values["supplier_payment_term"] = ids["terms"][supplier["payment_term"]]
        values["supplier_currency"] = ids["currencies"][supplier["currency"]]
        values["lang"] = languages["en"]
        rows.append(values)
    parties = dict(zip((s["id"] for s in data["suppliers"]), create("party.party", rows), strict=True))
    seed_bank_accounts(data["suppliers"], parties, ids["currencies"])
    return parties


def seed_bank_accounts(owners: list[Values], parties: dict[str, int], currencies: dict[str, int]) -> None:
    """One bank account per owner, with its IBAN or, where there is none, its number."""
    rows = []
    for who in owners:
        kind, number = ("iban", who["iban"]) if who["iban"] else ("other", who["account_number"])
        rows.append(
            {
                "owners": [("add", [parties[who["id"]]])],
                "currency": currencies[who["currency"]],
                "numbers": [("create", [{"type": kind, "number": number}])],
            }
        )
    create("bank.account", rows)


def seed_products(data: Values, ids: Values) -> dict[str, int]:
    """Products with the supplier's article code, one accounting category per account and tax; returns ids by code."""
    pairs = sorted({(p["account"], p["tax"]) for p in data["products"]})
    categories = create(
        "product.category",
        [
            {
                "name": f"{account} {tax}",
                "accounting": True,
                "account_parent": False,
                "taxes_parent": False,
                "account_expense": ids["accounts"][account],
                "account_revenue": ids["accounts"]["4400"],
                "supplier_taxes": [("add", [ids["taxes"][tax]])],
            }
            for account, tax in pairs
        ],
    )
    category = dict(zip(pairs, categories, strict=True))
    units = {row["name"]: row["id"] for row in read("product.uom", [], ["name"])}
    rows = []
    for product in data["products"]:
        unit = units[product["unit"]]
        rows.append(
            {
                "name": product["names"]["en"],
                "code": product["code"],
                "type": product["kind"],
                "default_uom": unit,
                "purchasable": True,
                "purchase_uom": unit,
                "account_category": category[product["account"], product["tax"]],
                "cost_price_method": "fixed",
                "products": [("create", [{"cost_price": Decimal(product["price"])}])],
                "product_suppliers": [
                    (
                        "create",
                        [
                            {
                                "party": ids["suppliers"][product["supplier"]],
                                "code": product["supplier_code"],
                                "currency": ids["currencies"][product["currency"]],
                                "prices": [("create", [{"quantity": 0, "unit_price": Decimal(product["price"])}])],
                            }
                        ],
                    )
                ],
            }
        )
    templates = create("product.template", rows)
    variants = read("product.product", [("template", "in", templates)], ["code"])
    return {row["code"]: row["id"] for row in variants}
