"""Contracts on paper: the text of a deal, and the same as PDF, as Word file, as plain text."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from devdata.contracts.deals import US, Deal

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_FIXED = "2026-01-01T00:00:00Z"


def paragraphs(deal: Deal) -> list[tuple[str, str]]:
    """(style, text) of each paragraph: title, text, heading, end."""
    us, them = deal.roles
    made = [("title", deal.title.upper())]
    made.append(
        (
            "text",
            f"This {deal.title} (this “Agreement”) is made as of {deal.begins} by and between {US}, a company "
            f"organised under the laws of Germany with its registered office at Am Güterbahnhof 7, Trier, Germany "
            f"(“{us}”), and {deal.them}, with its registered office at {deal.address} (“{them}”). {us} and {them} are "
            "each a “party” and together the “parties”.",
        )
    )
    for number, (heading, text) in enumerate(deal.clauses, 1):
        made.append(("heading", f"{number}. {heading}"))
        filled = text.format(us=us, them=them, law=deal.law, begins=deal.begins, ends=deal.ends)
        made.append(("text", _sentence(filled)))
    made.append(
        ("text", "IN WITNESS WHEREOF, the parties have executed this Agreement as of the date first written above.")
    )
    for name, who, role in ((US, "Dr. Katrin Berger", "CEO"), (deal.them, "J. Alder", "CEO")):
        signature = f"/s/ {who}" if deal.signed else "____________________"
        filled_in = (f"Name: {who}", f"Title: {role}") if deal.signed else ("Name:", "Title:")
        made.append(("end", "\n".join((name, f"By: {signature}", *filled_in))))
    for annex in deal.annexes:
        made.append(("heading", annex))
        made.append(("text", "The scope, the service levels and the prices are those of the parties' last quotation."))
    return made


def _sentence(text: str) -> str:
    """Roles at the start of a sentence stand without an article, elsewhere with one, as contracts have them."""
    return re.sub(r"\s+", " ", text)


def as_pdf(deal: Deal) -> bytes:
    """A PDF with a text layer; the same bytes each time."""
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    text = ParagraphStyle("text", fontName="Times-Roman", fontSize=11, leading=14.5, spaceAfter=7, alignment=TA_JUSTIFY)
    styles = {
        "title": ParagraphStyle(
            "title", parent=text, fontName="Times-Bold", fontSize=14, alignment=TA_CENTER, leading=24
        ),
        "heading": ParagraphStyle("heading", parent=text, fontName="Times-Bold", spaceBefore=6, keepWithNext=1),
        "text": text,
        "end": ParagraphStyle("end", parent=text, spaceBefore=10, alignment=0),
    }
    out = BytesIO()
    sheet = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=70, rightMargin=70, topMargin=70, bottomMargin=70, invariant=1, title=deal.title
    )
    flow = [
        Paragraph(told.replace("&", "&amp;").replace("\n", "<br/>"), styles[style]) for style, told in paragraphs(deal)
    ]
    sheet.build([*flow, Spacer(1, 1)], onFirstPage=_footer, onLaterPages=_footer)
    return out.getvalue()


def _footer(canvas, sheet) -> None:  # type: ignore[no-untyped-def]
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(297, 40, f"Page {sheet.page}")


def as_text(deal: Deal) -> bytes:
    """Plain text, in lines of a typewriter's width."""
    import textwrap

    blocks = []
    for style, told in paragraphs(deal):
        lines = told.split("\n") if style == "end" else textwrap.wrap(told, 92)
        blocks.append("\n".join(line.center(92).rstrip() if style == "title" else line for line in lines))
    return ("\n\n".join(blocks) + "\n").encode()


def as_word(deal: Deal, tracked: tuple[str, str, str] | None = None) -> bytes:
    """A Word file. `tracked`: in the text that begins so, these words were deleted and those inserted, and tracked."""
    import docx

    document = docx.Document()
    for style, told in paragraphs(deal):
        if style in ("title", "heading"):
            document.add_heading(told, 0 if style == "title" else 2)
        elif tracked and told.startswith(tracked[0]):
            _track(document.add_paragraph(), told, tracked[1], tracked[2])
        else:
            document.add_paragraph(told)
    out = BytesIO()
    document.save(out)
    return restamped(out.getvalue())


def _track(paragraph, told: str, gone: str, new: str) -> None:  # type: ignore[no-untyped-def]
    """Writes the text with one deletion and one insertion that nobody has accepted yet."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    before, _, after = told.partition(gone)
    paragraph.add_run(before)
    for tag, words, inner in (("w:del", gone, "w:delText"), ("w:ins", new, "w:t")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        for name, value in (("w:id", "1"), ("w:author", "J. Alder"), ("w:date", _FIXED)):
            change.set(qn(name), value)
        text.set(qn("xml:space"), "preserve")
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(after)


def restamped(content: bytes, words: dict[str, str] | None = None) -> bytes:
    """A Word file with fixed times, and with some words of its text exchanged."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "word/document.xml":
                text = data.decode("utf-8")
                for was, becomes in (words or {}).items():
                    text = text.replace(was, becomes)
                data = text.encode()
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _FIXED.encode(), data)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()
