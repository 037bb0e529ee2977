# ruff: noqa: E501 - wordings stay whole
"""Forms, contracts and mails of joiners as other companies write them: nothing is ever fitted to these."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from benchmarks.joiner_forms import Person, shapes_of, written_day

# fmt: off
FIELDS = ("surname", "given_names", "born_on", "employer", "department", "role", "manager", "starts_on", "weekly_hours",
          "nationality", "address", "email")  # fmt: skip
Made = tuple[str, bytes, tuple[str, ...]]  # the file's ending, its content, the fields that it holds
NAMED = ("surname", "given_names")
JOB = ("employer", "department", "role", "manager", "starts_on", "weekly_hours")
_STYLES = getSampleStyleSheet()
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def styled() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Sans", FONT))
    for style in _STYLES.byName.values():
        if hasattr(style, "fontName"):
            style.fontName = "Sans"


def _pdf(title: str, parts: Sequence[object]) -> bytes:
    out = io.BytesIO()
    told = [Paragraph(p, _STYLES["Normal"]) if isinstance(p, str) else p for p in parts]
    spaced = [piece for part in told for piece in (part, Spacer(1, 9))]
    SimpleDocTemplate(out, pagesize=A4).build([Paragraph(title, _STYLES["Title"]), *spaced])
    return out.getvalue()


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 9) -> Table:
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), "Sans", size)]
    return Table([list(row) for row in rows], widths, style=[*grid, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])


def _days(p: Person, r: Random, language: str) -> tuple[str, str]:
    shape = r.choice(shapes_of(language))
    return written_day(p.born, shape, language), written_day(p.starts, shape, language)


def two_columns(p: Person, r: Random) -> Made:
    """A German form with borders: label, value, label, value; the address in three boxes."""
    born, starts = _days(p, r, "de")
    street, _, town = p.address.partition(", ")
    rows = [
        ("Familienname", p.surname, "Vorname(n)", p.given),
        ("Geburtsname", "", "Geb.-Datum", born),
        ("Geburtsort", "Passau", "Staatsangeh.", p.nation[0]),
        ("Straße, Hausnr.", street, "PLZ, Wohnort", town),
        ("E-Mail privat", p.email, "Telefon", "0171 2233445"),
        ("IBAN", "DE02120300000000202051", "Krankenkasse", "AOK"),
    ]
    job = [
        ("Betrieb", p.employer),
        ("Einsatzabteilung", p.department),
        ("Stellenbezeichnung", p.role),
        ("Eintritt zum", starts),
        ("Wochenarbeitszeit", f"{p.hours.replace('.', ',')} Std."),
        ("Disziplinarische Führungskraft", p.manager),
    ]
    return (
        ".pdf",
        _pdf(
            "Personalbogen zur Neueinstellung",
            [_table(rows, (95, 145, 85, 145), 8), "Vom Arbeitgeber auszufüllen", _table(job, (200, 270))],
        ),
        FIELDS,
    )


def offer_letter(p: Person, r: Random) -> Made:
    """An English letter with the joiner as its addressee."""
    _, starts = _days(p, r, "en")
    street, _, town = p.address.partition(", ")
    title = r.choice(["Mr", "Ms"])
    body = [
        f"{p.employer}<br/>Kingfisher House, 12 Canal Street<br/>London EC1V 2AB",
        f"{title} {p.given} {p.surname}<br/>{street}<br/>{town}",
        "3 September 2026",
        f"Dear {p.given.split()[0]},",
        f"We are delighted to offer you the position of <b>{p.role}</b> within our {p.department} department on the terms below.",
        f"<b>Start date</b><br/>Your employment with {p.employer} will begin on {starts} and there will be a probationary period of three months.",
        f"<b>Reporting line</b><br/>You will report to {p.manager}, who will agree your objectives with you.",
        f"<b>Hours</b><br/>You will be expected to work {p.hours} hours per week, between 9 am and 5.30 pm.",
        "<b>Pay</b><br/>Your salary will be £41,500 per annum, paid on the last working day of the month.",
        "To accept this offer please sign and return one copy by 18 September 2026.",
        "Yours sincerely,<br/>Margaret Ellis<br/>People Director",
    ]
    return ".pdf", _pdf("Offer of employment", body), (*NAMED, *JOB, "address")


def contrat(p: Person, r: Random) -> Made:
    """A French contract with its parties in a preamble."""
    born, starts = _days(p, r, "fr")
    body = [
        "ENTRE LES SOUSSIGNÉS :",
        f"{p.employer}, au capital de 10 000 euros, immatriculée au RCS de Nantes sous le numéro 812 345 678, dont le siège social est situé 8 quai de la Fosse, 44000 Nantes, représentée par Monsieur Alain Perrot en sa qualité de Président,",
        "D'une part,",
        f"ET : Madame {p.given} {p.surname.upper()}, née le {born} à Tours, de nationalité {p.nation[0] if p.nation[0] != 'France' else 'française'}, demeurant {p.address},",
        "D'autre part,",
        "IL A ÉTÉ CONVENU CE QUI SUIT :",
        f"Article 1 – Engagement<br/>Madame {p.surname} est engagée par contrat à durée indéterminée à compter du {starts}.",
        f"Article 2 – Emploi<br/>Elle exercera les fonctions de {p.role}, statut employé, au sein du service {p.department}, sous l'autorité de {p.manager}.",
        f"Article 3 – Durée du travail<br/>La durée du travail est fixée à {p.hours.replace('.', ',')} heures par semaine.",
        "Article 4 – Rémunération<br/>La rémunération mensuelle brute est de 2 450 euros.",
        "Fait à Nantes, le 2 septembre 2026, en double exemplaire.",
    ]
    held = (*NAMED, "born_on", "address", *JOB)
    return ".pdf", _pdf("CONTRAT DE TRAVAIL À DURÉE INDÉTERMINÉE", body), held


def vertrag(p: Person, r: Random) -> Made:
    """A German contract whose parties stand below each other."""
    born, starts = _days(p, r, "de")
    street, _, town = p.address.partition(", ")
    body = [
        "Zwischen",
        f"{p.employer}<br/>Industriepark 17<br/>86153 Augsburg",
        "– nachstehend „Arbeitgeber“ genannt –",
        "und",
        f"Frau {p.given} {p.surname}<br/>geb. {born}<br/>{street}<br/>{town}",
        "– nachstehend „Arbeitnehmerin“ genannt –",
        "wird folgender Arbeitsvertrag geschlossen:",
        f"<b>§ 1 Beginn und Dauer</b><br/>Das Arbeitsverhältnis beginnt am {starts} und wird auf unbestimmte Zeit geschlossen.",
        f"<b>§ 2 Aufgabengebiet</b><br/>(1) Die Arbeitnehmerin wird als {p.role} im Bereich {p.department} angestellt.<br/>(2) Fachlich und disziplinarisch ist sie {p.manager} unterstellt.",
        f"<b>§ 3 Arbeitszeit</b><br/>Die Arbeitszeit beträgt {p.hours.replace('.', ',')} Stunden in der Woche.",
        "<b>§ 4 Vergütung</b><br/>Das monatliche Bruttoentgelt beträgt 3.650,00 €.",
        "Augsburg, den 4.9.2026",
    ]
    return ".pdf", _pdf("Arbeitsvertrag", body), (*NAMED, "born_on", "address", *JOB)


def german_mail(p: Person, r: Random) -> Made:
    """What a manager writes to HR."""
    born, starts = _days(p, r, "de")
    text = f"""Liebe Frau Albrecht,

wie telefonisch besprochen meldet sich hiermit unser Neuzugang: {p.given} {p.surname} (geboren am {born}) wird ab dem {starts}
bei der {p.employer} als {p.role} arbeiten, und zwar in der Abteilung {p.department}. Ihre direkte Vorgesetzte wird {p.manager}.
Vereinbart sind {p.hours.replace(".", ",")} Wochenstunden. Privat ist sie unter {p.email} erreichbar, sie wohnt {p.address}.

Mit freundlichen Grüßen
Rolf Hagen
"""
    return ".txt", text.encode(), (*NAMED, "born_on", *JOB, "email", "address")


def workbook(p: Person, r: Random) -> Made:
    """An English workbook with its labels above the values, several to a row."""
    from openpyxl import Workbook

    born, starts = _days(p, r, "en")
    book = Workbook()
    sheet = book.active
    rows = [
        ["Starter notification"],
        [],
        ["Forename(s)", "Family name", "Date of birth"],
        [p.given, p.surname, born],
        [],
        ["Home address", "Personal email", "Nationality"],
        [p.address, p.email, p.nation[0]],
        [],
        ["Hiring entity", "Department", "Job title"],
        [p.employer, p.department, p.role],
        [],
        ["Reporting manager", "First day", "Hours per week"],
        [p.manager, starts, p.hours],
        [],
        ["Completed by", "Date"],
        ["Joan Fletcher", "02/09/2026"],
    ]
    for row in rows:
        sheet.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return ".xlsx", out.getvalue(), FIELDS


def fillable(p: Person, r: Random) -> Made:
    """A German PDF form whose fields have names that say nothing."""
    born, starts = _days(p, r, "de")
    told = [
        ("Name", p.surname),
        ("Vorname", p.given),
        ("geb. am", born),
        ("Staatsangehörigkeit", p.nation[0]),
        ("Anschrift (Straße, PLZ, Ort)", p.address),
        ("E-Mail", p.email),
        ("Gesellschaft", p.employer),
        ("Abteilung / Team", p.department),
        ("Funktion", p.role),
        ("Beschäftigungsbeginn", starts),
        ("Vorgesetzte(r)", p.manager),
        ("Std./Woche", p.hours.replace(".", ",")),
    ]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Sans", 15)
    canvas.drawString(50, 780, "Meldebogen für neue Beschäftigte")
    for n, (label, value) in enumerate(told):
        x, y = 50 + 260 * (n % 2), 720 - 46 * (n // 2)
        canvas.setFont("Sans", 8)
        canvas.drawString(x, y + 22, label)
        latin = value.encode("latin-1", "replace").decode("latin-1")
        canvas.acroForm.textfield(
            name=f"fld{n * 17}_x", value=latin, x=x, y=y, width=235, height=18, fontName="Helvetica", fontSize=9
        )
    canvas.save()
    shown = dict(zip(FIELDS_OF_FORM, told, strict=True))
    return (
        ".pdf",
        out.getvalue(),
        tuple(
            f
            for f, (_, value) in shown.items()
            if value.isascii() or value == value.encode("latin-1", "replace").decode("latin-1")
        ),
    )


def fiche(p: Person, r: Random) -> Made:
    """A French and English table with borders, its labels in two languages."""
    born, starts = _days(p, r, "fr")
    rows = [
        ("Nom / Last name", p.surname),
        ("Prénom(s) / First name(s)", p.given),
        ("Né(e) le / Born on", born),
        ("Nationalité / Nationality", p.nation[0]),
        ("Adresse / Address", p.address),
        ("Courriel / E-mail", p.email),
        ("Entité / Entity", p.employer),
        ("Service / Department", p.department),
        ("Intitulé de poste / Job title", p.role),
        ("Responsable N+1 / Line manager", p.manager),
        ("Date d'arrivée / Start date", starts),
        ("Horaire hebdo. / Weekly hours", f"{p.hours.replace('.', ',')} h"),
    ]
    return (
        ".pdf",
        _pdf("Fiche d'arrivée / Joiner sheet", [_table(rows, (190, 280)), "Visa RH : C. Lemaire – 03/09/2026"]),
        FIELDS,
    )


def english_mail(p: Person, r: Random) -> Made:
    """What a recruiter writes."""
    born, starts = _days(p, r, "en")
    text = f"""Hi both,

Good news - {p.given} {p.surname} has signed! Details for the system:
Joining {p.employer} as {p.role}, {p.department} team. Line manager is {p.manager}. Day one: {starts}. {p.hours} hrs/week.
DOB {born}, lives at {p.address}; best reached on {p.email}.

Cheers
Dee
"""
    return ".txt", text.encode(), (*NAMED, "born_on", *JOB, "email", "address")


FIELDS_OF_FORM = ("surname", "given_names", "born_on", "nationality", "address", "email", "employer", "department", "role",
                  "starts_on", "manager", "weekly_hours")  # fmt: skip
LAYOUTS: dict[str, tuple[str, Callable[[Person, Random], Made]]] = {
    "two columns": ("de", two_columns), "offer letter": ("en", offer_letter), "contrat": ("fr", contrat),
    "vertrag": ("de", vertrag), "german mail": ("de", german_mail), "workbook": ("en", workbook),
    "fillable": ("de", fillable), "fiche": ("fr", fiche), "english mail": ("en", english_mail),
}  # fmt: skip


# fmt: on
