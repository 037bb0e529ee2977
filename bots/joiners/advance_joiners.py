"""Each day: a turn for every joiner whose plan has something for the bots.

What a day brings: tasks that open on the first day, changes that become due, papers that are still missing.
"""

from __future__ import annotations

from collections.abc import Callable

from bots.joiners.nouns import Joiner, JoinerTurn
from bots.joiners.office import Office, joiner_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.plan import bots_turn
from workitems.work import Output

STEP = "advance_joiners"


Claim = Callable[[str], bool]
"""Claims a turn for the attempt at hand: it holds if the attempt does, and is given once."""


def turns(office: Office, claim: Claim) -> list[Output]:
    """A turn for each open joiner whom the bots can do something for today; once a day and standing each."""
    found = []
    for dossier in office.dossiers.all("open"):
        joiner = joiner_of(dossier)
        key = f"turn:{joiner.key}:{office.today}:{dossier.version}"
        if _has_something(joiner, office) and claim(key):
            found.append(Output(item=JoinerTurn(joiner=joiner.key, on=office.today), key=key))
    return found


def _has_something(joiner: Joiner, office: Office) -> bool:
    if any(not move.settled for move in joiner.moves):
        return True
    return bool(bots_turn(steps_of(joiner, office)))
