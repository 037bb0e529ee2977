"""The demo's joiners: who they are, what comes of whom, and what shall become of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["ready", "waiting", "withdrawn"]


@dataclass(frozen=True)
class Person:
    """One joiner. `start` in working days from the day of the demo, or "holiday": the next public one.

    `card`: the identity paper's picture in `cards/`; `form`: an HR form comes too; `later`: what comes once the others
    have been worked on, as the HR system says it.
    """

    key: str
    given: str
    surname: str
    state: str  # nationality as papers bear it
    born: date
    role: str
    department: str
    manager: str
    start: int | Literal["holiday"]
    outcome: Outcome
    about: str
    code: str = ""  # of the doubt that keeps it
    card: bool = True
    expires: date = date(2034, 6, 30)
    form: Literal["", "xlsx", "json", "both"] = ""
    later: Literal["", "withdrawn", "start_changed"] = ""
    address: str = "Saarstraße 12, 54290 Trier"

    @property
    def email(self) -> str:
        """A private address."""
        return f"{self.key}@post.example"


PEOPLE = (
    Person("lindqvist", "Nora", "Lindqvist", "SWE", date(1993, 3, 12), "Quality inspector", "Quality", "Chidi Okafor",
           -3, "ready", "everything is there", form="xlsx"),
    Person("mueller", "Jürgen", "Müller", "D", date(1988, 11, 2), "Machine operator", "Production", "Ayşe Demirel",
           -1, "ready", "the passport writes MUELLER JUERGEN", form="json"),
    Person("rossi", "Sofia", "Rossi", "ITA", date(1996, 7, 23), "Buyer", "Purchasing", "Jonas Reiter",
           -2, "ready", "the form came twice, as a file and from the HR system", form="both"),
    Person("brandl", "Oskar", "Brandl", "AUT", date(1990, 1, 30), "Design engineer", "Engineering", "Henning Wolters",
           -2, "ready", "no licence is left: a purchase request stands in the ERP"),
    Person("dahl", "Emil", "Dahl", "DNK", date(1985, 5, 9), "Sales representative", "Sales", "Miriam Vogt",
           -1, "waiting", "the start date moved after the account was made", code="move_destroys",
           later="start_changed"),
    Person("moreau", "Lucie", "Moreau", "FRA", date(1999, 9, 14), "Software developer", "IT", "Paweł Kowalczyk",
           5, "waiting", "the identity paper is missing", code="identity_missing", card=False),
    Person("brenner", "Tobias", "Brenner", "D", date(1979, 12, 24), "Buyer", "Purchasing", "Jonas Reiter",
           8, "waiting", "the passport has expired", code="identity_expired", expires=date(2024, 2, 15)),
    Person("vos", "Hanna", "Vos", "NLD", date(1994, 4, 18), "Quality inspector", "Quality", "Chidi Okafor",
           12, "withdrawn", "she has withdrawn", card=False, later="withdrawn"),
    Person("costa", "Inês", "Costa", "PRT", date(1991, 8, 6), "Machine operator", "Production", "Ayşe Demirel",
           "holiday", "waiting", "the first day is a public holiday", code="waits_for_day"),
    Person("petrova", "Elena", "Petrova", "BGR", date(1987, 2, 27), "Design engineer", "Engineering", "Henning Wolters",
           -1, "waiting", "somebody of that name is employed already", code="already_employed"),
)  # fmt: skip
