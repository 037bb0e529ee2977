"""Mailboxes for the tests: a folder, a real Dovecot, an emulated Exchange."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

EMULATORS = str(Path(__file__).parents[2] / "emulators")
if EMULATORS not in sys.path:  # a package of the environment is also named `tests`
    sys.path.insert(0, EMULATORS)

from dovecot import server as dovecot_server  # noqa: E402
from ews.server import EwsServer  # noqa: E402


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecot_server.Dovecot]:
    """A private Dovecot for the whole run."""
    if dovecot_server.PROGRAM is None:
        pytest.skip("dovecot is not installed: apt-get install dovecot-imapd")
    server = dovecot_server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def old_dovecot() -> Iterator[dovecot_server.Dovecot]:
    """A private Dovecot that knows neither MOVE nor anything else that came after IMAP4rev1, but UIDPLUS."""
    if dovecot_server.PROGRAM is None:
        pytest.skip("dovecot is not installed: apt-get install dovecot-imapd")
    server = dovecot_server.start(capability="IMAP4rev1 UIDPLUS")
    yield server
    server.stop()


@pytest.fixture
def exchange() -> Iterator[EwsServer]:
    """An emulated Exchange server with an empty mailbox."""
    with EwsServer() as server:
        yield server
