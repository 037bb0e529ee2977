"""The register as the review desk lists it: a contract is read again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock

from bots.contracts.glance import Glance, glance
from workitems.dossiers import Dossiers
from workitems.ledger import Ledger


class HomeRegister:
    """Implements desk.register_page.Registered on a home's dossiers."""

    def __init__(self, home: Path, desk: str, ours: Callable[[], Sequence[str]]) -> None:
        """`ours` gives the company's own names."""
        self._home, self._desk, self._ours, self._one = home, desk, ours, Lock()
        self._known: dict[str, tuple[int, Glance]] = {}

    def contracts(self) -> Sequence[Glance]:
        """All of them, as they stand now."""
        with self._one, closing(Ledger.open(self._home)) as ledger:
            dossiers = Dossiers(ledger.database, self._desk)
            versions = dossiers.versions()
            for name in self._known.keys() - versions.keys():
                del self._known[name]
            changed = [name for name, version in versions.items() if self._known.get(name, (0,))[0] != version]
            ours = self._ours() if changed else ()
            for name in changed:
                if (found := dossiers.get(name)) is not None:
                    self._known[name] = (found.version, glance(found, ours))
            return [told for _, told in self._known.values()]
