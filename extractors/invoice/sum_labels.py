"""How papers announce their sums, in English, German and French; weights say how much a label is worth.

Tables are read from the top: a label further up takes its words away from those below, a weight of 0 only blocks.
"""

from __future__ import annotations

from extractors.invoice.candidates import Label, label

_VAT = r"(?:u\.?st|mwst|mehrwertsteuer|umsatzsteuer|vat|gst|tva|tax|taxes|sst|iva|btw|steuer)\b\.?"
_INCL = r"(?:inc\w*|inkl\w*|including|inclusive|with)\.?\s*(?:of\s+)?(?:\d+\s?%\s*)?"
_EXCL = (
    r"(?:exc\w*|exkl\w*|ohne|excluding|exclusive|before|without|w/o|hors|net\s+of|zzgl)\.?\s*(?:of\s+)?(?:\d+\s?%\s*)?"
)
_SUM = (
    r"(?:gesamt|rechnungs|end|beleg|auftrags|bestell)-?(?:betrag|summe|wert|preis)"
    r"|summe|total|amount|montant|betrag|sales"
)

NEVER: tuple[Label, ...] = (
    label("", 0.0, r"(?:included|inclusive|incl\.?)\s+in\s+(?:the\s+)?total|line\s+(?:total|amount)|total\s+line"),
    label(
        "",
        0.0,
        r"total\s*(?:no\.?|number)?\s*(?:of\s+)?(?:items?|qty|quantity|pcs|units|spots|grp|cpp"
        r"|weight|savings?|pages?|impressions|articles?)",
    ),
    label(
        "",
        0.0,
        r"(?:total\s+)?(?:discount|rabatt|remise|savings?|disc|rounding|round\w*\s+adj\w*"
        r"|change|cash|tender\w*|paid|credit\s+limit)\b",
    ),
    label(
        "",
        0.0,
        r"(?:agency\s+)?commission|capital(?:\s+de)?|erhaltene\s+anzahlungen|bereits\s+(?:be|ge)zahlt",
        r"acomptes?|deposit|(?:abschlags|an|voraus)zahlung\w*|payments?\s+received|(?:amount\s+)?paid(?:\s+to\s+date)?",
        r"deja\s+(?:regle|paye)e?",
    ),
    label(
        "",
        0.0,
        r"gesamtbetrag\s+der\s+(?:zu|ab)schlage|allowances?(?:\s+amount)?|charges?\s+amount",
        r"total\s+points",
    ),
    label("", 0.0, r"total\s+\d+\s?%?\s+suppl\w+"),
    label("", 0.0, r"(?:ubertrag|carried\s+forward|brought\s+forward|a\s+reporter|report)"),
)
TAX: tuple[Label, ...] = (
    label("", 0.0, rf"(?:inc\w*|inkl\w*|including|exc\w*|exkl\w*|excluding)\.?\s*(?:of\s+)?{_VAT}\s*\)"),
    label("tax", 0.9, rf"(?:total|amount)\s+include[ds]\s+(?:\d+\s?%\s*)?{_VAT}"),
    label(
        "tax",
        0.0,
        rf"{_VAT}\s*(?:id|reg|no|nr|number|nummer|summary|code|invoice|ident\w*|-?id\w*|clause|rate|satz|%|basis\w*)",
    ),
    label(
        "tax",
        0.96,
        r"(?:total|summe|gesamt|sum)(?:\s+of)?(?:\s+(?:der|the"
        rf"|de\s+la))?\s*(?:\d+\s?%\s*)?{_VAT}(?:\s+(?:amount|total|betrag))?",
    ),
    label(
        "tax",
        0.96,
        r"(?:(?:umsatz|mehrwert)?steuer|mwst\.?|ust\.?)-?\s?(?:betrag|summe|gesamt)(?:\s+in\s+[a-z]{3})?",
        r"(?:tax|vat|gst)\s+(?:amount|total)|montant\s+(?:de\s+la\s+)?tva",
    ),
    label("tax", 0.9, rf"(?:zzgl\.?|zuzuglich|plus|\+|add)\s*(?:[\d.,]+\s?%\s*)?{_VAT}"),
    label("tax", 0.85, rf"(?:[\d.,]+\s?%\s*)?{_VAT}(?:\s*@?\s*\(?[\d.,]+\s?%\)?)?"),
)
NET: tuple[Label, ...] = (
    label("net", 0.96, r"total\s+net(?:\s+(?:value|amount))?(?:\s+[a-z]{3})?(?=\W|$)"),
    label(
        "net",
        0.97,
        rf"(?:{_SUM})(?:\s+(?:amount|betrag|sales|of\s+lines))?\s*\(?(?:nett?o?"
        rf"|{_EXCL}(?:{_VAT})?|h\.?t\.?)\)?(?:\s*\({_EXCL}{_VAT}\))?",
    ),
    label(
        "net",
        0.95,
        rf"(?:nett?o?|taxable|h\.?t\.?)\s*-?\s?(?:{_SUM}|value|wert)|nettobetrag|nettosumme",
        r"tax\s+basis\s+total|base\s+(?:imposable|ht)|net\s+(?:h\.?t\.?|commercial)",
    ),
    label("net", 0.85, r"zwischensumme|sub\s?-?\s?total|sous\s?-?\s?total|warenwert"),
    label("net", 0.6, r"positionssumme|total\s+amount\s+of\s+lines|nettowert|netto|summe\s+der\s+positionen"),
)
TOTAL: tuple[Label, ...] = (
    label("total", 0.985, rf"(?:{_SUM})(?:\s+(?:amount|sales|betrag|eur|€))?\s*\(?(?:brutto|ttc|{_INCL}{_VAT}?)\)?"),
    label(
        "total",
        0.98,
        r"brutto-?\s?(?:summe|betrag|gesamt\w*|rechnungs\w*)|gross\s+(?:total|amount)|montant\s+ttc",
        r"endbetrag|endsumme|grand\s+total",
    ),
    label(
        "total",
        0.97,
        r"(?:invoice|order|bill)\s+(?:total|amount)|rechnungs-?(?:betrag|summe|endbetrag)",
        r"gesamt-?(?:betrag|summe|rechnungsbetrag)|gesamt|net\s+a\s+payer",
    ),
    label(
        "total",
        0.95,
        r"(?:total|nett?)\s+(?:sales|amt|amount|rm|\$|payable|due|ttc|gesamt|rounded)+",
        r"round\w*\s+total|total\s+(?:to\s+pay|a\s+payer)|summe\s+gesamt",
    ),
    label("total", 0.9, r"totals?|summe|brutto|nett\s+total"),
    label(
        "total",
        0.62,
        r"(?:amount|balance|total)\s+(?:due|payable)|zahl-?betrag|zu\s+zahlen(?:der\s+betrag)?",
        r"offener\s+betrag|solde(?:\s+a\s+payer)?|a\s+payer|amount",
    ),
)
RECEIPT: tuple[Label, ...] = (
    label(
        "total",
        0.93,
        r"(?:amount|amt|total)\s+(?:to\s+be\s+)?paid(?:\s+incl\.?\s*\w*)?|nett?\s+total"
        r"|(?:total|amount)\s+due|due|after\s+round\w*|total\s+after\s+\w+",
    ),
    label("", 0.0, r"(?:amount|amt|total)\s+(?:to\s+be\s+)?paid\s+excl\S*"),
    label("total", 0.5, r"sub\s?-?\s?total|gross\s+(?:amount|total)"),
    label("total", 0.4, r"cash|visa|master(?:card)?"),
)
ADVERTISING: tuple[Label, ...] = (
    label("gross", 0.985, r"gross\s+(?:total|amount|billing)|total\s+gross|grand\s+total|total\s*\$"),
    label("gross", 0.9, r"totals?(?:\s+(?:amount|dollars|cost))?|invoice\s+total|order\s+total"),
    label("gross", 0.5, r"amount|dollars"),
)
ADVERTISING_NET: tuple[Label, ...] = (label("net", 0.95, r"net\s+(?:total|amount(?:\s+due)?|due|billing)|total\s+net"),)
