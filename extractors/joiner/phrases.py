# ruff: noqa: E501 - expressions stay whole
"""What employment contracts and mails say in sentences: who employs whom, as what, from when, for how long a week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"
_TITLE = r"(?:(?:Herrn?|Frau|Mr|Ms|Mrs|Miss|M|Mme|Mlle|Monsieur|Madame|Mademoiselle|Dr|Prof)\b\.?\s+)"
_PART = r"(?:von|van|de|der|den|del|della|di|da|dos|la|le|ter|zu|bin|ibn|al|el|d['’])"
_WORD = rf"(?:[{_UP}]\.|[{_UP}][\w'’\-]*)"
NAME = rf"(?-i:{_TITLE}*{_WORD}(?:[ ]+(?:{_PART}[ ]+)*{_WORD}){{1,4}})"
_DAY = r"(?:\w+,\s+)?(?:the\s+|den\s+|dem\s+|le\s+)?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?[^\W\d_]{3,10}\.?,?(?:\s+\d{4})?|[A-Z][a-z]{2,9}\s+\d{1,2}(?:st|nd|rd|th)?,?(?:\s+\d{4})?)"
_FIRM = rf"(?-i:[{_UP}\d][\w&'’.+\-]*(?:(?:,(?=[ ]+(?:Inc|LLC|Ltd|S\.A|GmbH)))?[ ]+(?:(?:&|und|and|et|de|des|du|der|für|of|the|\+)[ ]+)*[{_UP}\d&(][\w&'’.+\-)]*){{0,6}})"
_FORM = r"(?:GmbH(?:\s*&\s*Co\.?\s*KG(?:aA)?)?|mbH|AG|SE|KG|OHG|UG(?:\s*\(haftungsbeschränkt\))?|e\.\s?V\.|e\.\s?K\.|S\.?A\.?S\.?U?|S\.?A\.?R\.?L\.?|S\.?A\.?|EURL|SCOP|Ltd\.?|Limited|LLP|LLC|Inc\.?|Corp\.?|plc|PLC|B\.?V\.?|N\.?V\.?|S\.?p\.?A\.?|S\.?r\.?l\.?|Oy|AB|A/S)"
_TOWN_LINE = r"(?:(?:[A-Z]{1,3}-)?\d{4,5}[ ][^\n\d@:]{2,40}|[^\n@:]{2,40}[ ][A-Z]{1,2}\d[\dA-Z]?[ ]\d[A-Z]{2})"
_TOWN = rf"(?:[A-Z]{{1,3}}-)?\d{{4,5}}[ ]+(?-i:[{_UP}])[\w'’]+(?:[ ](?-i:[{_UP}])\w+|-\w+)*"
_STOP = (
    r"(?=\s*(?:[.;:\n(„“\"»]|,|$|\s(?:in|im|within|at|for|with|from|as of|starting|beginning|on|reporting|effective|based|under|who|and will|and shall|to start|"
    r"ab|bei|am|zum|mit|eingestellt|beschäftigt|angestellt|tätig|und|für|à|au|dans|sous|selon|statut|pour|avec|rattaché|a compter|wird|will|shall|she|he|they|beginnend|unter|an|arbeite[nt]|anfangen|anfängt|beginnen|starten|startet|einsteigen|verstärken)\b))"
)
_ROLE = rf"(?P<v>(?-i:[{_UP}])[\w'’/&+.\-]*(?:[ ](?!(?:in|im|within|at|for|with|from|starting|beginning|on|reporting|effective|ab|bei|am|zum|mit|eingestellt|beschäftigt|angestellt|tätig|und|à|au|dans|sous|wird|will|shall|arbeite[nt]|anfangen|anfängt|beginnen|starten|startet|einsteigen|verstärken)\b)[\w'’/&()+.\-]+){{0,5}}?){_STOP}"
_LOW_ROLE = _ROLE.replace(rf"(?-i:[{_UP}])[", r"[^\W\d_][", 1)  # "as accountant"
_UNIT = rf"(?P<v>(?-i:[{_UP}])[\w'’/&+\-]*(?-i:[ ](?:&|and|und|et|of|de|des|du|[{_UP}][\w'’/&+\-]*)){{0,4}}?)"


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


PHRASES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    # English
    ("employer", "between", _re(rf"\b(?:between|zwischen|entre)\s*:?\s*(?:les soussigné[^:]{{0,30}}:\s*)?(?:\(?[1a]\)?[.)]?\s+)?(?:(?:la société|der firma|der|die|dem|the|la)\s+)?(?P<v>{_FIRM})(?=[\s,;(\[])")),
    ("employer", "form", _re(rf"(?P<v>(?-i:[{_UP}\d][\w&'’.+\-]*(?:[ ]+(?:&[ ]+|und[ ]+|and[ ]+|et[ ]+|de[ ]+)?[{_UP}\d][\w&'’.+\-]*){{0,4}}[ ]+{_FORM}))(?=[\s,.;:)(]|$)")),
    ("employer", "join", _re(rf"\b(?:join|joining|joins|at|with|employed by|employment with|chez|bei der|bei)\s+(?P<v>(?-i:[{_UP}\d][\w&'’.+\-]*(?:[ ]+[{_UP}\d&][\w&'’.+\-]*){{0,4}}[ ]+{_FORM}))")),
    ("employer", "named", _re(rf"\b(?:employer|company|arbeitgeber(?:in)?|firma|gesellschaft|employeur|société|entreprise|contract with|vertrag mit(?: der)?|contrat avec)\s*(?::|is|ist|est|with|)\s*(?:the\s+|die\s+|der\s+|la\s+)?(?P<v>{_FIRM})")),
    ("employer", "at", _re(rf"\b(?:at|bei(?: der)?|chez)\s+(?P<v>{_FIRM})(?=[\s,.;:)]|$)")),
    ("name", "and", _re(rf"\b(?:and|und|et)\s*:?\s*(?:\(?[2b]\)?[.)]?\s+)?(?P<v>{NAME})(?=\s*[,;(\n]|\s+(?:of|residing|born|geboren|geb\.|wohnhaft|demeurant|né|née|hereinafter|nachfolgend|nachstehend|im|\(|[\"“„]))")),
    ("name", "titled", _re(rf"(?:Herrn|Herr|Frau|Mr\.?|Ms\.?|Mrs\.?|Monsieur|Madame|Mme|M\.)\s+(?P<v>{NAME})")),
    ("name", "starts", _re(rf"(?P<v>{NAME})[ ]*,?[ ]+(?:who\s+|nous\s+)?(?:starts|will start|is starting|joins|will join|is joining|has accepted|has signed|will be joining|fängt|beginnt|startet|tritt|kommt|wird|commence|commencera|rejoint|rejoindra|arrive|arrivera|intègre|intégrera|a accepté)\b")),
    ("name", "hired", _re(rf"\b(?:have hired|haben wir|wir haben|hired|hiring|recruited|new colleague|new joiner|new starter|new employee|welcome|appointed|eingestellt|neue[nr]? (?:Kolleg(?:in|en|e)|Mitarbeiter(?:in)?)(?: ist| heißt)?|recruté|embauché|collaborat(?:eur|rice)|accueill(?:ons|ir)|(?:account|everything|up|papers|contract|vertrag|unterlagen|konto) (?:for|für|von|of)|dear|liebe[r]?|cher|chère)\s*[,:]?\s+(?:is\s+|ist\s+|est\s+)?(?P<v>{NAME})")),
    ("name", "with birth date", _re(rf"(?P<v>{NAME})\s*[,(–-]\s*(?:geboren|geb\.|born|née?\b|DOB\b|\*)")),
    ("name", "addressee", _re(rf"(?:^|\n)(?P<v>{NAME})[ ]*\n(?:(?:geb|born|née?)\b[^\n]{{4,40}}\n)?[^\n@:]{{4,60}}\n{_TOWN_LINE}(?=\n|$)")),
    ("born_on", "born", _re(rf"\b(?:born(?: on)?|date of birth:?|geboren am|geb\.(?: am)?|née?(?:\(e\))? le|Geburtsdatum:?|DOB:?)\s+(?P<v>{_DAY})")),
    ("starts_on", "starts", _re(rf"\b(?:start(?:s|ing)?|commenc(?:e|es|ing)|begin(?:s|ning)?|effective|employ(?:ed|ment)(?: shall| will)?|join(?:s|ing)?(?: us)?|first day(?: will be| is)?|day one:?|as of|with effect)\s+(?:work\s+)?(?:on|from|as of|as from|is|will be)?\s*(?P<v>{_DAY})")),
    ("starts_on", "beginnt", _re(rf"\b(?:beginnt|beginnend|beginn|eingestellt|eintritt|tätig|tritt|startet|fängt|mit wirkung|ab|zum|ab dem|vom)\s+(?:\w+\s+)?(?:am|zum|ab|ab dem|vom|ist der|bei uns am)?\s*(?P<v>{_DAY})")),
    ("starts_on", "compter", _re(rf"(?:à compter d[ue]|à partir d[ue]|prend(?:ra)? effet|prend(?:ra)? ses fonctions|commencera?|débute(?:ra)?|arrive(?:ra)?|rejoint[^.]{{0,40}}?|rejoindra[^.]{{0,40}}?|entrée en fonctions?(?: le)?)\s*(?:le|du)?\s*(?P<v>{_DAY})")),
    ("role", "employed as", _re(rf"\b(?:employed|employ|hired|hire|engage[ds]?|appointed|join(?:s|ing)?(?: us)?|start(?:s|ing)?|works?|working|serve|act|tätig|beschäftigt|eingestellt|angestellt|stelle|fängt[^.]{{0,60}}|startet[^.]{{0,60}}|beginnt[^.]{{0,60}})\b[^.;]{{0,90}}?\b(?:as|as our|as the|als)\s+(?:an?\s+|the\s+|our\s+|eine?n?\s+|unsere?n?\s+)?(?:new\s+|neue[rn]?\s+)?{_LOW_ROLE}")),
    ("role", "als", _re(rf"\b(?:als|as an?|as our|as)\s+{_ROLE}")),
    ("role", "position", _re(rf"\b(?:position|role|job title|capacity|post|funktion|stelle|tätigkeit)\s+(?:of|as|is|will be|als|der|des|:)\s+(?:an?\s+|eine?[rs]?\s+)?[\"“„]?{_ROLE}")),
    ("role", "qualite", _re(rf"\b(?:en qualité d[e']|au poste d[e']|les fonctions d[e']|en tant qu[e']|comme\b|poste d[e']|l'emploi d[e'])\s*[’']?\s*{_LOW_ROLE}")),
    ("department", "department", _re(rf"(?:\b(?:in|within|to|for|of|join)\s+(?:the\s+|our\s+)?|(?<=, )){_UNIT}\s+(?:department|team|division|unit)\b")),
    ("department", "department of", _re(rf"\b(?:department|division|abteilung|fachbereich|bereich|service|département|direction|pôle|team|équipe)(?:\s*:\s*|\s+)(?:of\s+|for\s+|für\s+|d[eu]s?\s+)?[\"“„«]?\s*{_UNIT}(?=\s*(?:[.,;:)»”“\"\n]|$|(?-i:\s(?!(?:und|and|et|&|de|des|du)\s+[A-ZÀ-Þ])[a-zäöüéà]+)))")),
    ("manager", "reports", _re(rf"\b(?:report(?:s|ing)?(?: directly)? to|(?:line )?manager(?: (?:is|will be))?:?|supervis(?:ed by|or(?: is| will be)?:?)|managed by|unterstellt|vorgesetzte[rn]?(?: ist| wird|:)?|berichtet (?:direkt )?an|führungskraft(?: ist| wird|:)?|leitung von|sous (?:l'autorité|la responsabilité|la direction)(?: hiérarchique)? d[e']|rattachée?(?:\(e\))? à|responsable(?: (?:hiérarchique|sera|est|:))*)\s+(?:our\s+|the\s+)?(?:[^.,;]{{0,50}}?,\s+)?(?P<v>{NAME})")),
    ("manager", "unterstellt", _re(rf"(?P<v>{NAME})(?:\s*,[^.,;]{{0,40}},)?\s+(?:unterstellt|will be (?:her|his|their) (?:line )?manager|is (?:her|his|their) (?:line )?manager|ist (?:ihre?|seine?|die|der) (?:vorgesetzte|führungskraft)|sera (?:son|sa) (?:responsable|manager))")),
    ("weekly_hours", "hours", _re(r"(?<![\d.,])(?P<v>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:hours|hrs|h|wochenstunden|stunden|std\.?|heures)\s*(?:of work\s*)?(?:per|a|each|/|pro|je|in der|par|wöchentlich|hebdomadaires?|weekly|die)?\s*(?:the\s*)?(?:week|woche|semaine|hebdomadaires?|wöchentlich|weekly)?")),
    ("weekly_hours", "weekly", _re(r"\b(?:weekly|wöchentliche[nr]?|hebdomadaire|hours of work|working (?:time|hours)|arbeitszeit|durée du travail)\b[^.;\d]{0,80}(?P<v>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:hours|h\b|stunden|std|heures)")),
    ("address", "of", _re(r"\b(?:residing at|resident at|living at|lives at|wohnhaft(?: in)?:?|wohnt(?: in(?: der)?)?|demeurant(?: (?:à|au))?:?|domiciliée?(?: (?:à|au))?)\s+(?P<v>[^;()„“\"\n]{8,80}?)(?=\s*(?:[;(„“\"]|\.\s|,?\s+(?:hereinafter|nachfolgend|nachstehend|im folgenden|ci-après|de nationalité|the|–)|,?\s*\n|$))")),
    ("address", "block", _re(rf"(?:^|\n){NAME}[ ]*\n(?:(?:geb|born|née?)\b[^\n]{{4,40}}\n)?(?P<v>[^\n@:]{{4,60}}\n{_TOWN_LINE})(?=\n|$)")),
    ("address", "behind name", _re(rf"{NAME}\s*,\s*(?:(?:geboren|geb\.|born|née?)\b[^,\n]{{4,30}},\s*)?(?P<v>[^\n@:;,()]{{4,40}},\s*{_TOWN})(?=\s*(?:[-–—(„“\",.;]|\n|$))")),
    ("nationality", "nationalite", _re(r"\b(?:de nationalité|of|mit)\s+(?P<v>[^\W\d_]{4,16})(?:er|e)?\s*(?:nationality|staatsangehörigkeit)?(?=[\s,.;])")),
    ("email", "mail", _re(r"(?<![^\s<>(\"':;,|/\[])(?P<v>[\w.+\-'’]+@[\w\-]+(?:\.[\w\-]+)+)")),
)  # fmt: skip


class Said(NamedTuple):
    """What a phrase says of a field: which phrase, the text, and where it stands."""

    field: str
    phrase: str
    text: str
    start: int
    end: int


MOST_TEXT = 14_000  # characters; the parties and the terms of employment stand at the beginning
_ENDED = re.compile(r"(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bSt)(?<!\bDr)(?<!\bSr)(?<!\bJr)(?<!\b\w)\.\s")
BACK = 220  # characters before "the Employer" in which the employer is named
_DEFINED = {
    "employer": _re(r"(?:employer|company|arbeitgeberin|arbeitgeber|employeur|société|gesellschaft)\b"),
    "name": _re(r"(?:employee|arbeitnehmerin|arbeitnehmer|mitarbeiterin|mitarbeiter|salariée?|beschäftigte)\b"),
}
_OPENING = re.compile(
    r"(?:[(\[\"“„«‘]|\b(?:the|als|folgenden|folgend|nachstehend|nachfolgend|hereinafter|hereafter|genannte[rn]?|dénommée?|appelée?|referred to as|called)|\bl['’])"
    r"\s*[\"“„«‘']?\s*(?:(?:the|la|le|der|die|das|kurz)\s+|l['’])?[\"“„«‘']?\s*$",
    re.IGNORECASE,
)
_WHO = {
    "employer": re.compile(
        rf"[{_UP}\d][\w&'’.+\-]*(?:[ ]+(?:&[ ]+|und[ ]+|and[ ]+|et[ ]+|de[ ]+)?[{_UP}\d][\w&'’.+\-]*){{0,5}}"
    ),
    "name": re.compile(NAME, re.IGNORECASE),
}


def said_in(text: str) -> Iterator[Said]:
    """Everything that the phrases find in a text, of which the first characters are looked at."""
    text = text[:MOST_TEXT]
    yield from _defined(text)
    for field, phrase, pattern in PHRASES:
        for n, found in enumerate(pattern.finditer(text)):
            if n >= 12:
                break
            whole = _ENDED.split(found["v"])[0] if field in ("employer", "role") else found["v"]
            value = whole.strip(" ,;:").replace("\n", ", ")
            if value:
                yield Said(field, phrase, value, found.start("v"), found.end("v"))


def _defined(text: str) -> Iterator[Said]:
    """Whom a contract calls the employer and the employee: what is named before that word in quotes or brackets."""
    for field, word in _DEFINED.items():
        for n, found in enumerate(word.finditer(text)):
            if n >= 8:
                break
            if not _OPENING.search(text[max(found.start() - 26, 0) : found.start()]):
                continue
            start = max(found.start() - BACK, 0)
            for k, who in enumerate(_WHO[field].finditer(text, start, max(found.start() - 2, start))):
                if len(who[0]) > 3 and k < 8:
                    yield Said(field, "defined", who[0], who.start(), who.end())
