"""Made-up firms and people in German, French and English, always the same for the same seed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Literal

Language = Literal["de", "fr", "en"]
WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words").joinpath("sales.json").read_text(encoding="utf-8"))
_SEAT = {"de": "DE", "fr": "FR", "en": "GB"}


class Firms:
    """Makes parties of one language."""

    def __init__(self, seed: str, language: Language) -> None:
        self.random = Random(seed)  # noqa: S311 - no secret hangs on it
        self.language, self.words = language, WORDS[language]

    def likely(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.random.random() < share

    def one(self, key: str) -> str:
        """One of the language's words."""
        return str(self.random.choice(self.words[key]))

    def digits(self, count: int) -> str:
        """A number of so many digits that does not begin with zero."""
        return str(self.random.randint(10 ** (count - 1), 10**count - 1))

    def person(self) -> str:
        return f"{self.random.choice(WORDS['given'])} {self.random.choice(WORDS['family'][self.language])}"

    def filled(self, text: str) -> str:
        """A pattern with names in its places."""
        family = self.random.sample(WORDS["family"][self.language], 2)
        town = str(self.random.choice(self.words["towns"]))
        return text.format(
            f=family[0],
            g=family[1],
            t=self.one("trades"),
            a=self.random.choice(WORDS["brands"]),
            c=town_name(town),
            p=self.random.choice(WORDS["given"]),
            n=self.digits(self.random.choice((1, 2, 2, 3))) if "{n}" in text else "",
        )

    def party(self, offices: bool = True) -> dict[str, Any]:
        """A firm (or an office, or a person) with address, numbers and account."""
        name = self.filled(self.one("offices" if offices and self.likely(0.2) else "names"))
        web = "".join(c for c in name.lower().split()[0] if c.isascii() and c.isalpha()) or "firma"
        place = place_of(str(self.random.choice(self.words["towns"])), self.filled(self.one("streets")), self.language)
        country = place["country"]
        return {
            "name": name,
            "address": place,
            "vat_id": vat(self, country),
            "tax_number": {"DE": f"{self.digits(2)}/{self.digits(3)}/{self.digits(5)}"}.get(country, self.digits(9)),
            "register": self.one("register").format(c=town_name(place["city"]), n=self.digits(6)),
            "phone": self._phone(),
            "email": self.random.choice(("info", "office", "contact", "billing")) + f"@{web}.example",
            "website": f"www.{web}.example",
            "language": self.language,
        }

    def _phone(self) -> str:
        start = {"de": "+49 {} / {}-0", "fr": "0{} {}", "en": "+44 {} {}"}[self.language]
        return start.format(self.digits(3), self.digits(6))

    def new_account(self) -> dict[str, str | None]:
        """Bank, IBAN and BIC, or none of them."""
        if not self.likely(0.85):
            return {"iban": None, "bic": None, "bank": None}
        country = _SEAT[self.language] if self.likely(0.9) else "DE"
        rest = {"DE": self.digits(18), "FR": self.digits(23), "GB": "BARC" + self.digits(14)}[country]
        banks = {
            "DE": ("Sparkasse", "Volksbank", "Commerzbank"),
            "FR": ("BNP Paribas", "Crédit Agricole"),
            "GB": ("Barclays",),
        }
        bics = {"DE": "COBADEFFXXX", "FR": "BNPAFRPPXXX", "GB": "BARCGB22"}
        return {"iban": checked(country, rest), "bic": bics[country], "bank": self.random.choice(banks[country])}


def checked(country: str, rest: str) -> str:
    """An IBAN with its check digits."""
    plain = "".join(str(int(c, 36)) for c in f"{rest}{country}00")
    return f"{country}{98 - int(plain) % 97:02d}{rest}"


def vat(firms: Firms, country: str) -> str | None:
    """A VAT number, where the firm has one."""
    if country == "US" or not firms.likely(0.92):
        return None
    return country + (firms.digits(11) if country == "FR" else firms.digits(9))


def town_name(town: str) -> str:
    """The town of a line with its postal code."""
    words = [w for w in town.replace(",", "").split() if w.isalpha() and len(w) > 2]
    return words[0] if words else town


def place_of(town: str, street: str, language: Language) -> dict[str, Any]:
    """The parts of an address."""
    if language != "en":
        postal_code, city = town.split(" ", 1)
        return {"street": street, "postal_code": postal_code, "city": city, "country": _SEAT[language]}
    if "," in town:
        city, state, postal_code = town.replace(",", "").rsplit(" ", 2)
        return {"street": street, "postal_code": postal_code, "city": city, "country": "US", "subdivision": state}
    city, first, second = town.rsplit(" ", 2)
    return {"street": street, "postal_code": f"{first} {second}", "city": city, "country": "GB"}
