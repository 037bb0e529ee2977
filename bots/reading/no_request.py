"""Mails that ask for nothing: newsletters and automatic answers. When in doubt, a mail asks for something."""

from __future__ import annotations

import re
from collections.abc import Sequence

_READ = 20_000  # characters
_NEWSLETTER = re.compile(
    r"newsletter|unsubscribe|opt[ -]?out|view (?:this e?-?mail )?in (?:your )?browser|manage (?:your )?preferences"
    r"|abmelden|abbestell|newsletter\s?-?abo|im browser (?:ansehen|anzeigen|öffnen)|austragen"
    r"|se d[ée]sabonner|d[ée]sabonne|d[ée]sinscri|version en ligne|afficher dans (?:le|votre) navigateur",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"out of (?:the )?office|automatic reply|auto-?reply|abwesenheits(?:notiz|assistent)|automatische antwort"
    r"|bin (?:derzeit |zurzeit )?nicht im büro|r[ée]ponse automatique|absence du bureau|je suis absent",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:invoice (?:no|number)|amount due|overdue|reminder|please (?:pay|confirm|reply|send)|remittance|payment due"
    r"|rechnungs(?:nummer|betrag)|mahnung|zahlungserinnerung|(?:über)?fällig"
    r"|bitte (?:überweisen|um|senden|bestätigen)"
    r"|relance|mise en demeure|impay[ée]|échéance|veuillez|merci de (?:r[ée]gler|confirmer|nous))",
    re.IGNORECASE,
)


def asks_for_nothing(text: str, subject: str | None = None, fields: Sequence[str] = ()) -> str | None:
    """Why nothing is to be done about a mail without attachments, as a sentence; None where something may be.

    `fields` names what was read in it: an amount or an IBAN speaks against a newsletter.
    """
    seen = f"{subject or ''}\n{text[:_READ]}\n{text[-_READ:]}"
    if _ASKS.search(seen) or {"iban", "total"} & set(fields):
        return None
    if _AUTOMATIC.search(seen):
        return "An automatic answer; nothing is to be done."
    if _NEWSLETTER.search(seen):
        return "A newsletter or an advertisement; nothing is to be done."
    return None
