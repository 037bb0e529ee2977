"""Sends what is released, each mail once, however often a bot is killed on the way.

Before a mail goes out its intent is in the ledger. An attempt that finds an intent without an end looks in the mail
system first; where that cannot tell, a person looks: no mail is better than a second one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bots.joiners.mailbag import Kept, Letter, State
from bots.joiners.writing import Post, write_letters
from connectors.outgoing import MailFile, Outbox, OutgoingMail, PerhapsSent
from workitems.dossiers import By
from workitems.errors import NeedsReview, TryLater
from workitems.rows import Effect

log = logging.getLogger(__name__)
LOCK, LOCK_SECONDS = "joiners-mails", 900.0
MOST_ATTEMPTS = 10_000
Files = Callable[[str, Letter], tuple[MailFile, ...]]
"""The files that a letter carries; the joiner's key names its appointments."""


class Effects(Protocol):
    """What is needed of the ledger."""

    def begin_effect(self, key: str, item_id: str, intent: dict[str, Any]) -> Effect:
        """Writes down what is about to be done."""
        ...

    def finish_effect(self, key: str, result: dict[str, Any]) -> None:
        """Writes down what came of it."""
        ...


@dataclass(frozen=True)
class Way:
    """How mails go out: the mail system, the ledger of what was begun, the files that letters carry."""

    outbox: Outbox
    effects: Effects
    files: Files


def mail_round(post: Post, way: Way, by: By, only: str | None = None) -> int:
    """Writes what is due and sends what is released; how many went out. One at a time in the whole house.

    What a bot that died had in hand is ended before its letter could be written anew. A mail system that is away, or
    another round that is under way, costs nothing: the next round goes on. `only`: one bag, after a joiner's turn.
    """
    count = 0
    try:
        with post.office.locks.lock(LOCK, LOCK_SECONDS):
            count += send_released(post, way, by, only)
            write_letters(post, by, only)
            count += send_released(post, way, by, only)
    except TryLater as later:
        log.warning("Mails wait: %s", later.code)
    return count


def send_released(post: Post, way: Way, by: By, only: str | None = None) -> int:
    """Sends all mails that are released; how many went out. Raises TryLater when the mail system is away."""
    count = 0
    for bag in [post.bags.of(only)] if only else post.bags.all():
        for key, kept in bag.mails.items():
            if kept.state == "released":
                how = deliver(_mail(bag.key, kept, way.files), way.outbox, way.effects, (by.item_id, kept.tries))
                post.bags.settle(bag.key, key, how, By(by.item_id, by.who, f"mail {how}"), post.office.now())
                count += how == "sent"
    return count


def _mail(bag: str, kept: Kept, files: Files) -> OutgoingMail:
    letter = kept.letter
    key = f"{bag}:{letter.key}"
    return OutgoingMail(key=key, to=letter.to, subject=letter.subject, text=letter.text, files=files(bag, letter))


def deliver(mail: OutgoingMail, outbox: Outbox, effects: Effects, about: tuple[str, int]) -> State:
    """Sends one mail; what became of it. `about`: the item at hand, and how often a person had it sent once more.

    Raises TryLater where it surely did not go out.
    """
    item_id, tries = about
    key, effect, number = _begun(f"mail:{mail.key}:{tries}", mail, effects, item_id)
    if effect.state == "done":
        return _how(effect)
    found = "absent" if effect.fresh and number == 1 and not tries else outbox.search(mail)
    if found == "sent":
        return _ended(effects, key, "sent")
    if found == "unknown" and not effect.fresh:
        return _ended(effects, key, "perhaps")
    try:
        outbox.send(mail)
    except PerhapsSent:
        return _ended(effects, key, "perhaps")
    except NeedsReview:
        return _ended(effects, key, "refused")
    except TryLater:
        effects.finish_effect(key, {"how": "not sent"})
        raise
    return _ended(effects, key, "sent")


def _begun(stem: str, mail: OutgoingMail, effects: Effects, item_id: str) -> tuple[str, Effect, int]:
    """The attempt that counts: those that surely sent nothing are over, each under a number of its own."""
    for number in range(1, MOST_ATTEMPTS):
        key = f"{stem}:{number}"
        effect = effects.begin_effect(key, item_id, {"mail": mail.key})
        if effect.state != "done" or (effect.result or {}).get("how") != "not sent":
            return key, effect, number
    raise TryLater("mail_away", "The mail was tried too often.")


def _how(effect: Effect) -> State:
    how = (effect.result or {}).get("how")
    return "sent" if how == "sent" else "refused" if how == "refused" else "perhaps"


def _ended(effects: Effects, key: str, how: State) -> State:
    effects.finish_effect(key, {"how": how})
    return how
