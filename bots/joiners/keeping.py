"""How long what is known of a joiner is kept: the identity paper shortest, then the rest of who withdrew or has left.

Pure. What stays of an identity paper is what has to be shown later: that it was checked, when and by whom, until when
it is valid, and the last three characters of its number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bots.joiners.facts import known
from bots.joiners.nouns import Fact, Joiner, State
from bots.joiners.policy import JoinersPolicy

LAST, CUT = 3, "..."
NAMELESS = "identity paper"
"""What a file is called once it is deleted: names of files hold names of people."""
_OF_PAYLOAD = ("kind", "source", "signed", "joiner", "route", "ended")
_OF_DOCUMENT = ("id", "media_type", "part")
_OF_PAPER = ("kind", "kind_confidence", "source", "pages", "language", "models", "seconds")


def identity_due(joiner: Joiner, state: State, changed_at: datetime, policy: JoinersPolicy) -> datetime | None:
    """When the identity paper is to be deleted; None: it is not decided yet, or kept like the other papers."""
    if policy.keep_identity_days is None:
        return None
    checked = joiner.done["identity"].at if "identity" in joiner.done else None
    decided = [at for at in (checked, changed_at if state != "open" else None) if at is not None]
    return min(decided) + timedelta(days=policy.keep_identity_days) if decided else None


def dossier_due(state: State, changed_at: datetime, policy: JoinersPolicy) -> datetime | None:
    """When all that is known of a joiner is to be deleted; None: it is kept."""
    days = {"withdrawn": policy.keep_withdrawn_days, "left": policy.keep_left_days}.get(state)
    return None if days is None else changed_at + timedelta(days=days)


def without_identity(joiner: Joiner) -> Joiner:
    """The dossier without the identity paper; called again nothing changes."""
    known_numbers = joiner.facts.get("document_number", ())
    numbers = {f.value for f in known_numbers if not f.value.startswith(CUT)}
    facts = joiner.facts | ({"document_number": tuple(map(_ending, known_numbers))} if known_numbers else {})
    papers = tuple(
        p.model_copy(update={"filename": NAMELESS, "sha256": ""}) if p.source == "identity" else p
        for p in joiner.papers
    )
    accepted = tuple(_masked(text, numbers) for text in joiner.accepted)
    reduced = joiner.model_copy(update={"facts": facts, "papers": papers, "accepted": accepted})
    if "identity" not in joiner.done:
        return reduced
    checked = joiner.done["identity"].model_copy(update={"evidence": _evidence(reduced)})
    return reduced.model_copy(update={"done": joiner.done | {"identity": checked}})


def reduced_payload(payload: dict[str, Any]) -> dict[str, Any]:
    """What stays of the work item of an identity paper: that it was there, and what became of it."""
    kept = {name: payload[name] for name in _OF_PAYLOAD if name in payload}
    about = payload.get("document") or {}
    document = {"sha256": "", "filename": NAMELESS, "media_type": "", "mail": {}}
    kept["document"] = document | {name: about[name] for name in _OF_DOCUMENT if name in about}
    if isinstance(payload.get("paper"), dict):
        kept["paper"] = {name: payload["paper"][name] for name in _OF_PAPER if name in payload["paper"]}
    return kept


def _cut(number: str) -> str:
    return number if number.startswith(CUT) else f"{CUT}{number[-LAST:]}"


def _ending(fact: Fact) -> Fact:
    return fact.model_copy(update={"value": _cut(fact.value)})


def _masked(text: str, numbers: set[str]) -> str:
    """An accepted doubt stays accepted: it is compared word for word, with the number as the dossier has it now."""
    for number in numbers:
        text = text.replace(number, _cut(number))
    return text


def _evidence(joiner: Joiner) -> str:
    values = {field: found.value for field, found in known(joiner).items()}
    told = [NAMELESS, f"valid until {values['expires_on']}" if "expires_on" in values else ""]
    told.append(f"number {values['document_number']}" if "document_number" in values else "")
    return ", ".join(filter(None, told))
