"""Master data of the demo's company: currencies, countries, suppliers with their bank accounts, products."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from seed_rpc import Values, create, read

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
