"""The store of files fails: a full disk, a server that does not answer, an object that is not what it should be."""

from __future__ import annotations

from workitems.database import StoreError
from workitems.errors import TryLater


class FilesAway(StoreError, TryLater):
    """Files cannot be kept or read now. For a command that is a sentence, for an item a reason to try again later.

    Codes: `disk_full`, `files_away` (server, network, folder), `files_refused` (credentials, bucket), `file_damaged`.
    """

    def __init__(self, code: str, message: str) -> None:
        TryLater.__init__(self, code, message)
