"""Files that cannot be read at all, and why: the one exception inside the readers."""

from __future__ import annotations

from typing import Literal

from workitems.items import Doubt

Code = Literal["encrypted", "unreadable", "empty_file", "unsupported_type", "blank", "too_large", "timeout", "memory"]

SENTENCES: dict[Code, str] = {
    "encrypted": "The file is protected by a password, so it cannot be opened.",
    "unreadable": "The file is damaged or not what its name says, so it cannot be opened.",
    "empty_file": "The file is empty.",
    "unsupported_type": "This type of file is not read.",
    "blank": "There is no text on the pages, or what stands on them is damaged.",
    "too_large": "The file is larger than what is read.",
    "timeout": "Reading took longer than a document may take, so it was stopped.",
    "memory": "Reading needed more memory than a document may take, so it was stopped.",
}


def refusal(code: Code, detail: str = "") -> Doubt:
    """The blocking doubt of a document that cannot be read; `detail` replaces the usual sentence."""
    return Doubt(code=code, message=detail or SENTENCES[code])


class Refused(Exception):
    """Raised by a reader that cannot get anything out of a file. The cascade turns it into the doubt."""

    def __init__(self, code: Code, detail: str = "") -> None:
        self.doubt = refusal(code, detail)
        super().__init__(code)
