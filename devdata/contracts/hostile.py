"""Contracts as nobody wants them: very long, in two columns, scanned, blacked out, tracked, locked, wrapped, foreign.

`bad_contracts(folder)` writes them, deterministic but for what libraries stamp; `python -m devdata.contracts.hostile
FOLDER` the same. Tests and the benchmark of bad input share them.
"""

from __future__ import annotations

import email.policy
import io
import sys
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from devdata.contracts.hostile_texts import CLAUSES, FILLER, FRENCH, GERMAN, HEAD, SIGNED, SPANISH, THEM


def paragraphs(clauses: Sequence[tuple[str, str]] = CLAUSES) -> list[str]:
    """A contract's paragraphs."""
    return [*HEAD, *(f"{n}. {title}. {text}" for n, (title, text) in enumerate(clauses, 1)), SIGNED]


def pdf(pages: Sequence[Sequence[str]], *, columns: int = 1, password: str = "") -> bytes:
    """Pages of paragraphs as a PDF with text."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1, encrypt=StandardEncryption(password, canPrint=0) if password else None)
    for page in pages:
        _set(canvas, page, columns)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _set(canvas: Canvas, texts: Sequence[str], columns: int) -> None:
    width, height = A4
    wide = (width - 120 - 20 * (columns - 1)) / columns
    lines = [line for text in texts for line in [*_wrapped(text, wide), ""]]
    rows = int((height - 140) / 13)
    share = rows if columns == 1 else min(rows, -(-len(lines) // columns))
    for n, line in enumerate(lines[: share * columns]):
        column, row = divmod(n, share)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(60 + column * (wide + 20), height - 70 - row * 13, line)


def _wrapped(text: str, wide: float) -> list[str]:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(longer, "Times-Roman", 10) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def scanned(content: bytes, scribble: bool = False) -> bytes:
    """A PDF's pages as pictures, a little askew and grey; with `scribble` signed by hand and noted in the margin."""
    import pypdfium2
    from PIL import ImageDraw

    out = io.BytesIO()
    canvas = Canvas(out, A4, invariant=1)
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            picture = page.render(scale=150 / 72).to_pil().convert("L")
            if scribble:
                _scribbled(ImageDraw.Draw(picture), picture.size)
            picture = picture.rotate(0.6, fillcolor=245, expand=False).point(lambda v: min(245, v + 12))
            packed = io.BytesIO()
            picture.save(packed, "JPEG", quality=70)
            canvas.drawImage(ImageReader(packed), 0, 0, *A4)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _scribbled(draw: object, size: tuple[int, int]) -> None:
    """Loops as of a pen: a signature at the foot, a note beside the text."""
    import math

    wide, high = size
    for left, top, scale in ((wide * 0.15, high * 0.8, 9), (wide * 0.55, high * 0.82, 8), (wide * 0.86, high * 0.4, 4)):
        path = [
            (left + t * scale * 1.4 + 3 * scale * math.sin(t * 1.7), top + 2.4 * scale * math.cos(t * 2.3))
            for t in (n / 8 for n in range(140))
        ]
        draw.line(path, fill=60, width=3)  # type: ignore[attr-defined]


def redacted() -> bytes:
    """A contract whose other party and whose cap somebody took out."""
    texts = (t.replace("one hundred percent (100%)", "[REDACTED]") for t in paragraphs()[:-1])
    return pdf([[*(t.replace(THEM, "[***]") for t in texts), "Signed for both parties."]])


def docx_of(texts: Sequence[str]) -> bytes:
    """A Word file."""
    import docx

    made = docx.Document()
    for text in texts:
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tracked() -> bytes:
    """A Word file with an insertion, a deletion and a comment that nobody has settled."""
    old = "the twelve (12) months before"
    new = (
        '</w:t></w:r><w:del w:id="1" w:author="J" w:date="2026-05-01T00:00:00Z"><w:r>'
        '<w:delText xml:space="preserve">the twelve (12) months</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="J" w:date="2026-05-01T00:00:00Z"><w:r>'
        '<w:t xml:space="preserve">the three (3) months</w:t></w:r></w:ins><w:r><w:commentReference w:id="0"/></w:r>'
        '<w:r><w:t xml:space="preserve"> before'
    )
    return rewritten(docx_of(paragraphs()), "word/document.xml", lambda xml: xml.replace(old.encode(), new.encode()))


def rewritten(
    content: bytes, part: str, change: Callable[[bytes], bytes], more: dict[str, bytes] | None = None
) -> bytes:
    """A zip with one part changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_macros() -> bytes:
    """A .docm: the same text, with a part of macros."""
    kind, macro = b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    to_macro = lambda xml: xml.replace(b"openxmlformats-officedocument." + kind, macro)  # noqa: E731
    return rewritten(docx_of(paragraphs()), "[Content_Types].xml", to_macro, {"word/vbaProject.bin": b"\xd0\xcf" * 99})


def bomb() -> bytes:
    """A Word file of a few hundred kilobytes whose text unpacks to 60 megabytes."""
    return rewritten(
        docx_of(paragraphs()),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b" " * 60_000_000),
    )


def locked_docx() -> bytes:
    """What Word writes for a file with a password: an OLE file with an encrypted package."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    names = "".join(f"{name}\0" for name in ("EncryptionInfo", "EncryptedPackage", "DataSpaces"))
    return head + names.encode("utf-16-le").ljust(4096, b"\0")


def mail(parts: Sequence[tuple[str, bytes]], subject: str = "Agreements", inner: bytes = b"") -> bytes:
    """A mail with attachments, and another mail as one of them."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = "legal@penrose.example", "contracts@moselbrueck.example", subject
    made["Message-ID"], made["Date"] = f"<{len(parts)}-{len(inner)}@penrose.example>", "Mon, 01 Jun 2026 09:00:00 +0000"
    made.set_content("Please find the agreements attached.")
    for name, content in parts:
        sub = "pdf" if name.endswith(".pdf") else "octet-stream"
        made.add_attachment(content, maintype="application", subtype=sub, filename=name)
    if inner:
        made.add_attachment(email.message_from_bytes(inner, policy=email.policy.SMTP), filename="forwarded.eml")
    return made.as_bytes()


def long_pages(count: int) -> list[list[str]]:
    """Pages of an agreement: its beginning on the first, its signature on the last, schedules between."""
    body = paragraphs()
    filler = [[FILLER.format(n=12 * page + n) for n in range(12)] for page in range(count - 2)]
    return [body[:-1], *filler, [body[-1]]]


def several() -> bytes:
    """Two contracts one after the other in one PDF."""
    other = [t.replace("SERVICES AGREEMENT", "NON-DISCLOSURE AGREEMENT").replace("Services Agreement", "Agreement")
             .replace(THEM, "Kestrel Shipping Ltd.") for t in paragraphs(CLAUSES[1:])]  # fmt: skip
    return pdf([paragraphs(), other])


MADE: dict[str, Callable[[], bytes]] = {
    "long.pdf": lambda: pdf(long_pages(600)),
    "long.docx": lambda: docx_of([text for page in long_pages(600) for text in page]),
    "two_columns.pdf": lambda: pdf([[*paragraphs()[:-1], *(FILLER.format(n=n) for n in range(8)), SIGNED]], columns=2),
    "two_columns_scanned.pdf": lambda: scanned(
        pdf([[*paragraphs()[:-1], *(FILLER.format(n=n) for n in range(8)), SIGNED]], columns=2)
    ),
    "handwriting.pdf": lambda: scanned(pdf([paragraphs()]), scribble=True),
    "redacted.pdf": redacted,
    "tracked.docx": tracked,
    "german.pdf": lambda: pdf([GERMAN]),
    "french.pdf": lambda: pdf([FRENCH]),
    "spanish.docx": lambda: docx_of(SPANISH),
    "empty.pdf": lambda: b"",
    "locked.pdf": lambda: pdf([paragraphs()], password="secret"),  # noqa: S106 - a test's
    "locked.docx": locked_docx,
    "bomb.docx": bomb,
    "macros.docm": with_macros,
    "several.pdf": several,
    "mails.eml": lambda: mail(
        [("services.pdf", pdf([paragraphs()])), ("german.pdf", pdf([GERMAN]))],
        inner=mail([("nda.docx", docx_of(paragraphs()))], "Forwarded"),
    ),
}
"""By file name, how each is made."""


def bad_contracts(folder: Path) -> list[Path]:
    """Writes all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MADE.items():
        (folder / name).write_bytes(make())
    return sorted(folder.iterdir())


if __name__ == "__main__":
    print("\n".join(str(path) for path in bad_contracts(Path(sys.argv[1]))))
