"""`run.py read`: what stands in documents: one line per document, in the order given."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bots.reading.route import judge_alone
from tasks.desks import judges
from tasks.reading_desk import Line, ReadingDesk, Request
from tasks.settings import SettingsError, load
from workitems.errors import TryLater


def main(argv: list[str]) -> int:
    """0: every document has a line, whatever became of it; 1: the work failed; 2: wrong usage."""
    parser = argparse.ArgumentParser(
        prog="run.py read",
        description="Reads PDF, pictures, electronic invoices, text, HTML, Word; mails and zip archives part by part.",
    )
    parser.add_argument("path", metavar="PATH", nargs="+", help="a file, or a folder with files")
    parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
    parser.add_argument("--why", action="store_true", help="say for each field where it came from and what else it was")
    args = parser.parse_args(argv)
    missing = [path for path in args.path if not os.path.lexists(path)]  # a link that leads nowhere has a line, too
    if missing:
        parser.error(f"there is no file or folder {missing[0]!r}")
    if isinstance(sys.stdout, io.TextIOWrapper):  # file names need not be UTF-8; in JSON the escape means the same
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        settings = load()
        requests = [request for path in args.path for request in requests_of(path)]
        judge = partial(judge_alone, policy=settings.invoices, desks=judges(settings))
        with ReadingDesk(settings.reading, len(requests)) as desk:
            for line in _with_progress(desk.read_all(requests, judge), len(requests)):
                _show(line, args.json, args.why)
    except (SettingsError, TryLater) as error:  # TryLater: an OCR engine is missing; no document is to blame
        print(f"read: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def requests_of(path: str) -> Iterator[Request]:
    """The file, or of a folder all files below it by their relative names."""
    if not os.path.isdir(path):
        yield Request(path, str(Path(path).absolute()))  # the reader's process may run in another folder
        return
    found = sorted(p.relative_to(path).as_posix() for p in Path(path).rglob("*") if not p.is_dir())
    for name in found:
        shown = str(Path(path) / name)
        yield Request(shown, str(Path(shown).absolute()))


def _with_progress(lines: Iterator[list[Line]], count: int) -> Iterator[Line]:
    """The lines as they come; on a terminal a bar on stderr counts the files."""
    if count < 4 or not sys.stderr.isatty():
        for group in lines:
            yield from group
        return
    from rich.console import Console
    from rich.progress import track

    for group in track(lines, "reading", total=count, console=Console(stderr=True), transient=True):
        yield from group


def _show(line: Line, as_json: bool, why: bool) -> None:
    if as_json:
        print(json.dumps(line.as_json(why), ensure_ascii=False), flush=True)
    else:
        from tasks.commands.read_table import show_line

        show_line(line, why=why)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
