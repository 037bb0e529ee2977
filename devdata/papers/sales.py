"""Made-up sellers and what they bill: the ground for invoices of many houses, always the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from devdata.papers.bills import Bill, Row, TaxRow, cents
from devdata.papers.firms import Firms, Language

_RATES = {"de": ("19", "7"), "fr": ("20", "5.5"), "en": ("20", "0")}
_ROWS = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11, 15, 26, 38)


@dataclass(frozen=True)
class SaleRow(Row):
    """A charged line with what is taken off its price, in per cent."""

    less: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.price * (100 - self.less) / 100)


@dataclass(frozen=True)
class Sale(Bill):
    """A bill with what invoices also carry. `allowance` and `charge` are for the whole bill, at its first rate."""

    customer: str = ""
    contact: str = ""
    attention: str = ""  # a person or department in the buyer's address
    reference: str = ""
    ship_to: dict[str, Any] | None = None
    period: tuple[date, date] | None = None
    allowance: Decimal = Decimal(0)
    charge: Decimal = Decimal(0)
    prepaid: Decimal = Decimal(0)
    sections: dict[int, str] = field(default_factory=dict)  # headings above rows, by the row's place

    @property
    def goods(self) -> Decimal:
        """What the rows cost together."""
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def net(self) -> Decimal:
        return self.goods - self.allowance + self.charge

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        bases = {rate: Decimal(0) for rate in dict.fromkeys(row.rate for row in self.rows)}
        for row in self.rows:
            bases[row.rate] += row.amount
        bases[self.rows[0].rate] += self.charge - self.allowance
        return tuple(TaxRow(rate, "", base, cents(base * rate / 100)) for rate, base in bases.items())


class Trader(Firms):
    """Makes sales of one seller."""

    def __init__(self, seed: str, language: Language) -> None:
        super().__init__(seed, language)
        self.currency = "USD" if language == "en" and self.likely(0.25) else {"en": "GBP"}.get(language, "EUR")
        if language == "en" and self.likely(0.25):
            self.currency = "EUR"
        self.seller = self.party(offices=False)
        self.number = self._number_shape()
        self.rates = [Decimal(r) for r in _RATES[language]]
        self.account = self.new_account()
        self.bill_no = self.random.randint(12, 9800)

    def sale(self) -> Sale:
        """The seller's next bill."""
        self.bill_no += self.random.randint(1, 9)
        issued = date(2024, 1, 3) + timedelta(days=self.random.randrange(900))
        rows = self._rows()
        goods = sum((row.amount for row in rows), Decimal(0))
        allowance = cents(goods * self.random.choice((2, 3, 5)) / 100) if self.likely(0.12) else Decimal(0)
        charge = Decimal(self.random.choice(("5.9", "12.5", "49"))) if self.likely(0.15) else Decimal(0)
        credit = self.likely(0.1)
        discount = {"percent": self.random.choice(("2", "3")), "days": 10} if self.likely(0.25) else None
        start = issued.replace(day=1)
        made = Sale(
            supplier=self.seller,
            buyer=self.party(),
            number=self.number.format(y=issued.year, n=self.bill_no, d=issued),
            issued_on=issued,
            rows=rows,
            term={"days": self.random.choice((8, 14, 30, 30, 45)), "discount": discount},
            currency=self.currency,
            language=self.language,
            credit=credit,
            refers_to=self.number.format(y=issued.year, n=self.bill_no - 1, d=issued) if credit else None,
            orders=(self._order(),) if self.likely(0.55) else (),
            delivery_notes=(f"LS{self.digits(5)}",) if self.likely(0.3) else (),
            delivered_on=issued - timedelta(days=self.random.randint(0, 9)) if self.likely(0.4) else None,
            customer=self.digits(self.random.choice((4, 5, 6))),
            contact=self.person() if self.likely(0.45) else "",
            attention=f"{self.one('attention')} {self.person()}" if self.likely(0.2) else "",
            reference=f"{self.random.choice('ABKP')}-{self.digits(4)}" if self.likely(0.25) else "",
            ship_to=self.party() if self.likely(0.2) else None,
            period=(start, issued) if self.likely(0.12) and issued.day > 3 else None,
            allowance=allowance,
            charge=charge,
            sections=self._sections(len(rows)),
            iban=self.account["iban"],
            bic=self.account["bic"],
            bank=self.account["bank"],
        )
        part = Decimal(self.random.choice((30, 50, 100))) / 100 if self.likely(0.15) and not credit else Decimal(0)
        return made if not part else Sale(**{**made.__dict__, "prepaid": cents(made.total * part)})

    def _rows(self) -> tuple[SaleRow, ...]:
        goods = self.random.choices(self.words["goods"], k=self.random.choice(_ROWS))
        second, has_less = self.likely(0.3), self.likely(0.2)
        rows = []
        for n, line in enumerate(goods, 1):
            text, unit, price = line.split("|")
            shift = Decimal(self.random.randint(80, 130)) / 100
            quantity = Decimal(self.random.choice(("1", "1", "2", "3", "5", "10", "12", "24", "100", "7.5", "1250")))
            rows.append(
                SaleRow(
                    n,
                    self._code(),
                    text,
                    quantity if Decimal(price) < 100 else min(quantity, Decimal(12)),
                    unit,
                    priced(Decimal(price) * shift, Decimal(price)),
                    self.rates[int(second and self.likely(0.4))],
                    "",
                    details=self._details(),
                    less=Decimal(self.random.choice((5, 10, 15))) if has_less and self.likely(0.5) else Decimal(0),
                )
            )
        return tuple(rows)

    def _details(self) -> tuple[str, ...]:
        if not self.likely(0.3):
            return ()
        return tuple(self.one("details").format(n=self.digits(6)) for _ in range(self.random.choice((1, 1, 2))))

    def _sections(self, rows: int) -> dict[int, str]:
        if rows < 4 or not self.likely(0.2):
            return {}
        return {n: f"{self.one('delivery')} {self.digits(6)}" for n in (0, rows // 2)}

    def _code(self) -> str:
        return self.random.choice(("{}", "{}", "A{}", "{}-S", "XB-{}")).format(
            self.digits(self.random.choice((4, 5, 6)))
        )

    def _order(self) -> str:
        return self.random.choice(("{}", "PO-{}", "B{}", "45000{}", "{}/24")).format(self.digits(5))

    def _number_shape(self) -> str:
        shapes = (
            "RE-{y}-{n:04d}",
            "{y}{n:05d}",
            "{n:04d}/{y}",
            "F{y}-{n}",
            "9000{n:05d}",
            "INV-{n:05d}",
            "R{d:%y%m}{n:04d}",
        )
        return self.random.choice((*shapes, "{n}", "{y}-{n:03d}", "FA{d:%y%m}-{n:04d}", "{n:06d}"))


def priced(price: Decimal, like: Decimal) -> Decimal:
    """A price with as many decimals as the list price has, at least two."""
    exponent = like.as_tuple().exponent
    return round(price, max(2, -exponent if isinstance(exponent, int) else 2))
