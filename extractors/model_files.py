"""The one way in which models are written and read.

Shipped models lie in extractors/models/NAME (model.skops, card.json, card.md); MANIFEST.json has their SHA-256.
Learnt ones lie in HOME/models/NAME/VERSION, signed with the company's key; the file `current` beside the versions
names the promoted one and is replaced in one go. `load` takes the promoted one, else the shipped one. A model that
was changed, that nobody signed, that another scikit-learn made or that was fitted to other features is refused with a
sentence; what takes its place says so (`Loaded.warning`, `run.py check`, `run.py models list`).

Nothing here knows what a model does. Whoever fits one calls `ship` or `write`; whoever uses one calls `load`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from extractors import model_keys
from extractors.atomic import sync_folder, write_file
from extractors.model_bytes import MAX_BYTES, UntrustedModel, from_bytes, to_bytes
from extractors.model_cards import Card, as_text
from extractors.preparing import preparing
from workitems.database import home_folder

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("models")
MODEL, CARD, TEXT, SIGNATURE, MANIFEST = "model.skops", "card.json", "card.md", "signature.json", "MANIFEST.json"
NAMES = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
Origin = Literal["shipped", "learnt"]
Pointer = Literal["current", "shadow"]
CURRENT: Pointer = "current"
SHADOW: Pointer = "shadow"


class ModelRefused(Exception):
    """A model cannot be used. `code` is stable; the text is a sentence that says which model and why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Loaded:
    """A model that may be used, with its card. `warning` says why it stands in for another one."""

    model: Any
    card: Card
    version: str
    origin: Origin
    warning: str | None = None

    @property
    def label(self) -> str:
        """How papers and decisions name it: `shipped:3`, `learnt:20261121t101500`."""
        return f"{self.origin}:{self.version}"


_kept: dict[tuple[str, str, str], tuple[tuple[int, ...], Loaded | ModelRefused]] = {}


def load(name: str, reader: str, home: Path | None = None) -> Loaded:
    """The promoted model of that name, else the shipped one. Raises ModelRefused where neither can be used.

    `reader` is the caller's feature version, as in `Card.reader`. Cheap when warm: one look at `current`.
    """
    home = home or home_folder()
    place = (str(home), name, reader)
    stamp = _stamp(home / "models" / name / CURRENT)
    kept = _kept.get(place)
    if kept is None or kept[0] != stamp:
        kept = _kept[place] = (stamp, _load(name, reader, home))
    if isinstance(kept[1], ModelRefused):  # a new one each time: a kept one would keep every document it was raised in
        raise ModelRefused(kept[1].code, str(kept[1]))
    return kept[1]


@lru_cache(maxsize=8)
def _opened(name: str, origin: Origin, folder: Path, reader: str, home: Path) -> Loaded:
    return _open(name, origin, folder, reader, home)


def load_version(name: str, chosen: str, reader: str, home: Path | None = None) -> Loaded:
    """One learnt version, or the shipped one under `shipped`; kept, for versions never change. Raises ModelRefused."""
    home = home or home_folder()
    if chosen == "shipped":
        return _opened(name, "shipped", SHIPPED / name, reader, home)
    return _opened(name, "learnt", version_folder(name, chosen, home), reader, home)


def look(name: str, chosen: str, home: Path | None = None) -> Card:
    """The card of a version whose files are those that were signed; the model is not opened. Raises ModelRefused."""
    home = home or home_folder()
    if chosen == "shipped":
        return _checked(name, "shipped", SHIPPED / name, home)[0]
    return _checked(name, "learnt", version_folder(name, chosen, home), home)[0]


def ship(model: Any, card: Card) -> Path:
    """Writes a model into extractors/models, with its hashes in MANIFEST.json: for the scripts that train them."""
    folder = SHIPPED / card.name
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(model, card)
    for name, data in files.items():
        write_file(folder / name, data)
    manifest = SHIPPED / MANIFEST
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    known[card.name] = {"version": card.version, "files": _hashes(files)}
    write_file(manifest, (json.dumps(known, indent=1, sort_keys=True) + "\n").encode())
    return folder


def write(model: Any, card: Card, home: Path | None = None) -> Path:
    """Writes and signs a learnt version. It is there whole or not at all, and is not promoted. Raises OSError."""
    home = home or home_folder()
    folder = version_folder(card.name, card.version, home)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = _files(model, card)
    key = model_keys.key_for_signing(home)
    signed = {"name": card.name, "version": card.version, "files": _hashes(files)}
    proof = {"key": model_keys.fingerprint(key), "signature": model_keys.signature(key, signed)}
    files[SIGNATURE] = (json.dumps(signed | proof, indent=1) + "\n").encode()
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        for name, data in files.items():
            write_file(unfinished / name, data)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    sync_folder(folder.parent)
    return folder


def point(name: str, pointer: Pointer, chosen: str | None, home: Path | None = None) -> None:
    """Makes a version the current one or the one in the shadow; None: none (the shipped one is current)."""
    folder = (home or home_folder()) / "models" / name
    if chosen is None:
        (folder / pointer).unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(folder / pointer, f"{chosen}\n".encode())


def pointed(name: str, pointer: Pointer, home: Path | None = None) -> str | None:
    """The version that is current or in the shadow; None where none is named. Raises ModelRefused."""
    file = (home or home_folder()) / "models" / name / pointer
    try:
        found = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        found = ""
    if not NAMES.fullmatch(found):
        raise ModelRefused("pointer", f"The file {file} does not name a version of the model {name!r}.")
    return None if found == "shipped" else found


def names(home: Path | None = None) -> list[str]:
    """All models that were shipped or learnt."""
    learnt = (home or home_folder()) / "models"
    found = {p.name for folder in (SHIPPED, learnt) if folder.is_dir() for p in folder.iterdir() if p.is_dir()}
    return sorted(n for n in found if NAMES.fullmatch(n))


def versions(name: str, home: Path | None = None) -> list[str]:
    """The learnt versions of a model, oldest first."""
    folder = (home or home_folder()) / "models" / name
    found = [p.name for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    return sorted(n for n in found if NAMES.fullmatch(n))


def version_folder(name: str, chosen: str, home: Path | None = None) -> Path:
    """Where a learnt version lies. Raises ModelRefused for what cannot be a name."""
    if not NAMES.fullmatch(name) or not NAMES.fullmatch(chosen):
        raise ModelRefused("unknown", f"There is no version {chosen!r} of a model {name!r}.")
    return (home or home_folder()) / "models" / name / chosen


def sklearn_version() -> str:
    """The scikit-learn that is installed, without loading it."""
    return version("scikit-learn")


def _load(name: str, reader: str, home: Path) -> Loaded | ModelRefused:
    warning = None
    try:
        current = pointed(name, CURRENT, home)
        if current is not None:
            return _open(name, "learnt", version_folder(name, current, home), reader, home)
    except ModelRefused as refused:
        warning = f"{refused} The shipped one is used instead."
        log.warning("%s", warning)
    try:
        shipped = _open(name, "shipped", SHIPPED / name, reader, home)
    except ModelRefused as refused:
        return ModelRefused(refused.code, f"{warning} But: {refused}" if warning else str(refused))
    return Loaded(shipped.model, shipped.card, shipped.version, shipped.origin, warning)


def _open(name: str, origin: Origin, folder: Path, reader: str, home: Path) -> Loaded:
    card, data = _checked(name, origin, folder, home)
    what = f"The {origin} model {name!r} {card.version}"
    if card.reader != reader:
        raise ModelRefused(
            "features", f"{what} was fitted to {card.reader}, and this program reads {reader}: train anew."
        )
    try:
        with preparing():
            return Loaded(from_bytes(data), card, card.version, origin)
    except UntrustedModel as error:
        raise ModelRefused("content", f"{what} is refused: {error}.") from None


def _checked(name: str, origin: Origin, folder: Path, home: Path) -> tuple[Card, bytes]:
    """Card and model bytes, if they are what was signed and fit to the installed scikit-learn."""
    what = f"The {origin} model {name!r}" + ("" if origin == "shipped" else f" {folder.name}")
    wanted = _shipped_hashes(name, what) if origin == "shipped" else _signed_hashes(name, folder, what, home)
    found = {}
    for file in (MODEL, CARD):
        try:
            if (folder / file).stat().st_size > MAX_BYTES:
                raise ModelRefused("tampered", f"{what} is refused: {file} is larger than any model.")
            found[file] = (folder / file).read_bytes()
        except OSError:
            raise ModelRefused("missing", f"{what} is refused: its file {file} is missing.") from None
        if not hmac.compare_digest(hashlib.sha256(found[file]).hexdigest(), str(wanted.get(file))):
            raise ModelRefused("tampered", f"{what} is refused: its file {file} was changed after it was signed.")
    try:
        card = Card.model_validate_json(found[CARD])
    except ValidationError:
        raise ModelRefused("card", f"{what} is refused: its card is not one that this program knows.") from None
    try:
        installed = sklearn_version()
    except PackageNotFoundError:
        installed = "none"
    if card.sklearn != installed:
        made = f"it was made by scikit-learn {card.sklearn}, and {installed} is installed"
        raise ModelRefused("sklearn", f"{what} is refused: {made}; `run.py models train` makes a new one.")
    return card, found[MODEL]


def _shipped_hashes(name: str, what: str) -> dict[str, str]:
    try:
        manifest = json.loads((SHIPPED / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = manifest[name]["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelRefused("missing", f"{what} is not there: extractors/models/{MANIFEST} does not list it.") from None
    return files


def _signed_hashes(name: str, folder: Path, what: str, home: Path) -> dict[str, str]:
    try:
        proof = json.loads((folder / SIGNATURE).read_text(encoding="utf-8"))
        signed = {part: proof[part] for part in ("name", "version", "files")}
        given, by = str(proof["signature"]), str(proof["key"])
        files = {str(k): str(v) for k, v in signed["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelRefused("unsigned", f"{what} is refused: it has no valid signature.") from None
    key = model_keys.known_key(home)
    if key is None:
        where = "keys/models.key of the home or the secret `models` of the vault"
        raise ModelRefused("no_key", f"{what} is refused: the key that signs models is not here ({where}).")
    if by != model_keys.fingerprint(key):
        raise ModelRefused("foreign", f"{what} is refused: it was signed with another key than this machine's.")
    right = hmac.compare_digest(given, model_keys.signature(key, signed))
    if not right or (signed["name"], signed["version"]) != (name, folder.name):
        raise ModelRefused("tampered", f"{what} is refused: its signature does not fit to it.")
    return files


def _files(model: Any, card: Card) -> dict[str, bytes]:
    card = card.model_copy(update={"sklearn": sklearn_version(), "skops": version("skops")})
    text = json.dumps(card.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"
    return {MODEL: to_bytes(model), CARD: text.encode(), TEXT: as_text(card).encode()}


def _hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items()) if name != TEXT}


def _stamp(file: Path) -> tuple[int, ...]:
    """Changes whenever the file is replaced."""
    try:
        seen = os.stat(file)
    except OSError:
        return ()
    return (seen.st_mtime_ns, seen.st_ino, seen.st_size)
