"""`run.py keys`: which keys seal the documents of this deployment, a new one, and sealing with the newest.

Without a word it tells where the keys are, their ids and how many documents each has sealed. `rotate` makes a new key
and seals everything with it, `seal` does so with the newest one that is there (after a Deskhand that did not seal, or a
new key in the vault). Both may run while bots work, and go on where they were cut off. No key is ever shown.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from tasks.settings import SettingsError, home
from workitems.database import StoreError
from workitems.files import Blobs, open_files
from workitems.sealing import key_of

WORDS = ("show", "rotate", "seal")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py keys", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("word", nargs="?", choices=WORDS, default="show")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    try:
        blobs = open_files(home())
        if args.word == "rotate":
            blobs.keys.add()
        resealed = 0 if args.word == "show" else blobs.reseal()
        told = standing(blobs) | {"sealed_anew": resealed}
    except (SettingsError, StoreError) as failure:
        print(f"run.py keys: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(told) if args.json else _sentences(told))
    return 0


def standing(blobs: Blobs) -> dict[str, Any]:
    """Where the keys are, their ids (the newest last), and how many documents each has sealed; "" has sealed none."""
    counted = Counter(
        key_of(blobs.beginning(address)) or ""
        for shard in blobs.shards
        for address, _ in blobs.older_than(-3600.0, shard)
        if address
    )
    return {"keys_in": str(blobs.keys), "keys": [key.id for key in blobs.keys.load()], "documents": dict(counted)}


def _sentences(told: dict[str, Any]) -> str:
    documents, keys = told["documents"], told["keys"]
    lines = [f"The keys are in {told['keys_in']}. Keep a copy apart from the backups: without it no document opens."]
    lines += [f"{key}: {documents.get(key, 0)} documents{', seals' if key == keys[-1] else ''}" for key in keys]
    lines += [f"{key}: {count} documents, NOT HERE" for key, count in documents.items() if key and key not in keys]
    if documents.get(""):
        lines.append(f"{documents['']} documents are not sealed: `run.py keys seal` does it.")
    if told["sealed_anew"]:
        lines.append(f"{told['sealed_anew']} documents were sealed anew.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
