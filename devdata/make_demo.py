"""Writes the demo's mailbox, devdata/demo: `python -m devdata.make_demo [FOLDER]`.

Files, dates, ids and noise are fixed, so that the same versions of the libraries give the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from devdata.papers import cases_sure, cases_wrong
from devdata.papers.bills import Company
from devdata.papers.cases import Case, Post

FOLDER = Path(__file__).parent / "demo"


def cases() -> list[Case]:
    """All files of the mailbox, in the order in which they come."""
    post = Post(Company())
    cases_sure.e_invoices(post)
    cases_sure.digital(post)
    cases_wrong.against_orders(post)
    cases_sure.archives(post)
    cases_sure.scans(post)
    cases_wrong.suspicious(post)
    cases_wrong.no_invoices(post)
    return post.cases


def write(folder: Path, made: list[Case]) -> None:
    """Replaces mailbox/ and expected.json in the folder."""
    mailbox = folder / "mailbox"
    mailbox.mkdir(parents=True, exist_ok=True)
    for old in mailbox.iterdir():
        old.unlink()
    for case in made:
        (mailbox / case.file).write_bytes(case.content)
    rows = [expected.row(case.file) for case in made for expected in case.expected]
    text = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
    (folder / "expected.json").write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Writes the mailbox and tells what is in it."""
    folder = Path(arguments[0]) if arguments else FOLDER
    made = cases()
    write(folder, made)
    outcomes = [expected.outcome for case in made for expected in case.expected]
    size = sum(len(case.content) for case in made)
    told = ", ".join(f"{outcomes.count(o)} {o}" for o in ("posted", "review", "rejected"))
    print(f"{len(made)} files with {len(outcomes)} documents ({told}), {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
