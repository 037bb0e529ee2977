"""The demo's company grown to a mid-sized one: sixty suppliers with framework orders that have come in full."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import luhn
from stdnum.iso7064 import mod_11_10

from devdata.papers.bills import COMPANY

Values = dict[str, Any]

MOST_SUPPLIERS = 44  # besides the demo's own; SQLite refuses the ERP's checks of a hundred new records at once
INVOICES_EACH = 6  # a day, about: a smaller day has fewer suppliers
LINES_EACH = 3
FIRST_ORDER = 101  # the ERP numbers them
QUANTITY = 4000  # of each line, all of it received: many invoices take their part of it
DONORS = ("hansen", "kessler", "lindenau", "adler", "sauber", "moselkaffee", "vauclair", "fonderie", "luxtrans")
HOUSES = {"DE": "GmbH", "FR": "SARL", "LU": "S.à r.l."}
TRADES = {
    "hansen": "Bürobedarf",
    "kessler": "Stahlhandel",
    "lindenau": "Fachbuch",
    "adler": "Datentechnik",
    "sauber": "Gebäudereinigung",
    "moselkaffee": "Kaffeehandel",
    "vauclair": "Imprimerie",
    "fonderie": "Fonderie",
    "luxtrans": "Transports",
}
SURNAMES = """
Abendroth Behringer Castell Dombrowski Eichstädt Falkenberg Gronemeyer Habermann Immenhof Jasperneite Kaltwasser
Lichtenfels Mangoldt Niederhöfer Oberländer Pfefferkorn Quandel Rosenbusch Scharnweber Tiefenbach Uhlenbrock
Vogelsang Wackernagel Xanten Yorckmann Zwirner Bellamont Chastagnier Delacourt Estrabaut Fauconnier Guillaumet
Hautecloque Jolivard Kermadec Lamoureux Montrachet Nivernais Ouvrard Pontcharra Quesnoy Roquefeuil Sauvageot
Tourneville
"""


def suppliers_for(invoices: int) -> int:
    """How many suppliers more than the demo has such a day needs."""
    return min(MOST_SUPPLIERS, invoices // INVOICES_EACH)


def grown(suppliers: int) -> str:
    """company.json with further suppliers, their products, and instead of its orders a large one for each; as JSON."""
    data: Values = json.loads(COMPANY.read_text(encoding="utf-8"))
    data |= {"orders": [], "seed_invoices": []}
    known = {s["id"]: s for s in data["suppliers"]}
    sold = {s: [p for p in data["products"] if p["supplier"] == s] for s in known}
    for number in range(suppliers):
        donor = known[DONORS[number % len(DONORS)]]
        supplier = _supplier(number, donor)
        data["suppliers"].append(supplier)
        data["products"] += [
            {**product, "code": f"T{number:02d}-{product['code']}", "supplier": supplier["id"]}
            for product in sold[donor["id"]][:LINES_EACH]
        ]
    _add_orders(data)
    return json.dumps(data, ensure_ascii=False, indent=1)


def _supplier(number: int, donor: Values) -> Values:
    surname, trade = SURNAMES.split()[number], TRADES[donor["id"]]
    slug = _slug(surname)
    country = donor["address"]["country"]
    names = {"DE": f"{surname} {trade}", "FR": f"{trade} {surname}", "LU": f"{surname} {trade}"}
    return donor | {
        "id": slug,
        "name": f"{names[country]} {HOUSES[country]}",
        "address": donor["address"] | {"street": f"{_road(country)} {number + 3}"},
        "vat_id": _vat_id(country, number),
        "tax_number": None,
        "iban": _iban(IBAN(donor["iban"]), 70_000_417 + number * 7919),
        "email": f"rechnung@{slug}.example",
        "website": f"www.{slug}.example",
        "register": None,
        "contact": f"M. {surname}",
        "phone": f"{donor['phone'].rsplit(' ', 1)[0]} {5000 + number}",
        "aliases": [],
    }


def _iban(of_donor: IBAN, account: int) -> str:
    """The next account at the donor's bank whose check digits are right, those of the bank's own method too."""
    while True:
        digits = str(account).zfill(len(of_donor.account_code))
        iban = IBAN.generate(of_donor.country_code, of_donor.bank_code, digits, of_donor.branch_code or "")
        if _has_right_digits(iban):
            return str(iban)
        account += 1


def _has_right_digits(iban: IBAN) -> bool:
    try:
        iban.validate(validate_bban=True)
    except SchwiftyException:
        return False
    return True


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", plain)


def _road(country: str) -> str:
    return {"DE": "Gewerbepark", "FR": "Zone artisanale", "LU": "rue de l'Industrie"}[country]


def _vat_id(country: str, number: int) -> str:
    """An invented VAT id with valid check digits."""
    if country == "DE":
        digits = f"{31_200_000 + number * 7_417}"
        return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"
    if country == "FR":
        start = f"{48_210_000 + number * 3_391}"
        siren = start + luhn.calc_check_digit(start)
        return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    digits = f"{204_000 + number * 31}"
    return f"LU{digits}{int(digits) % 89:02d}"


def _add_orders(data: Values) -> None:
    """A framework order over what a supplier sells, delivered in full."""
    number = FIRST_ORDER - 1
    for supplier in data["suppliers"]:
        products = [p for p in data["products"] if p["supplier"] == supplier["id"]][:LINES_EACH]
        if products and supplier["has_orders"]:
            number += 1
            data["orders"].append(_order(f"PO-2026-{number:04d}", supplier, products))


def _order(number: str, supplier: Values, products: list[Values]) -> Values:
    lines = [_line(position, product) for position, product in enumerate(products, 1)]
    goods = [line for line in lines if line["kind"] == "goods"]
    receipt = {
        "date": "2026-08-14",
        "delivery_note": f"LS-{number[-4:]}",
        "lines": [{"line": line["line"], "quantity": line["quantity"]} for line in goods],
    }
    return {
        "number": number,
        "supplier": supplier["id"],
        "ordered_on": "2026-08-03",
        "currency": supplier["currency"],
        "state": "open",
        "lines": lines,
        "receipts": [receipt] if goods else [],
    }


def _line(position: int, product: Values) -> Values:
    return {
        "line": position,
        "product": product["code"],
        "description": product["names"]["en"],
        "kind": product["kind"],
        "quantity": str(QUANTITY),
        "unit": product["unit"],
        "unit_price": product["price"],
        "tax": product["tax"],
        "account": product["account"],
        "received": str(QUANTITY) if product["kind"] == "goods" else "0",
        "invoiced": "0",
    }
