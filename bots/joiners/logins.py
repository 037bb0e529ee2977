"""Logins: the first letter of the given name and the surname, in plain letters; a number where it is taken."""

from __future__ import annotations

from collections.abc import Callable

from bots.joiners.names import folded

LONGEST = 20
MOST = 99


def login_for(given_names: str, surname: str, is_taken: Callable[[str], bool]) -> str:
    """A free login. Raises ValueError where there is no letter to make one of, or all are taken."""
    given, family = folded(given_names).split(), folded(surname).replace(" ", "")
    stem = ((given[0][0] if given else "") + family)[:LONGEST]
    if len(stem) < 2:
        raise ValueError("the name has too few letters")
    for number in range(1, MOST + 1):
        login = stem if number == 1 else f"{stem}{number}"
        if not is_taken(login):
            return login
    raise ValueError("all logins of that name are taken")
