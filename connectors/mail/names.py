"""File names that strangers chose, made safe to use on any system."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)")


def safe_name(name: str | None, default: str) -> str:
    """A base name without path, control characters, or anything that a file system gives a meaning to.

    `default` is taken when nothing is left. At most 120 characters; the extension survives the cut.
    """
    text = unicodedata.normalize("NFC", (name or "")[:2000])
    text = text.replace("\\", "/").rstrip("/ ").rsplit("/", 1)[-1]
    # Format characters hide what a name is (right-to-left override: "gpj.exe"); surrogates cannot be encoded.
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    text = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", text)).strip().lstrip(".").rstrip(". ")
    if not text.strip("_. "):
        return default
    if _RESERVED.match(text):
        text = "_" + text
    return _cut(text)


def _cut(text: str) -> str:
    if len(text) <= LONGEST and len(text.encode()) <= 240:
        return text
    stem, ending = split_extension(text)
    while len(stem) + len(ending) > LONGEST or len((stem + ending).encode()) > 240:
        stem = stem[:-1]
    return (stem.rstrip(". ") or "file") + ending


def split_extension(name: str) -> tuple[str, str]:
    """("invoice.2026", ".pdf"): an extension is up to ten letters or digits after the last dot."""
    found = re.search(r"(?<=.)\.[A-Za-z0-9]{1,10}\Z", name)
    return (name[: found.start()], found.group()) if found else (name, "")


class UniqueNames:
    """Gives every name once: a second "scan.pdf" becomes "scan-2.pdf". Case does not distinguish names."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The name itself, or with a number when it was taken before."""
        stem, ending = split_extension(name)
        candidate = name
        while candidate.casefold() in self._counts:
            self._counts[name.casefold()] += 1
            candidate = f"{stem}-{self._counts[name.casefold()]}{ending}"
        self._counts[candidate.casefold()] = 1
        return candidate
