"""`run.py restore`: fills an empty home from a backup. It refuses a database that is in use.

The backup may come from SQLite and go into PostgreSQL (DESKHAND_DATABASE), or the other way; files go where
DESKHAND_FILES says. What somebody worked on when the backup was made waits again.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tasks.settings import SettingsError, home
from workitems.archive import is_archive, unpacked
from workitems.backup import Manifest, restore
from workitems.store import StoreError


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, metavar="FOLDER|FILE.tar")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    try:
        told = _restore(args.source.expanduser().absolute())
    except (SettingsError, StoreError) as failure:
        print(f"run.py restore: {failure}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"home": str(home())} | asdict(told)))
    else:
        what = f"{told.items} items and {told.files} files of {told.at}"
        print(f"{what} are in {home()}. Secrets (vault.json, keys) are not.")
    return 0


def _restore(source: Path) -> Manifest:
    if not is_archive(source):
        return restore(home(), source)
    with unpacked(source, home()) as folder:
        return restore(home(), folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
