"""Names, places, firms and goods for made-up papers, by language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from devdata.kinds.word_lists import words

_WORDS = words("people")
GIVEN = _WORDS["GIVEN"]
FAMILY = _WORDS["FAMILY"]
STREETS = _WORDS["STREETS"]
TOWNS = _WORDS["TOWNS"]
FORMS = _WORDS["FORMS"]
TRADES = _WORDS["TRADES"]
GOODS = _WORDS["GOODS"]
MONTHS = _WORDS["MONTHS"]

LANGUAGES = ("de", "fr", "en", "es", "it", "nl")
SHARES = (30, 22, 30, 6, 6, 6)


@dataclass(frozen=True)
class Party:
    """A firm and where it is."""

    name: str
    street: str
    town: str
    person: str
    web: str

    @property
    def address(self) -> list[str]:
        return [self.street, self.town]


@dataclass
class Maker:
    """The language and the chance of one paper."""

    random: Random
    language: str

    def of(self, *choices: str) -> str:
        """One of them."""
        return self.random.choice(choices)

    def one_of(self, words: dict[str, list[str]]) -> str:
        """One of the language's own words; English where it has none."""
        return self.random.choice(words.get(self.language) or words["en"]).replace("_", " ")

    def likely(self, share: float) -> bool:
        """True in that share of all papers."""
        return self.random.random() < share

    def digits(self, count: int) -> str:
        return "".join(self.random.choices("0123456789", k=count))

    def code(self) -> str:
        """A document's number."""
        start = self.of("", "", "RE", "A", "2024-", "24/", "No", "K", "F", "X-", "INV", "LS", "AB")
        return start + self.digits(self.random.randint(3, 8))

    def person(self) -> str:
        return f"{self.random.choice(GIVEN)} {self.random.choice(FAMILY)}"

    def party(self) -> Party:
        """A firm of this language."""
        head = self.of(self.random.choice(FAMILY), self.random.choice(TRADES) + " " + self.random.choice(TRADES))
        name = f"{head} {self.of(self.random.choice(TRADES), '').strip()} {self.random.choice(FORMS[self.language])}"
        number = str(self.random.randint(1, 240))
        street = self.one_of(STREETS)
        street = f"{number} {street}" if self.language in ("fr", "en") else f"{street} {number}"
        town = self.one_of(TOWNS)
        town = f"{town}, {self.digits(5)}" if self.language == "en" else f"{self.digits(5)} {town}"
        return Party(" ".join(name.split()), street, town, self.person(), f"www.{head.split()[0].lower()}.example")

    def day(self, since: int = 2015, until: int = 2026) -> date:
        start = date(since, 1, 1)
        return start + timedelta(days=self.random.randrange((date(until, 12, 28) - start).days))

    def date(self, day: date | None = None) -> str:
        """A day as somebody writes it."""
        d = day or self.day()
        month = MONTHS[self.language][d.month - 1]
        shapes = [f"{d:%d.%m.%Y}", f"{d:%d/%m/%Y}", f"{d:%Y-%m-%d}", f"{d.day}. {month} {d.year}", f"{d:%d-%b-%y}"]
        if self.language == "en":
            shapes += [f"{month} {d.day}, {d.year}", f"{d:%m/%d/%Y}", f"{d.day} {month} {d.year}"]
        return self.of(*shapes)

    def amount(self, highest: float = 3000.0) -> str:
        """An amount as this language writes it."""
        value = f"{self.random.uniform(1, highest):,.2f}"
        return value if self.language == "en" else value.replace(",", " ").replace(".", ",").replace(" ", ".")

    def money(self, highest: float = 3000.0) -> str:
        sign = self.of("$", "£", "€", "") if self.language == "en" else self.of("€", "EUR", "", "CHF")
        amount = self.amount(highest)
        return f"{sign}{amount}" if sign in ("$", "£") else f"{amount} {sign}".strip()

    def iban(self) -> str:
        country = {"en": "GB", "nl": "NL"}.get(self.language, self.language.upper())
        return f"{country}{self.digits(2)} " + " ".join(self.digits(4) for _ in range(5))

    def vat(self) -> str:
        country = {"en": "GB", "nl": "NL"}.get(self.language, self.language.upper())
        return f"{country}{self.digits(9)}"


def maker(seed: int | str) -> Maker:
    """The chance of a paper, the same for the same seed."""
    random = Random(f"paper {seed}")  # noqa: S311 - no secret
    return Maker(random, random.choices(LANGUAGES, SHARES)[0])
