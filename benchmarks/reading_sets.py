"""The documents that are read: labelled sets, and e-invoices drawn as the scans that an office gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DPI = 200
MOST_DEGREES = 1.2
NOISE = 6.0
"""Standard deviation of the grey noise, of 255."""
SCANNED = ("einvoice", "orderx")
SETS = ("sroie", "einvoice", "orderx", "fcc_adbuy", "kinds")
_CREDIT = {"381", "261"}


@dataclass(frozen=True)
class Case:
    """A document, the set that it belongs to, its labels, and the kinds that it may be.

    `variant` tells the set's own file from a drawn scan; `scored`: fields are compared, not only the kind.
    """

    name: str
    variant: str
    path: Path
    kinds: tuple[str, ...]
    labels: dict[str, Any] = field(default_factory=dict)
    scored: bool = True

    @property
    def group(self) -> str:
        """How figures of this kind of document are called."""
        return f"{self.name} {self.variant}".strip()


def cases(data: Path, names: list[str], count: int | None, scans: Path) -> list[Case]:
    """The documents of the sets, `count` of each at most (a fixed sample); drawn scans are written to `scans`."""
    found: list[Case] = []
    for name in names:
        if name != "kinds":
            found += [case for row in sample(_rows(data / name), count) for case in _of_row(name, data, row, scans)]
    if "kinds" in names:
        for name, kind in (("cuad", "contract"), ("kleister_nda", "contract")):
            rows = sample(_rows(data / name), count)
            found += [Case(name, "", data / name / r["file"], (kind,), scored=False) for r in rows if "file" in r]
        rows = sample(_rows(data / "kinds"), count)
        found += [Case("kinds", "", data / "kinds" / r["file"], (r["kind"],), scored=False) for r in rows]
    return found


def _of_row(name: str, data: Path, row: dict[str, Any], scans: Path) -> Iterator[Case]:
    labels = {**row, **(row.get("entities") or {})}
    if not all(line.get("description") for line in row.get("lines") or ()):
        return
    path = data / name / row["file"]
    yield Case(name, "", path, _kinds(name, row), labels)
    if name in SCANNED:
        drawn = scans / name / f"{path.stem}.pdf"
        draw_scan(path, drawn)
        yield Case(name, "scan", drawn, _kinds(name, row), labels)


def _kinds(name: str, row: dict[str, Any]) -> tuple[str, ...]:
    if name == "sroie":
        return ("receipt",)
    if name == "orderx":
        return ("order",)
    if name == "fcc_adbuy":
        return ("invoice",) if "invoice" in str(row.get("title", "")).lower() else ("invoice", "order")
    return ("credit_note",) if row.get("type_code") in _CREDIT else ("invoice",)


def _rows(folder: Path) -> list[dict[str, Any]]:
    """The labels of a set; a set that is not there has none."""
    file = folder / "labels.jsonl"
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def sample(rows: list[dict[str, Any]], count: int | None) -> list[dict[str, Any]]:
    """The first `count` in a fixed order that has nothing to do with names."""
    ordered = sorted(rows, key=lambda r: hashlib.sha256(json.dumps(r, sort_keys=True).encode()).digest())
    return ordered[:count] if count else rows


def draw_scan(source: Path, target: Path, most_pages: int = 30) -> None:
    """The pages of a PDF as a 200-dpi scan: turned by up to 1.2 degrees, with noise, as JPEG. Always the same."""
    import numpy
    import pypdfium2
    from PIL import Image

    if target.is_file():
        return
    chance = numpy.random.default_rng(int.from_bytes(hashlib.sha256(source.name.encode()).digest()[:8], "big"))
    pages = []
    pdf = pypdfium2.PdfDocument(str(source))
    for number in range(min(len(pdf), most_pages)):
        page = pdf[number].render(scale=DPI / 72).to_pil().convert("L")
        degrees = float(chance.uniform(-MOST_DEGREES, MOST_DEGREES))
        page = page.rotate(degrees, Image.Resampling.BICUBIC, expand=False, fillcolor=255)
        grey = numpy.asarray(page, dtype=numpy.float32) * 0.96
        grey += chance.normal(0.0, NOISE, grey.shape).astype(numpy.float32)
        pages.append(Image.fromarray(numpy.clip(grey, 0, 255).astype(numpy.uint8)))
    pdf.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    quality = int(chance.integers(50, 80))
    pages[0].save(target, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=quality)
