"""Under which law a contract stands: the place alone, as its clause names it."""

from __future__ import annotations

import re
from dataclasses import dataclass

STATES = """Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho
|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana
|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon
|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia
|Wisconsin|Wyoming|District of Columbia|Puerto Rico"""
COUNTRIES = """Argentina|Australia|Austria|Bahamas|Bahrain|Bangladesh|Barbados|Belgium|Belize|Bermuda|Bolivia|Brazil
|British Virgin Islands|Bulgaria|Cambodia|Canada|Cayman Islands|Chile|China|Colombia|Costa Rica|Croatia|Cyprus
|Czech Republic|Denmark|Dominican Republic|Ecuador|Egypt|England|Estonia|Ethiopia|Finland|France|Germany|Ghana|Gibraltar
|Greece|Guatemala|Guernsey|Honduras|Hong Kong|Hong Kong SAR|Hungary|Iceland|India|Indonesia|Ireland|Northern Ireland
|Isle of Man|Israel|Italy|Jamaica|Japan|Jersey|Jordan|Kazakhstan|Kenya|Korea|South Korea|Kuwait|Latvia|Lebanon
|Liechtenstein|Lithuania|Luxembourg|Macau|Malaysia|Malta|Marshall Islands|Mauritius|Mexico|Monaco|Mongolia|Morocco
|Netherlands|Netherlands Antilles|New Zealand|Nicaragua|Nigeria|Norway|Oman|Pakistan|Panama|Papua New Guinea|Paraguay
|Peru|Philippines|Poland|Portugal|PRC|Qatar|Romania|Russia|Russian Federation|Saudi Arabia|Scotland|Serbia|Singapore
|Slovakia|Slovenia|South Africa|Spain|Sri Lanka|Sweden|Switzerland|Taiwan|Tanzania|Thailand|Trinidad and Tobago|Tunisia
|Turkey|Uganda|Ukraine|United Arab Emirates|UAE|United Kingdom|Great Britain|UK|U\\.K\\.|United States of America
|United States|Uruguay|Venezuela|Vietnam|Wales|Zambia|Zimbabwe"""
PROVINCES = """Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Newfoundland|Nova Scotia
|Ontario|Prince Edward Island|Quebec|Québec|Saskatchewan|New South Wales|Queensland|South Australia|Tasmania|Victoria
|Western Australia|Dubai|Abu Dhabi"""
ADJECTIVES = {
    "English": "England", "French": "France", "German": "Germany", "Swiss": "Switzerland", "Dutch": "Netherlands",
    "Belgian": "Belgium", "Italian": "Italy", "Spanish": "Spain", "Swedish": "Sweden", "Danish": "Denmark",
    "Norwegian": "Norway", "Finnish": "Finland", "Japanese": "Japan", "Chinese": "China", "Israeli": "Israel",
    "Irish": "Ireland", "Austrian": "Austria", "Scottish": "Scotland", "Scots": "Scotland", "Indian": "India",
    "Australian": "Australia", "Canadian": "Canada", "Mexican": "Mexico", "Brazilian": "Brazil", "Polish": "Poland",
    "Russian": "Russia", "Turkish": "Turkey", "Singaporean": "Singapore", "Korean": "Korea",
}  # fmt: skip


def _names(text: str) -> list[str]:
    return [n for n in text.replace("\n", "").split("|") if n]


def _either(names: list[str]) -> str:
    """The longer ones first; spaces may be any, since lines break anywhere."""
    return "|".join(n.replace(" ", r"\s+") for n in sorted(names, key=len, reverse=True))


_PLACE = re.compile(
    r"(?:(?<![\w.-])|(?<=\bof)|(?<=\bthe))(?:(?P<prefix>People\s?[’'`´]?\s?s\s+Republic\s+of|(?:Federal\s+)?Republic\s+of(?:\s+the)?|Kingdom\s+of(?:\s+the)?)\s+)?"
    rf"(?P<name>{_either(_names(STATES) + _names(PROVINCES) + _names(COUNTRIES))})(?![\w-])",
    re.I,
)
_ADJECTIVE = re.compile(rf"\b(?P<name>{_either(list(ADJECTIVES))})(?=\s+(?:substantive\s+)?(?:[Ll]aws?|LAWS?)\b)")
_LAW = re.compile(
    r"\blaws?\b|\blegislation\b|\bstatutes\b|(?<=applicable\s)(?:rules|regulations)(?=\s+(?:of|in)\b)", re.I
)
_GOVERN = re.compile(
    r"govern(?:ed|ing|s)?\b|constru(?:ed|ction|e)\b|interpret(?:ed|ation)?\b|controlled|application|subject\s+to|accordance\s+with|applicable\s+law"
    r"|\bapply\b|\bapplies\b|enforced|pursuant\s+to|deemed\s+to\s+be\s+(?:made|a\s+contract)|under\s+the\s+laws?",
    re.I,
)
_NOT = re.compile(
    r"organi[sz]ed|incorporated|existing|formed|registered|established|good\s+standing|corporation|qualified|licensed"
    r"|compl(?:y|iance)|bankruptcy|securities|tax(?:es|ation)?\b|patent|privacy|antitrust|environmental",
    re.I,
)
_COURT = re.compile(r"\bcourts?\b|\bjurisdiction\b|\bvenue\b|\barbitrat", re.I)
_UNTIL = re.compile(
    r"\b(?:without\s+(?:regard|reference|giving|application|respect)|exclud|except|other\s+than|irrespective|regardless"
    r"|excluding|notwithstanding|venue|courts?\b|jurisdiction|as\s+(?:such|applied|they)|applicable\s+to|but\b|United\s+Nations"
    r"|provided)|[.;](?=\s+[A-Z])",
    re.I,
)
_HEADING = re.compile(
    r"governing\s+law|applicable\s+law|choice\s+of\s+law|law\s+and\s+jurisdiction|controlling\s+law", re.I
)
_BESIDE = re.compile(
    r"\s*(?:,?\s*and(?:/or)?|&|,|\(|or|in)?\s*(?:of\s+)?(?:the\s+)?(?:(?:federal\s+)?laws?\s+of\s+(?:the\s+)?)?"
    r"(?:(?:state|commonwealth|province|republic)\s+of\s+)?(?:the\s+)?",
    re.I,
)
KNOWN = {n.casefold(): n for n in (*_names(STATES), *_names(PROVINCES), *_names(COUNTRIES))}
_PROVINCES = dict.fromkeys(_names(PROVINCES)[:12], "Canada") | dict.fromkeys(_names(PROVINCES)[12:18], "Australia")
_OF = re.compile(r"\s+(?:of|in)\b|[’']s?\s+of")
_RULES = re.compile(r"[^.;]{0,70}?\b(?:shall|will|must)?\s+(?:govern|apply|control)s?\b", re.I)
NEAR = 250
SURER = 0.5
REACH = 260  # characters behind "law" in which the place stands


@dataclass(frozen=True)
class LawFound:
    """A place whose law governs, where it stands, and how strongly the sentence says so."""

    value: str
    start: int
    end: int
    score: float
    names: tuple[str, ...] = ()


def laws_in(text: str) -> list[LawFound]:
    """All places that a sentence of the text makes the governing law, best first."""
    found: list[LawFound] = []
    for mark in _LAW.finditer(text):
        if (one := _law_at(text, mark)) is None:
            continue
        if found and mark.start() < found[-1].end:  # "and the federal laws of Canada": one sentence, read once
            if one.score <= found[-1].score + SURER:
                continue
            found.pop()
        found.append(one)
    ranked = sorted(found, key=lambda f: -f.score)
    if ranked and ranked[0].value.startswith("United States"):  # "and, where it is silent, the laws of Kentucky"
        near = [f for f in found if 0 < f.start - ranked[0].end < NEAR and not f.value.startswith("United States")]
        ranked = near[:1] + ranked
    return ranked


def _law_at(text: str, mark: re.Match[str]) -> LawFound | None:
    before = text[max(mark.start() - 220, 0) : mark.start()]
    before = re.split(r"[.;](?=\s+(?:[A-Z(]|\d))", before)[-1]
    govern = list(_GOVERN.finditer(before))
    behind = text[mark.end() : mark.end() + 140]
    if not govern and not re.search(r"shall\s+(?:govern|apply)|govern(?:s|ed)?\b|control", behind, re.I):
        return None
    adjective = next((m for m in _ADJECTIVE.finditer(text, max(mark.start() - 30, 0), mark.end() + 5)), None)
    places = _places(text, mark)
    if places and not (adjective and places[0][0] > mark.end() and not _OF.match(text, mark.end())):
        start, end, names = places[0][0], places[-1][1], tuple(p[2] for p in places)
    elif adjective is not None:
        start, end, names = *adjective.span(), (ADJECTIVES[adjective["name"]],)
    else:
        return None
    return LawFound(_value(list(names)), start, end, _score(text, mark, before, start), names)


def _score(text: str, mark: re.Match[str], before: str, start: int) -> float:
    score = 1.0
    score += 2.0 * bool(re.search(r"govern(?:ed|ing|s)?\b", before, re.I))
    score += 1.2 * bool(re.search(r"constru|interpret", before, re.I))
    score += 1.5 * bool(_HEADING.search(text, max(mark.start() - 300, 0), mark.start() + 20))
    score += 0.8 * bool(re.search(r"\bagreement\b|\bcontract\b|\blease\b|\bamendment\b", before, re.I))
    score += 0.5 * bool(re.match(r"\s+of\b", text[mark.end() : mark.end() + 6]))
    score += 0.5 * bool(
        re.search(r"without\s+(?:regard|reference|giving)|conflicts?\s+of\s+law", text[mark.end() : mark.end() + 250])
    )
    score += 1.0 * bool(
        re.search(r"\bsubject\s+to\s+(?:the\s+)?application\s+of\s+(?:the\s+)?(?:\w+\s+)?$", before, re.I)
    )
    score += 2.5 * bool(_RULES.match(text[start : start + 90]))
    score -= 2.5 * bool(_NOT.search(before[-70:]))
    score -= 1.0 * bool(_COURT.search(text[mark.end() : start]))
    score -= 0.004 * max(start - mark.end(), 0)
    return score


def _places(text: str, mark: re.Match[str]) -> list[tuple[int, int, str]]:
    """The places behind "the laws of", up to where the sentence turns to something else."""
    end = mark.end() + REACH
    stop = _UNTIL.search(text, mark.end(), end)
    end = stop.start() if stop else end
    before = [m for m in _PLACE.finditer(text, max(mark.start() - 45, 0), mark.start()) if _next_to(text, m, mark)]
    found = before or list(_PLACE.finditer(text, mark.end(), min(end + 1, len(text))))
    return _joined(text, [m for m in found if m.end() <= end])


def _next_to(text: str, place: re.Match[str], mark: re.Match[str]) -> bool:
    """Whether the place is the law's own: "New York law", "the State of Ohio's laws"."""
    return bool(re.fullmatch(r"(?:[’']s?)?\s+(?:state\s+|substantive\s+)?", text[place.end() : mark.start()], re.I))


def _joined(text: str, found: list[re.Match[str]]) -> list[tuple[int, int, str]]:
    """The first place and those that are named beside it ("England and Wales")."""
    places: list[tuple[int, int, str]] = []
    for m in found:
        if places and not _BESIDE.fullmatch(text[places[-1][1] : m.start()]):
            break
        places.append((m.start(), m.end(), _tidy(m)))
    return places[:4]


def _value(names: list[str]) -> str:
    """The place alone: of a federation and its member the member, which has the law; provinces with their country."""
    own = [n for n in dict.fromkeys(names) if not n.startswith("United States")] or names[:1]
    if len(own) > 1:
        own = [n for n in own if not (n in ("Canada", "Australia") and set(own) & set(_PROVINCES))]
    if own[0].startswith("United States"):
        return "United States"
    if own == ["England", "Wales"]:
        return "England and Wales"
    return "; ".join(f"{n}, {_PROVINCES[n]}" if n in _PROVINCES else n for n in own)


def _tidy(m: re.Match[str]) -> str:
    words = re.sub(r"\s+", " ", m["name"])
    name = KNOWN.get(words.casefold(), words)
    prefix = re.sub(r"\s+", " ", m["prefix"] or "").lower()
    if "people" in prefix or name == "PRC":
        return "People's Republic of China"
    if name == "China" and prefix:
        return "Taiwan"  # the Republic of China
    if prefix.endswith(("republic of", "republic of the")):
        return name if prefix.startswith("federal") else f"Republic of {name}"
    return name
