"""sao's dialogs that a bot answers: the login, the password, the ERP's warnings."""

from __future__ import annotations

from functools import partial

from connectors.tryton.waits import Act, Client

LOGIN = ".login-dialog"
QUESTION = ".ask-dialog.in"
WARNING = ".user-warning-dialog.in"


class LoginPage:
    """The login dialog and the question for the password."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def enter(self, database: str, login: str, password: str) -> None:
        """Logs in. Raises DialogShown where the ERP refuses."""
        here = partial(Act, within=LOGIN, expect="login-dialog")
        asked = partial(Act, within=QUESTION)
        self._client.perform(
            here(what="enter", at="input#database:not([readonly])", value=database, optional=True),
            here(what="choose", at="select#database", value=database, optional=True),
            here(what="enter", at="input#login", value=login),
            Act(what="click", at="button[type=submit]", within=LOGIN, expect="ask-dialog"),
            asked(what="enter", at="input[type=password]", value=password, expect="ask-dialog"),
            asked(what="click", at="button.btn-primary"),
        )


class WarningQuestion:
    """A warning of the ERP that asks whether to go on all the same."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def decline(self) -> None:
        """Answers No; nothing is done."""
        self._client.perform(Act(what="click", at=".modal-footer button.btn-link", within=WARNING))

    def accept(self) -> None:
        """Answers Yes, this once; what was asked for is done."""
        self._client.perform(Act(what="click", at=".modal-footer button.btn-primary", within=WARNING))
