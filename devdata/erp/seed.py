"""Fills a fresh ERP database with the demo's company. Runs in the ERP's own Python, with proteus.

python seed.py --config trytond.conf --database erp --company company.json --staff staff.json --logins logins.json
`logins.json` holds {"login": "password"} of the users that are made here. Ends with status 1 and a sentence when the
ERP's numbers or totals are not those of the data.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import seed_books as books
import seed_masters as masters
import seed_orders as orders
import seed_staff as staff
from proteus import config as connection
from seed_rpc import Values, call, create, data_id, read

# The posting login keys supplier invoices: Accounting may write them and read orders and receipts. The reading login
# gets a group of its own that may only read them. (Parties are open to every user of a plain Tryton.)
POSTING_GROUP = ("account", "group_account")
READ_ONLY = ("account.invoice", "account.invoice.line", "purchase.purchase", "purchase.line", "stock.move")


def seed_company(data: Values, ids: Values) -> int:
    """The company with its own party and bank account; every user that exists works in it."""
    company = data["company"]
    (party,) = create("party.party", [masters.party_values(company, ids["countries"])])
    timezone = company["timezone"]
    (company_id,) = create(
        "company.company", [{"party": party, "currency": ids["currencies"][company["currency"]], "timezone": timezone}]
    )
    masters.seed_bank_accounts([{**company, "id": "company"}], {"company": party}, ids["currencies"])
    admin = connection.get_config().user
    call("res.user", "write", [admin], {"companies": [("add", [company_id])], "company": company_id})
    connection.get_config()._context = call("res.user", "get_preferences", True)
    return company_id


def seed_users(logins: Values, data: Values, company: int) -> None:
    """The bots' logins with the groups that they need."""
    reading = {"perm_read": True, "perm_write": False, "perm_create": False, "perm_delete": False}
    access = [{"model": model, **reading} for model in READ_ONLY]
    (readers,) = create("res.group", [{"name": "Deskhand reading", "model_access": [("create", access)]}])
    groups = {"deskhand": data_id(*POSTING_GROUP), "records": readers, "hr": staff.hr_group(data)}
    names = {"deskhand": "Deskhand (posting)", "records": "Deskhand (reading)", "hr": "Deskhand (HR)"}
    users = [
        {
            "name": names[login],
            "login": login,
            "password": logins[login],
            "companies": [("add", [company])],
            "company": company,
            "groups": [("add", [group])],
            "language": data_id("ir", "lang_en"),
        }
        for login, group in groups.items()
    ]
    create("res.user", users)


def settle(company: int) -> None:
    """Settings that keep the screens quiet: no wizards, orders numbered like the data, invoices keyed by hand."""
    items = read("ir.module.config_wizard.item", [("state", "=", "open")], ["id"])
    call("ir.module.config_wizard.item", "write", [row["id"] for row in items], {"state": "done"})
    sequence = read("ir.sequence", [("name", "=", "Purchase")], ["id"])[0]["id"]
    call("ir.sequence", "write", [sequence], {"prefix": "PO-2026-", "padding": 4, "number_next": 101})
    call("purchase.configuration", "write", [1], {"purchase_invoice_method": "manual"})


def seed(data: Values, people: Values, logins: Values) -> None:
    """Everything, in the order in which it refers to each other."""
    ids: Values = {"countries": masters.seed_countries(), "currencies": masters.seed_currencies(data)}
    ids["company"] = company = seed_company(data, ids)
    settle(company)
    ids["accounts"] = books.seed_chart(data, company)
    books.seed_years(data, company)
    ids["taxes"] = books.seed_taxes(data, company, ids["accounts"])
    ids["terms"] = books.seed_terms(data)
    ids["suppliers"] = masters.seed_suppliers(data, ids)
    ids["currency_of"] = {ids["suppliers"][s["id"]]: s["currency"] for s in data["suppliers"]}
    currency = {s["id"]: s["currency"] for s in data["suppliers"]}
    products = [{**p, "currency": currency[p["supplier"]]} for p in data["products"]]
    ids["products"] = masters.seed_products({**data, "products": products}, ids)
    ids["warehouse"] = data_id("stock", "location_warehouse")
    ids["input"] = data_id("stock", "location_storage")
    call("stock.location", "write", [ids["warehouse"]], {"input_location": ids["input"]})
    ids["order_lines"] = orders.seed_orders(data, ids)
    orders.seed_receipts(data, ids)
    orders.seed_invoices(data, ids)
    seed_users(logins, people, company)
    staff.seed_staff(people, ids, company)


def main() -> None:
    """Reads the arguments, seeds, says how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "database", "company", "staff", "logins"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    started = datetime.now(UTC)
    settings = connection.set_trytond(f"sqlite:///{args.database}", config_file=args.config)
    settings.skip_warning = True
    seed(*(json.loads(Path(file).read_text("utf-8")) for file in (args.company, args.staff, args.logins)))
    print(f"seeded in {(datetime.now(UTC) - started).total_seconds():.1f} s")


if __name__ == "__main__":
    main()
