"""Reason codes that other parts give and this desk shows: of readers, of mails and archives, of the ERP's screens."""

from __future__ import annotations

from typing import NamedTuple

from workitems.items import Severity


class Reason(NamedTuple):
    """One reason code."""

    meaning: str
    remedy: str
    accept: bool = False
    severity: Severity = "block"


_ASK = "ask the sender for a readable file, or enter everything from the paper"
UNREADABLE: dict[str, Reason] = {
    "unreadable": Reason("the file is damaged, or nothing could be read from it", _ASK),
    "encrypted": Reason("the file is protected by a password", _ASK),
    "empty_file": Reason("the file is empty", _ASK),
    "unsupported_type": Reason("a type of file that is not read", _ASK),
    "blank": Reason("no text stands on the pages", _ASK),
    "too_large": Reason("the file is larger than what is read", _ASK),
    "timeout": Reason("reading took too long", _ASK),
    "memory": Reason("reading needed too much memory", _ASK),
}
"""Of the readers: nothing is known of the document. Settled when a person has entered what is needed."""
_READERS = {
    "amount_unclear": Reason(
        "a separator may mean thousands or decimals", "enter the amount; sums settle it too", True
    ),
    "date_unclear": Reason("day and month may be exchanged", "compare with the paper", True, "warn"),
    "pages_damaged": Reason("some pages are damaged and were not read", "compare with the paper", True),
    "pages_skipped": Reason("more pages than are read", "compare with the paper", True, "warn"),
    "pages_unread": Reason("there was no time to read all pages", "compare with the paper", True),
    "too_many_words": Reason("more words stand on the pages than are read", "compare with the paper", True),
    "hidden_text": Reason("a value stands in the file, but is not seen on its page", "enter what the page shows", True),
    "picture_cut_off": Reason("a part of the picture is missing", "compare with the paper", True),
    "tracked_changes": Reason(
        "the Word file holds changes that nobody has accepted; it was read as if they were", "compare both", True
    ),
    "comments": Reason("the Word file holds comments; they were not read", "read them", True, "warn"),
    "word_macros": Reason("a Word file with macros; they were not run", "compare with the paper", True, "warn"),
    "poor_scan": Reason("the scan is hardly legible", "compare with the paper", True),
    "several_documents": Reason(
        "the file seems to hold several documents",
        "enter the pages of each document (1-2, 3), or accept it as one",
        True,
    ),
    "xml_page_mismatch": Reason(
        "the electronic invoice and the visible page say different things (an IBAN: never accepted)",
        "find out which holds; when in doubt reject it",
        True,
    ),
    "xml_schema": Reason("the electronic invoice breaks the rules of its format", "compare with the paper", True),
    "xml_several": Reason("several electronic invoices in one file", "ask the sender for one file each"),
    "xml_test": Reason("the sender marked it as a test", "reject it"),
    "xml_copy": Reason("the sender marked it as a copy", "nothing", True, "warn"),
}
_RESEND = "open it, and save what is inside into the mailbox; or ask the sender; then reject it here"
_MAILS = {
    "mail_encrypted": Reason("the mail is encrypted", _RESEND),
    "mail_refused": Reason("the mail server does not take a mail that goes out", "correct the address"),
    "mail_empty": Reason("the mail holds neither text nor a document", "reject it"),
    "mail_too_complex": Reason("the mail holds too many parts", _RESEND),
    "mail_too_large": Reason("the mail is larger than what is fetched", _RESEND),
    "outlook_package": Reason("attachments in Outlook's own format", _RESEND),
    "archive_empty": Reason("the archive holds no document", "reject it"),
    "archive_encrypted": Reason("the archive is protected by a password", _RESEND),
    "archive_damaged": Reason("the archive is damaged", _RESEND),
    "archive_too_large": Reason("the archive unpacks to far too much", "treat it as an attack; reject it"),
    "archive_unknown": Reason("an archive other than zip", _RESEND),
    "nested_too_deep": Reason("mails and archives inside each other, too deep", _RESEND),
}
_BY_HAND = "put it right in the ERP or correct the values, then retry; or key it by hand and reject it here"
_ERP = {
    "erp_supplier_missing": Reason("the ERP's screen does not offer the supplier", _BY_HAND),
    "erp_currency_unknown": Reason("the ERP's screen does not offer the currency", _BY_HAND),
    "erp_order_line_missing": Reason("the ERP's screen does not offer the order line", _BY_HAND),
    "erp_product_missing": Reason("the ERP's screen does not offer the order line's product", _BY_HAND),
    "erp_tax_unclear": Reason("the ERP's screen offers no tax, or several, of that rate", _BY_HAND),
    "erp_no_lines": Reason("the invoice has no lines that could be keyed", "enter the lines"),
    "erp_line_incomplete": Reason("a line that cannot be keyed", "complete the line"),
    "erp_total_differs": Reason("the ERP computes other amounts than the paper states", _BY_HAND),
    "erp_taxes_differ": Reason("the ERP warns that it computes other taxes", _BY_HAND),
    "erp_similar_invoice": Reason("the ERP warns of a similar invoice", "compare with its twin; reject it here"),
    "erp_warning": Reason("the ERP warns", _BY_HAND),
    "erp_refused": Reason("the ERP does not take the invoice", _BY_HAND),
    "erp_not_posted": Reason("the ERP did not post the invoice", _BY_HAND),
}
_REVERSALS = {
    "reversal_unknown": Reason("no bot posted the entry that shall be reversed", "reverse it in the ERP; reject this"),
    "reversal_not_found": Reason("the ERP does not have the entry that shall be reversed", "look there; reject this"),
    "reversal_differs": Reason("the entry is not as it was posted", "compare; reverse it in the ERP, reject this"),
    "reversal_not_posted": Reason("the entry is in a state that cannot be reversed", "look there; reject this"),
    "reversal_paid": Reason("the entry is paid", "take the payment back in the ERP, then retry; or reject this"),
    "reversal_refused": Reason("the ERP does not take the entry back", "put it right in the ERP, then retry"),
}
ELSEWHERE = {**UNREADABLE, **_READERS, **_MAILS, **_ERP, **_REVERSALS}
