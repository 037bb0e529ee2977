"""docs/joiners.md repeats the table of reason codes."""

from __future__ import annotations

import re
from pathlib import Path

from bots.invoices.codes_elsewhere import ELSEWHERE
from bots.joiners.codes import REASONS

ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (yes|no|remark) \|$", re.MULTILINE)


def test_the_documentation_is_the_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "joiners.md").read_text(encoding="utf-8")
    written = {m[1]: (m[2], m[3], m[4]) for m in ROW.finditer(text)}
    table = {
        code: (row.meaning, row.remedy, "remark" if row.severity == "warn" else "yes" if row.accept else "no")
        for code, row in REASONS.items()
        if code not in ELSEWHERE
    }
    assert written == table
