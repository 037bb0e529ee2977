"""A mail that goes out, as RFC 5322 bytes. What HR's templates and papers put into it cannot begin a header."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime

from connectors.mail.replies import KEY_HEADER, header_key, one_line
from connectors.outgoing import OutgoingMail, one_address
from workitems.errors import NeedsReview
from workitems.items import Doubt

SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Every server takes it, whatever it says of 8BITMIME."""


def mail_bytes(mail: OutgoingMail, sender: str, unsent: bool = False) -> bytes:
    """The mail as bytes, marked with its key. `unsent`: a mail program opens it as a draft.

    Raises ValueError where the sender is no address.
    """
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = one_address(sender)
    message["To"] = one_address(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = mail.message_id(sender)
    message[KEY_HEADER] = header_key(mail.key)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notes need not answer it
    if unsent:
        message["X-Unsent"] = "1"
    message.set_content(mail.text.encode("utf-8", "replace").decode())
    for file in mail.files:
        kind, _, parameters = file.media_type.partition(";")
        main, _, sub = kind.strip().partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
        part = list(message.iter_attachments())[-1]
        for parameter in filter(None, parameters.split(";")):
            name, _, value = parameter.partition("=")
            part.set_param(name.strip(), value.strip())
    return message.as_bytes()


def refused(server: str, code: object) -> NeedsReview:
    """The server will never take this mail. Its own words may quote the address, so they are not repeated."""
    message = f"The {server} refuses the mail for good ({code}). Check the address."
    return NeedsReview([Doubt(code="mail_refused", message=message)])
