"""One joiner as the letters see them: the address that is sure, the language, the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bots.joiners.facts import certainty, day, disagreements, known, name_of
from bots.joiners.mailbag import Kept, Letter
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office, values_of
from bots.joiners.plan import Step
from bots.joiners.policy import JoinersPolicy
from bots.joiners.wording import Kind, Wording, block, filled
from connectors.outgoing import is_address


@dataclass(frozen=True)
class Mailing:
    """One joiner as the letters see them. `settled`: the mails that went out, or never will; `told`: the calendar
    tells the guests by itself."""

    joiner: Joiner
    steps: tuple[Step, ...]
    settled: Mapping[str, Kept]
    office: Office
    wording: Wording
    told: bool = False

    @property
    def values(self) -> dict[str, str]:
        """One value per field."""
        return values_of(self.joiner)

    @property
    def to(self) -> str | None:
        """The joiner's address, where it is sure."""
        return address_of(self.joiner, self.office.policy)

    @property
    def first_day(self) -> date | None:
        """The first day as the contract says it."""
        return day(self.values.get("starts_on"))

    def is_open(self, letter: Letter) -> bool:
        """Whether the letter did not go out yet; one that was refused goes to another address once there is one."""
        before = self.settled.get(letter.key)
        return before is None or (before.state == "refused" and before.letter.to != letter.to)

    def letter(self, key: str, kind: Kind, to: str, values: Mapping[str, str], **more: object) -> Letter:
        """A letter of that kind; `values` of several lines are made of lines that were filled already."""
        first, company = self.first_day, self.office.company.names[0]
        own = {
            "name": name_of(self.values),
            "given_names": self.values.get("given_names", ""),
            "manager": self.values.get("manager", "HR"),
            "first_day": self.wording.day(first) if first else "?",
            "company": company,
        }
        return written(self.wording, key, kind, to, own | dict(values)).model_copy(update=more)


def written(wording: Wording, key: str, kind: Kind, to: str, values: Mapping[str, str]) -> Letter:
    """A letter from its template. Names are one line each; lists have been made line by line."""
    template = wording.letters[kind]
    lists = {name: value for name, value in values.items() if name in ("papers", "appointments", "joiners")}
    plain = {name: filled("{value}", {"value": value}) for name, value in values.items()} | lists
    subject, text = filled(template.subject, values), block(template.text, plain)
    return Letter(key=key, kind=kind, to=to, name=plain["name"], subject=subject, text=text)


def address_of(joiner: Joiner, policy: JoinersPolicy) -> str | None:
    """The one address that mails may go to: said by a person, or read surely, with no paper against it."""
    found = known(joiner).get("email")
    if found is None or not is_address(found.value.strip()):
        return None
    if found.fact.source == "person":
        return found.value.strip()
    same = [f for f in joiner.facts["email"] if f.value.strip().casefold() == found.value.strip().casefold()]
    differs = any(d.field == "email" for d in disagreements(joiner))
    return None if differs or certainty("email", same) < policy.sure else found.value.strip()


def language_of(joiner: Joiner, policy: JoinersPolicy) -> str:
    """The language of the joiner's letters, by nationality."""
    return policy.languages.get(values_of(joiner).get("nationality", "").upper(), policy.language)
