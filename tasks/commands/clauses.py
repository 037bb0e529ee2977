"""`run.py clauses`: the company's own clauses, indexed and searched.

index PATH...    contracts (their sections become clauses), folders of them, or .jsonl files whose lines are
                 {"id", "text", "heading"?, "document"?, "category"?, "kind"?, "counterparty"?, "accepted"?};
                 the same id again corrects the clause
search QUERY     the clauses that answer best, best first
learn            new weights from what people picked, in force if they are better
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

from extractors.model_files import ModelRefused
from extractors.precedents import Hit, Precedents, PrecedentsError
from tasks.clause_files import Refusal, index_paths
from tasks.contract_search import reasons_of
from tasks.settings import SettingsError, home

TOP = 10
SHOWN = 300


def main(argv: list[str]) -> int:
    """0: done; 1: something could not be indexed, or the index cannot be used; 2: wrong usage."""
    args = _parsed(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):  # text need not be UTF-8; in JSON the escape means the same
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return {"index": _index, "search": _search, "learn": _learn}[args.action](args)
    except (PrecedentsError, ModelRefused, SettingsError) as failure:
        print(f"run.py clauses: {failure}", file=sys.stderr)
        return 1
    except OSError as failure:
        if isinstance(failure, BrokenPipeError):  # the reader of our output has seen enough
            sys.stdout = None
        else:
            print(f"run.py clauses: {failure.filename or 'a file'}: {failure.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parsed(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py clauses", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    actions = parser.add_subparsers(dest="action", required=True)
    index = actions.add_parser("index", help="read contracts or .jsonl files into the index")
    index.add_argument("path", metavar="PATH", nargs="+")
    search = actions.add_parser("search", help="find clauses")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("--top", type=int, default=TOP, help=f"how many (default: {TOP})")
    for name in ("category", "kind", "counterparty"):
        search.add_argument(f"--{name}", help=f"only clauses of this {name}")
    search.add_argument("--accepted", action="store_true", default=None, help="only those that we agreed to")
    search.add_argument("--refused", dest="accepted", action="store_false", help="only those that we refused")
    learn = actions.add_parser("learn", help="learn from what people picked")
    learn.add_argument("--who", default="somebody", help="whom the history of the model is to name")
    for action in (index, search, learn):
        action.add_argument("--json", action="store_true", help="JSON, one object a line")
    args = parser.parse_args(argv)
    missing = [path for path in getattr(args, "path", ()) if not Path(path).exists()]
    if missing:
        parser.error(f"there is no file or folder {missing[0]!r}")
    if args.action == "search" and (args.top < 1 or not args.query.strip()):
        parser.error("--top must be at least 1" if args.top < 1 else "the query is empty")
    return args


def _index(args: argparse.Namespace) -> int:
    refused: list[Refusal] = []

    def refuse(refusal: Refusal) -> None:
        refused.append(refusal)
        print(f"run.py clauses: {refusal.sentence}", file=sys.stderr)

    count = index_paths(args.path, home(), refuse)
    print(json.dumps({"indexed": count}) if args.json else f"{count} clauses indexed.")
    return 1 if refused else 0


def _search(args: argparse.Namespace) -> int:
    names = ("category", "kind", "counterparty", "accepted")
    filters: dict[str, Any] = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    precedents = Precedents.open(home())
    hits = precedents.search(args.query, args.top, filters)
    if not hits:
        empty = (
            "No clause is indexed yet: run.py clauses index PATH..." if not len(precedents) else "Nothing was found."
        )
        print(f"run.py clauses: {empty}", file=sys.stderr)
    reasons = reasons_of(home(), [hit.clause.id for hit in hits if hit.clause.accepted is False])
    for hit in hits:
        reason = reasons.get(hit.clause.id, "")
        print(json.dumps(as_json(hit, reason), ensure_ascii=False) if args.json else _lines(hit, reason), flush=False)
    sys.stdout.flush()
    return 0


def _learn(args: argparse.Namespace) -> int:
    from tasks.clause_learning import learn_from_picks

    told = learn_from_picks(home(), args.who)
    print(json.dumps(told) if args.json else f"{told['picks']} picks: {told['message']}")
    return 0


def as_json(hit: Hit, reason: str = "") -> dict[str, Any]:
    """What docs/interface promises for `clauses search`, with what was said about the clause."""
    clause = hit.clause
    return {
        "rank": hit.rank,
        "score": hit.score,
        "clause_id": clause.id,
        "document": clause.document or None,
        "heading": clause.heading or None,
        "text": clause.text,
        "category": clause.category or None,
        "kind": clause.kind or None,
        "counterparty": clause.counterparty or None,
        "accepted": clause.accepted,
        "reason": reason or None,
    }


def _lines(hit: Hit, reason: str) -> str:
    clause = hit.clause
    said = {None: "", True: "accepted", False: f"refused{f': {reason}' if reason else ''}"}[clause.accepted]
    where = " · ".join(part for part in (clause.document, clause.heading, said) if part)
    text = " ".join(clause.text.split())
    return f"{hit.rank:>3}. {clause.id}  {where}\n     {text[:SHOWN]}{'...' if len(text) > SHOWN else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
