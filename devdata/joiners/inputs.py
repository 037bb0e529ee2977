"""Work items of the joiners' steps, for a run by itself: a paper that was read, and a turn."""

from __future__ import annotations

from datetime import date
from typing import Any

from bots.joiners.nouns import JoinerPaper, JoinerTurn
from workitems.items import Document, Paper, Reading

NAME = "anna-kern-contract.docx"
VALUES = {
    "surname": "Kern",
    "given_names": "Anna",
    "born_on": "1994-05-17",
    "starts_on": "2026-12-01",
    "role": "Buyer",
    "manager": "Jonas Reiter",
}


def items() -> dict[str, list[dict[str, Any]]]:
    """The items of each step by its name."""
    fields = {n: Reading(value=v, confidence=0.99, reader="text", page=1) for n, v in VALUES.items()}
    paper = Paper(kind="contract", kind_confidence=0.99, source="text", pages=2, fields=fields)
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    about = Document(sha256="ab" * 32, filename=NAME, media_type=media, id="example")
    filed = JoinerPaper(document=about, source="contract", signed=True, readings=fields, paper=paper)
    turn = JoinerTurn(joiner="j-00000000", on=date(2026, 12, 1))
    return {
        "file_joiners": [{"payload": filed.model_dump(mode="json"), "files": {}}],
        "onboard_joiners": [{"payload": turn.model_dump(mode="json"), "files": {}}],
        "advance_joiners": [{"payload": {"trigger": "advance_joiners"}, "files": {}}],
    }
