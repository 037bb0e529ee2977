"""A sale as its seller's program writes it: words, amounts, dates and blocks that houses put on their sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from devdata.papers.firms import WORDS
from devdata.papers.sales import Sale
from devdata.papers.wording import SYMBOLS, address, day, number, percent, spaced

MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Habits:
    """How one seller writes, by chance of its name. `half`: which half of each word's synonyms it knows, 0 or 1."""

    seed: str
    half: int

    def pick(self, what: str, choices: Sequence[Any]) -> Any:
        """The same choice each time."""
        return Random(f"{self.seed} {what}").choice(choices)  # noqa: S311 - no secret hangs on it

    def word(self, language: str, key: str) -> str:
        """One of the words for a label."""
        found = WORDS[language][key]
        return str(self.pick(f"word {key}", found[self.half :: 2] or found))


class Draft:
    """A sale with the habits of its seller: everything as text."""

    def __init__(self, sale: Sale, habits: Habits) -> None:
        self.sale, self.habits, self.of = sale, habits, sale.language
        self.sign = -1 if sale.credit and habits.pick("negative", (True, False, False)) else 1
        self.colon = habits.pick("colon", ("", ":", ":", " :" if self.of == "fr" else ":"))
        self.title = self.w("credit" if sale.credit else "invoice")
        self.country = bool(habits.pick("country", (True, False, False)))

    def w(self, key: str, **parts: str) -> str:
        """A word, with its places filled."""
        text = self.habits.word(self.of, key)
        return text.format(**parts) if parts else text

    def label(self, key: str) -> str:
        """A word as a label."""
        text = self.w(key)
        return text if text.endswith((":", "°")) and not text.endswith("°") else text + self.colon

    def day(self, value: date) -> str:
        """A date as this seller writes it."""
        month = MONTHS[self.of].split()[value.month - 1]
        long = {"de": f"{value.day}. {month} {value.year}", "fr": f"{value.day} {month} {value.year}"}
        styles = {
            "de": ["", "", "", "long", "iso"],
            "fr": ["", "", "", "long"],
            "en": ["", "long", "us", "iso", "short"],
        }
        style = self.habits.pick("dates", styles[self.of])
        if self.sale.currency == "USD" and style == "":
            style = "us"  # day before month would be read as month before day
        if style == "iso":
            return value.isoformat()
        if style == "short":
            return f"{value.day} {month[:3]} {value.year}"
        return long[self.of] if style == "long" and self.of in long else day(value, self.of, style)

    def number(self, value: Decimal, decimals: int | None = 2) -> str:
        """A number as this seller writes it: some French houses set dots, some English ones no commas."""
        text = number(value, self.of, decimals)
        plain = self.habits.pick("thousands", (False, False, False, True))
        if plain and self.of == "de":
            return text.replace(".", "")
        return text.replace("\u00a0", " ") if self.of == "fr" else text

    def cell(self, value: Decimal, decimals: int | None = 2) -> str:
        """An amount in a table."""
        return self._money(self.number(self.sign * value, decimals), self.habits.pick("cells", ("", "", "", "sign")))

    def money(self, value: Decimal, *, final: bool = False) -> str:
        """An amount among the sums; `final` ones always say the currency."""
        style = self.habits.pick("sums", ("", "sign", "sign", "code"))
        return self._money(self.number(self.sign * value), style or ("sign" if final else ""))

    def _money(self, text: str, style: str) -> str:
        if not style:
            return text
        if style == "code":
            return f"{text} {self.sale.currency}"
        sign = SYMBOLS[self.sale.currency]
        return f"{sign}{text}" if self.of == "en" else f"{text} {sign}"

    def says_currency(self) -> str:
        """The line that names the currency where amounts do not."""
        return {"de": "Alle Beträge in", "fr": "Montants exprimés en", "en": "All amounts in"}[
            self.of
        ] + f" {self.sale.currency}"

    # ---- parties

    def seller(self) -> list[str]:
        """The seller's name and address."""
        lines = address(self.sale.supplier, self.of)
        return lines if self.country else lines[:3]

    def sender(self) -> str:
        """The seller in one line above the address window."""
        between = str(self.habits.pick("sender", (" · ", " - ", ", ", " | ", " • ")))
        return between.join(address(self.sale.supplier, self.of)[:3])

    def buyer(self, party: dict[str, Any] | None = None) -> list[str]:
        """The lines of an address window."""
        lines = address(party or self.sale.buyer, self.of)
        shown = lines if self.country else lines[:3]
        return [shown[0], *([self.sale.attention] if self.sale.attention and party is None else []), *shown[1:]]

    def ids(self) -> list[str]:
        """VAT id, tax number, register, manager."""
        seller = self.sale.supplier
        found = [f"{self.label('vat_id')} {seller['vat_id']}"] if seller["vat_id"] else []
        found += (
            [f"{self.label('tax_number')} {seller['tax_number']}"] if self.habits.pick("tax no", (True, False)) else []
        )
        found += [seller["register"]] if self.habits.pick("register", (True, True, False)) else []
        manager = self.w("manager").format(
            p=self.habits.pick("manager", WORDS["given"]) + " " + self.habits.pick("m", WORDS["family"][self.of])
        )
        return [*found, manager] if self.habits.pick("managed", (True, False)) else found

    def contacts(self) -> list[str]:
        """Telephone, mail and web."""
        seller = self.sale.supplier
        return [
            f"{self.label('phone')} {seller['phone']}",
            f"{self.label('mail')} {seller['email']}",
            seller["website"],
        ]

    def account(self) -> list[str]:
        """Bank, IBAN and BIC; nothing where none is printed."""
        if not self.sale.iban:
            return []
        iban = spaced(self.sale.iban) if self.habits.pick("iban", (True, True, False)) else self.sale.iban
        colon = self.habits.pick("iban colon", (":", ""))
        return [str(self.sale.bank), f"IBAN{colon} {iban}", f"BIC{colon} {self.sale.bic}"]

    # ---- what stands beside and below

    @property
    def due(self) -> str:
        return self.day(self.sale.due_on)

    @property
    def shows_due(self) -> bool:
        """Whether the due date stands among the facts."""
        return not self.sale.credit and bool(self.habits.pick("due", (True, True, False)))

    def facts(self) -> Pairs:
        """Labels and values of the reference block."""
        sale = self.sale
        number = "credit_number" if sale.credit else "number"
        found = [(number, sale.number), ("date", self.day(sale.issued_on))]
        found += [("customer", sale.customer)] if self.habits.pick("customer", (True, True, False)) else []
        found += [("order", order) for order in sale.orders]
        found += [("delivery", ", ".join(sale.delivery_notes))] if sale.delivery_notes else []
        found += [("delivered", self.day(sale.delivered_on))] if sale.delivered_on else []
        found += [("period", f"{self.day(sale.period[0])} - {self.day(sale.period[1])}")] if sale.period else []
        found += [("reference", sale.reference)] if sale.reference else []
        found += [("refers", sale.refers_to)] if sale.refers_to else []
        found += [("due", self.due)] if self.shows_due else []
        found += [("contact", sale.contact)] if sale.contact else []
        if self.habits.pick("facts order", (False, False, True)):
            found = [*found[2:], *found[:2]]
        return [(self.label(key), value) for key, value in found]

    def sums(self) -> Pairs:
        """What stands below the table, from the goods to the payable amount."""
        sale = self.sale
        found: list[tuple[str, Decimal]] = []
        if sale.allowance or sale.charge:
            found.append((self.w("lines_sum"), sale.goods))
            found += [(self.w("allowance"), -sale.allowance)] if sale.allowance else []
            found += [(self.w("charge"), sale.charge)] if sale.charge else []
        found.append((self.w("net"), sale.net))
        for row in sale.taxes:
            found.append((self.w("tax", r=percent(row.rate, self.of), b=self.money(row.base)), row.tax))
        found.append((self.w("total"), sale.total))
        if sale.prepaid:
            found += [(self.w("prepaid"), -sale.prepaid), (self.w("payable"), sale.total - sale.prepaid)]
        final = (self.w("total"), self.w("payable"))
        return [(label, self.money(value, final=label in final)) for label, value in found]

    def tax_rows(self) -> list[list[str]]:
        """The table of taxes: rate, base, tax, gross."""
        return [
            [f"{percent(t.rate, self.of)} %", self.money(t.base), self.money(t.tax), self.money(t.base + t.tax)]
            for t in self.sale.taxes
        ]

    def closing(self) -> list[str]:
        """Sentences at the end."""
        sale, found = self.sale, []
        if not sale.credit:
            if sale.discount:
                rate, days = sale.discount
                last = self.day(sale.issued_on + timedelta(days=days))
                found.append(self.w("discount_text", p=percent(rate, self.of), d=last))
            if not self.shows_due or self.habits.pick("due twice", (True, False)):
                found.append(self.w("due_text", d=self.due))
        return [*found, self.w("thanks")]

    def rows(self, order: Sequence[str]) -> list[list[str]]:
        """The cells of all rows in the given order of columns."""
        places = self.habits.pick("places", (None, None, 2, 3))
        joined = self.habits.pick("percent", (" %", "%", ""))
        found = []
        for row in self.sale.rows:
            exponent = row.price.as_tuple().exponent
            decimals = max(2, -exponent if isinstance(exponent, int) else 2)
            quantity = self.number(row.quantity, places)
            cells = {
                "position": str(row.position),
                "code": row.code,
                "text": row.text,
                "quantity": quantity,
                "measure": f"{quantity} {row.unit}",
                "unit": row.unit,
                "price": self._money(self.number(row.price, decimals), self.habits.pick("cells", ("", "", "", "sign"))),
                "discount": f"{percent(getattr(row, 'less', Decimal(0)), self.of)}{joined}"
                if getattr(row, "less", 0)
                else "",
                "rate": f"{percent(row.rate, self.of)}{joined}",
                "amount": self.cell(row.amount),
            }
            found.append([cells[name] for name in order])
        return found
