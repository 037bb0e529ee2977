"""`run.py backup`: copies the home while it is in use: database, files, settings, models, reports; no secrets.

Into a folder (a second backup there copies only what is new), or into one file that ends with .tar or .tar.gz. With
--verify a backup that is there is looked through, every file of it, with the keys of the home; nothing is changed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tasks.settings import SettingsError, home
from workitems.archive import is_archive, packed, unpacked
from workitems.backup import Manifest, back_up, verify
from workitems.errors import TryLater
from workitems.store import StoreError


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path, metavar="FOLDER|FILE.tar")
    parser.add_argument("--verify", action="store_true", help="look whether the backup there is whole")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    target = args.target.expanduser().absolute()
    try:
        told = _verify(target) if args.verify else _back_up(target)
    except (SettingsError, StoreError, TryLater) as failure:
        print(f"run.py backup: {failure}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"target": str(args.target)} | asdict(told)))
    else:
        how = "whole" if args.verify else "saved"
        print(f"{told.items} items and {told.files} files ({told.bytes / 1e6:.1f} MB) are {how} in {args.target}.")
    if told.missing:
        lost = "contents that items name were in the store of files no more; the backup is without them"
        print(f"run.py backup: {len(told.missing)} {lost}.", file=sys.stderr)
    return 1 if told.missing else 0


def _back_up(target: Path) -> Manifest:
    if not is_archive(target):
        return back_up(home(), target)
    with packed(target) as folder:
        return back_up(home(), folder)


def _verify(target: Path) -> Manifest:
    if not is_archive(target):
        return verify(home(), target)[0]
    with unpacked(target, home()) as folder:
        return verify(home(), folder)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
