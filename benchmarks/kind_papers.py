"""Labelled papers to fit and to measure the telling of kinds: real sets, and those that devdata/kinds makes.

Groups are sellers, shops, advertisers or companies; papers of one group are never on both sides of a split.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from devdata.kinds.leaf import recognised
from devdata.kinds.make import MAKERS, leaves, paper
from extractors.kinds import PAGES_LOOKED_AT, looked_at
from workitems.items import Kind, Page

FIRST, LAST = 9000, 3000  # characters of a long text that are read
MADE = 200  # papers of each kind that are made
TWICE = (0.005, 0.03)  # pages with a text layer also come as a good and as a bad scan would give them


@dataclass
class Labelled:
    """A paper whose kind is known. `also`: kinds that would be as right; `learn`: we may and should learn from it."""

    name: str
    origin: str
    group: str
    kind: Kind
    pages: list[Page]
    also: tuple[Kind, ...] = ()
    learn: bool = True


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The labels of a set; nothing where it is absent."""
    file = folder / "labels.jsonl"
    return [json.loads(x) for x in file.read_text(encoding="utf-8").splitlines() if x] if file.is_file() else []


def letters(value: str) -> str:
    """Letters alone, in lower case: one company, however it is written."""
    return "".join(c for c in value.lower() if c.isalpha())[:14]


def text_pages(path: Path) -> list[Page]:
    """The looked-at pages of a PDF's text layer; nothing where it is a scan."""
    from extractors.pdf_text import Pdf

    with Pdf(path) as pdf:
        numbers = pdf.page_numbers(PAGES_LOOKED_AT)
        layers = [pdf.text_layer(n) for n in numbers]
    return [layer.page for layer in layers if layer and layer.usable]


def given_pages(row: dict[str, Any], path: Path) -> list[Page]:
    """A receipt from the words and boxes that its set gives."""
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
    words = [
        {"text": w, "box": (x0 / width, y0 / height, min(1.0, x1 / width), min(1.0, y1 / height)), "confidence": 0.95}
        for w, (x0, y0, x1, y1) in zip(row["words"], row["boxes"], strict=True)
    ]
    page = {"number": 1, "width": width, "height": height, "source": "ocr", "engine": "given", "words": words}
    return [Page.model_validate(page)]


def plain_pages(text: str) -> list[Page]:
    """A text file."""
    from extractors import plain

    return looked_at(plain.text_pages(text[:FIRST] + text[FIRST:][-LAST:]))


def _receipts(data: Path, cache: Path | None) -> Iterator[Labelled]:
    for row in rows_of(data / "sroie"):
        group = "sroie:" + letters(row["entities"].get("company", ""))
        yield Labelled(row["file"], "sroie", group, "receipt", given_pages(row, data / "sroie" / row["file"]))
        kept = cache / "paddle" / "sroie" / (Path(row["file"]).stem + ".json") if cache else None
        if kept and kept.is_file():
            pages = [Page.model_validate(p) for p in json.loads(kept.read_text(encoding="utf-8"))]
            yield Labelled(row["file"], "sroie ocr", group, "receipt", pages)


def _einvoices(data: Path) -> Iterator[Labelled]:
    for name in ("einvoice", "orderx"):
        for row in rows_of(data / name):
            credit = row["type_code"] in ("381", "261")
            kind: Kind = "order" if name == "orderx" else "credit_note" if credit else "invoice"
            pages = text_pages(data / name / row["file"])
            yield Labelled(row["file"], name, f"{name}:{letters(row['seller'] or '')}", kind, pages)


def _broadcast(data: Path) -> Iterator[Labelled]:
    """The title of a filing says what it is; where it does not, the first large word of the page does."""
    for row in rows_of(data / "fcc_adbuy"):
        title, pages = row["title"].lower(), text_pages(data / "fcc_adbuy" / row["file"])
        top = " ".join(w.text for w in (pages[0].words[:120] if pages else ())).lower()
        named = "invoice" in title
        kind: Kind = "invoice" if named or ("invoice" in top and "contract / rev" not in top) else "order"
        also: tuple[Kind, ...] = () if named else ("invoice", "order")
        sure = named or "order" in title or "contract" in title
        yield Labelled(row["file"], "fcc_adbuy", f"fcc:{letters(row['advertiser'])}", kind, pages, also, sure)


def _contracts(data: Path) -> Iterator[Labelled]:
    for row in rows_of(data / "cuad"):
        company, path = row["title"].split("_")[0].lower(), data / "cuad" / row["file"]
        pages = plain_pages(path.read_text(encoding="utf-8", errors="replace"))
        yield Labelled(row["file"], "cuad", f"cuad:{company}", "contract", pages)
        pdf = data / "cuad" / str(row.get("pdf") or "")
        if pdf.is_file():
            yield Labelled(pdf.name, "cuad pdf", f"cuad:{company}", "contract", text_pages(pdf))
    for name in ("dev.json", "train_truncated.json"):
        file = data / "contract_nli" / name
        for row in json.loads(file.read_text(encoding="utf-8"))["documents"] if file.is_file() else ():
            yield Labelled(row["file_name"], "contract_nli", f"nli:{row['id']}", "contract", plain_pages(row["text"]))
    for row in rows_of(data / "kleister_nda"):
        pages = text_pages(data / "kleister_nda" / row["file"])
        yield Labelled(row["file"], "kleister_nda", f"kleister:{row['file']}", "contract", pages, (), False)


_SIGNED = re.compile(r"^(dear|hi|hello|regards|best regards|sincerely|cheers|thanks)\b", re.IGNORECASE | re.MULTILINE)


def _mails(data: Path) -> Iterator[Labelled]:
    """Ordinary mails: letters where somebody is greeted, else none of the kinds; both are right."""
    for path in sorted((data / "mail" / "spamassassin").glob("ham*")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        try:
            body = message.get_body(("plain",))
            text = str(body.get_content()) if body else ""
        except (LookupError, KeyError, ValueError):
            continue
        if len(text) < 80:
            continue
        bulk = any(message[h] for h in ("List-Unsubscribe", "List-Id")) or message["Precedence"] == "bulk"
        kind: Kind = "letter" if _SIGNED.search(text) and not bulk else "other"
        yield Labelled(path.name, "mail", f"mail:{path.name}", kind, plain_pages(text), ("letter", "other"))


def made_papers(count: int = MADE, start: int = 0) -> Iterator[Labelled]:
    """Papers of every kind from devdata/kinds; none of the kinds twice as often, since it is the most varied."""
    for kind in MAKERS:
        for n in range(start, start + count * (2 if kind == "other" else 1)):
            language = leaves(kind, n)[1]
            yield Labelled(f"{kind}-{n}", f"made {language}", f"made:{kind}:{n}", kind, paper(kind, n))


def real_papers(data: Path, cache: Path | None = None) -> Iterator[Labelled]:
    """All real papers, with what scans of those that have a text layer might give."""
    for found in (_receipts(data, cache), _einvoices(data), _broadcast(data), _contracts(data), _mails(data)):
        for one in found:
            one.pages = looked_at(one.pages)
            if not any(p.words for p in one.pages):
                continue
            yield one
            if one.origin in ("sroie", "sroie ocr", "kleister_nda", "mail", "contract_nli"):
                continue
            random = Random(f"scan {one.name}")  # noqa: S311 - no secret
            errors = random.choice(TWICE)
            pages = [recognised(p, random, errors) for p in one.pages]
            yield Labelled(one.name, one.origin + " noisy", one.group, one.kind, pages, one.also, one.learn)


def fold_of(group: str, folds: int) -> int:
    """Which part of a split a group is in."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % folds
