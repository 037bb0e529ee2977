"""Mail that goes out through Exchange Server (EWS): kept in Sent Items, and found there by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.mail.exchange import ExchangeSettings
from connectors.mail.exchange_session import ExchangeSession, draft_key_property
from connectors.mail.logins import Secrets, vault
from connectors.mail.outgoing_mail import refused
from connectors.mail.replies import header_key, one_line
from connectors.outgoing import Found, OutgoingMail

if TYPE_CHECKING:
    from exchangelib import Account


class ExchangeOutbox:
    """Sends as the mailbox of the settings. Looks in Sent Items first, so a lost answer leads to no second mail."""

    name = "exchange"

    def __init__(self, settings: ExchangeSettings, secrets: Secrets = vault) -> None:
        self._address = settings.address
        self._session = ExchangeSession(settings, secrets)

    def search(self, mail: OutgoingMail) -> Found:
        """By the key that the mail carries as a property."""
        return self._session.run(lambda account: "sent" if _is_sent(account, mail) else "absent")

    def send(self, mail: OutgoingMail) -> None:
        """See the port. The session tries once more after a lost connection, from the look on."""
        self._session.run(lambda account: self._send(account, mail))

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _send(self, account: Account, mail: OutgoingMail) -> None:
        from exchangelib import FileAttachment, Mailbox, Message
        from exchangelib.errors import ErrorInvalidRecipients, ErrorSendAsDenied

        if _is_sent(account, mail):
            return
        message = Message(
            account=account,
            folder=account.sent,
            subject=one_line(mail.subject),
            body=mail.text,
            to_recipients=[Mailbox(email_address=mail.to)],
            message_id=mail.message_id(self._address),
            deskhand_key=header_key(mail.key),
        )
        for file in mail.files:
            message.attach(FileAttachment(name=file.name, content=file.data, content_type=file.media_type))
        try:
            message.send_and_save()
        except (ErrorInvalidRecipients, ErrorSendAsDenied) as error:
            raise refused("Exchange server", type(error).__name__) from None


def _is_sent(account: Account, mail: OutgoingMail) -> bool:
    draft_key_property()
    found = account.sent.filter(deskhand_key=header_key(mail.key)).only("id", "changekey")[:1]
    return bool(list(found))
