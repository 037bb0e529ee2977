"""`run.py models`: which models are in force, what they are made of, and what people's answers have taught.

list                     every model: the version in force, the candidate in the shadow, warnings
show NAME [VERSION]      the card, the versions, the history and what the shadow says
show suppliers           what supplier memory knows
train [NAME]             the step train_models at once: fits, compares, promotes what is better
promote NAME VERSION     puts a learnt version in force (`shipped`: the shipped one)
rollback NAME            puts the version before it in force again
drift                    whether papers, confidences or corrections are not what they used to be
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from extractors import lessons, model_files
from extractors.learning import trainables
from extractors.model_cards import Card, as_text
from extractors.model_files import ModelRefused
from tasks.model_history import events, is_whole, promote, roll_back
from tasks.settings import SettingsError, home, load
from workitems.errors import TryLater
from workitems.store import Store, StoreError

ACTIONS = ("list", "show", "train", "promote", "rollback", "drift")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py models", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", nargs="?", default="list", choices=ACTIONS)
    parser.add_argument("name", nargs="?", help="the model")
    parser.add_argument("version", nargs="?", help="a version of it")
    parser.add_argument("--who", default=None, help="whom the history names (default: the login)")
    parser.add_argument("--json", action="store_true", help="JSON, one object a line")
    args = parser.parse_args(argv)
    if args.action == "drift":
        from tasks.commands.drift import main as drift

        return drift(["--json"] if args.json else [])
    if (args.action in ("show", "rollback") and not args.name) or (args.action == "promote" and not args.version):
        parser.error(f"{args.action} needs {'NAME and VERSION' if args.action == 'promote' else 'NAME'}")
    try:
        return _do(args)
    except (ModelRefused, SettingsError, StoreError, TryLater, OSError) as failure:
        print(f"run.py models: {failure}", file=sys.stderr)
        return 1


def _do(args: argparse.Namespace) -> int:
    who = args.who or _login()
    folder = home()
    if args.action == "train":
        return _train(args, who, folder)
    if args.action == "show":
        return _show(args, folder)
    if args.action == "list":
        _print(standings(folder), args.json, _line)
        return 0
    if args.name not in _names(folder):
        raise ModelRefused("unknown", f"There is no model {args.name!r}; there are {', '.join(_names(folder))}.")
    if args.action == "promote":
        chosen = None if args.version == "shipped" else args.version
        promote(args.name, chosen, who, {"why": "by hand"}, folder)
    else:
        roll_back(args.name, who, folder)
    _print([standing(args.name, folder)], args.json, _line)
    return 0


def standings(folder: Path) -> list[dict[str, Any]]:
    """How every model stands; for `models list` and `check`."""
    return [standing(name, folder) for name in _names(folder)]


def _names(folder: Path) -> list[str]:
    return sorted({*model_files.names(folder), *trainables()})


def _train(args: argparse.Namespace, who: str, folder: Path) -> int:
    from tasks.clause_learning import PICKS
    from tasks.training import train_all

    known = (*trainables(), PICKS)
    if args.name is not None and args.name not in known:
        raise ModelRefused("unknown", f"{args.name!r} cannot be trained; these can: {', '.join(known)}.")
    tell = lambda text: print(f"run.py models: {text}", file=sys.stderr)  # noqa: E731
    done = train_all(folder, load(), who, tell, args.name)
    rows = [trained.model_dump(mode="json") for trained in done]
    _print(rows, args.json, lambda row: f"{row['name']}: {row['state']}. {row['message']}")
    return 1 if any(trained.state == "refused" for trained in done) else 0


def _show(args: argparse.Namespace, folder: Path) -> int:
    if args.name == "suppliers":
        known = lessons.suppliers(lessons.LessonFiles(folder).all())
        rows = [{"supplier": sign, "lessons": count, "corrected": dict(fields)} for sign, count, fields in known]
        _print(rows, args.json, _supplier_line)
        return 0
    if args.name not in _names(folder):
        raise ModelRefused("unknown", f"There is no model {args.name!r}; there are {', '.join(_names(folder))}.")
    told = standing(args.name, folder)
    version = args.version or (told["version"] if told["origin"] == "learnt" else "shipped")
    card = None
    try:
        card = model_files.look(args.name, version, folder)
    except ModelRefused as refused:
        if refused.code != "missing" or args.version:
            told["warning"] = told["warning"] or str(refused)
    shadow = _shadow(args.name, folder, told["shadow"])
    shown = {"card": card.model_dump(mode="json") if card else None, "history": events(args.name, folder)}
    more = {"history_whole": is_whole(args.name, folder), "shadow_figures": shadow}
    _print([told | shown | more], args.json, lambda row: _page(row, card))
    return 0


def standing(name: str, folder: Path) -> dict[str, Any]:
    """One model: what is in force and why, what else is there. Model files are checked, not opened."""
    warning, current, shadow = None, None, None
    try:
        current = model_files.pointed(name, model_files.CURRENT, folder)
        shadow = model_files.pointed(name, model_files.SHADOW, folder)
        if current is not None:
            card = model_files.look(name, current, folder)
            return _standing(name, folder, ("learnt", card), shadow, None)
    except ModelRefused as refused:
        warning = str(refused)
    try:
        found: tuple[str, Card | None] = ("shipped", model_files.look(name, "shipped", folder))
        warning = f"{warning} The shipped one is used instead." if warning else None
    except ModelRefused as refused:
        found = ("rules", None)
        if refused.code != "missing" or warning:
            warning = f"{warning or refused} The rules alone are used."
    return _standing(name, folder, found, shadow, warning)


def _standing(
    name: str, folder: Path, found: tuple[str, Card | None], shadow: str | None, warning: str | None
) -> dict[str, Any]:
    origin, card = found
    return {
        "name": name,
        "version": card.version if card else None,
        "origin": origin,
        "reader": card.reader if card else None,
        "made_at": card.made_at.isoformat() if card else None,
        "documents": sum(data.documents for data in card.data) if card else None,
        "versions": model_files.versions(name, folder),
        "shadow": shadow,
        "warning": warning,
    }


def _shadow(name: str, folder: Path, version: str | None) -> dict[str, Any] | None:
    from tasks.shadow_figures import shadow_figures

    trainable = trainables().get(name)
    if version is None or trainable is None:
        return None
    store = Store.open(folder)
    try:
        return shadow_figures(store, trainable, version, load()).model_dump()
    finally:
        store.close()


def _print(rows: list[dict[str, Any]], as_json: bool, line: Any) -> None:
    for row in rows:
        print(json.dumps(row, ensure_ascii=False) if as_json else line(row), flush=True)
    if not rows and not as_json:
        print("There is none.")


def _line(row: dict[str, Any]) -> str:
    what = f"{row['origin']} {row['version'] or ''}".strip()
    shadow = f", in the shadow {row['shadow']}" if row["shadow"] else ""
    warning = f"\n  WARNING: {row['warning']}" if row["warning"] else ""
    return f"{row['name']:<20} {what}, {len(row['versions'])} learnt versions{shadow}{warning}"


def _supplier_line(row: dict[str, Any]) -> str:
    fields = ", ".join(f"{field} x{count}" for field, count in sorted(row["corrected"].items()))
    return f"{row['supplier']:<50} {row['lessons']} lessons: {fields}"


def _page(row: dict[str, Any], card: Card | None) -> str:
    parts = [_line(row)]
    if row["shadow_figures"]:
        parts.append("Shadow: " + ", ".join(f"{name} {count}" for name, count in row["shadow_figures"].items()))
    parts += [
        f"{e.get('at')}  {e.get('event')} {e.get('version')} by {e.get('who')}: {e.get('why', '')}"
        for e in row["history"]
    ]
    if not row["history_whole"]:
        parts.append("WARNING: the history was changed by somebody.")
    return "\n".join(parts) + ("\n\n" + as_text(card) if card else "")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this user id, as in some containers
        return "somebody"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
