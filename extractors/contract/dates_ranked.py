"""Which of a contract's dates is that of the agreement, and which that of its effect: signs of every mention."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.contract.dates import DateFound, dates_in

REACH = 140  # characters on each side that are read
BEFORE, BEHIND = 9, 7  # words on each side that count
BLANK_WITHIN = 700  # characters at the start in which a date may be left open
MOST = 400  # mentions that are looked at: the first and the last
_WORD = re.compile(r"[A-Za-z]+|[\"“”(),;.:]|\d")
_EFFECTIVE = re.compile(r"[\"“”']?\s*(?:the\s+)?[\"“”']?Effective\s+Date[\"“”']?", re.I)
_MEANS = re.compile(r"[\"“]Effective\s+Date[\"”]?\s*(?:\)|shall\s+mean|means|is|of\s+this|:)", re.I)
_OTHER = re.compile(r"\b(?:that\s+certain|original|existing|prior|previous|amended\s+by|amends?|supersedes?)\b", re.I)


_BLANK = re.compile(
    r"(?:day\s+of|dated?|as\s+of|on|effective|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[\s,:]{1,4}(?:the\s+)?(?:_{2,}|\[[\s●•*_.]*\]|\.{4,})|_{3,}\s*(?:,?\s*(?:19|20)|day\s+of)|\bday\s+of\s*,",
    re.I,
)


_FILED = re.compile(r"\bsource:[^\n]{0,90}$", re.I)  # the footer of a filing: "Source: ACME INC, 10-K, 3/1/2019"
_SIGNING = re.compile(
    r"\bdated?(?:\s+signed)?\s*[:_][\s_/]*$|\b(?-i:Date)\s{1,3}$|/s/[^\n]{0,80}$|_{4,}\s*$|\bBy:[^\n]{0,80}$", re.I
)
_WITNESS = re.compile(
    r"\b(?:in\s+witness|signed|executed|hereunto|duly\s+authori[sz]ed|set\s+(?:their|its)\s+hands?)\b[^;]{0,140}$", re.I
)
HEADED = re.compile(r"\b(?:AGREEMENT|CONTRACT|LEASE|AMENDMENT|ADDENDUM)\b[^a-z.;]{0,40}\b(?i:dated?)\b[\sa-z:]{0,9}$")
_THAT_PAPER = re.compile(
    r"[^.;]{0,90}?\(\s*(?:as\s+[^()]{0,60})?(?:the|such)?\s*[\"“](?!Agreement[\"”]|Effective|Amendment|Contract[\"”])"
    r"[^\"”]{0,40}(?:Agreement|Lease|Contract|Note|Plan|Act|MOU|License)[\"”]"
)
_THIS_PAPER = re.compile(
    r"[^.;]{0,60}?\(\s*(?:this|the|hereinafter[^\"“]{0,30})?\s*[\"“](?:Agreement|Amendment|Contract)[\"”]"
)
_SIGNED_WITHIN = 3000  # characters behind the beginning of the signatures


@dataclass(frozen=True)
class Setting:
    """What is true of the whole text and of its dates."""

    text: str
    signature: int | None  # where the parties sign
    preamble: tuple[int, int] | None  # the sentence that names the parties
    found: tuple[DateFound, ...]
    counts: Counter[object]
    effective: bool  # the text defines an effective date
    blank: bool  # the date of the preamble was left open or blackened
    signed: tuple[DateFound, ...]  # those that stand beside signatures


def setting_of(text: str, signature: int | None, preamble: tuple[int, int] | None) -> Setting:
    """All mentions of dates in a text."""
    found = [d for d in dates_in(text) if not _FILED.search(text, max(d.start - 110, 0), d.start)]
    if len(found) > MOST:
        found = [*found[: MOST // 2], *found[-MOST // 2 :]]
    near = text[preamble[0] : preamble[0] + 450] if preamble else text[:600]
    counts: Counter[object] = Counter(d.value for d in found)
    return Setting(
        text,
        signature,
        preamble,
        tuple(found),
        counts,
        bool(_MEANS.search(text)),
        bool(_BLANK.search(near) or _BLANK.search(text, 0, BLANK_WITHIN)),
        _signed(text, found),
    )


def _signed(text: str, found: Sequence[DateFound]) -> tuple[DateFound, ...]:
    """The dates beside the first signatures that are dated."""
    dated = [d for d in found if d.start > len(text) // 4 and _SIGNING.search(text, max(d.start - 60, 0), d.start)]
    return tuple(d for d in dated if d.start < dated[0].start + _SIGNED_WITHIN)


def signs_of(setting: Setting) -> list[list[str]]:
    """The named signs of every mention, in the order of the mentions."""
    return [_signs(setting, n) for n in range(len(setting.found))]


def _signs(setting: Setting, n: int) -> list[str]:
    text, one = setting.text, setting.found[n]
    before = text[max(one.start - REACH, 0) : one.start]
    behind = text[one.end : one.end + REACH]
    signs = ["bias", f"rank={min(n, 6)}", f"place={_place(one.start)}", f"times={min(setting.counts[one.value], 4)}"]
    signs += [f"b{_step(k)}:{w}" for k, w in enumerate(reversed(_words(before)[-BEFORE:]))]
    signs += [f"a{_step(k)}:{w}" for k, w in enumerate(_words(behind)[:BEHIND])]
    last = _words(before)[-3:]
    signs += [f"bb:{' '.join(last[-2:])}", f"bbb:{' '.join(last)}"]
    signs += [f"defined={setting.effective}", f"blank={setting.blank}"]
    near = _EFFECTIVE.search(behind[:60])
    sign = {
        "effective behind": near is not None,
        "effective behind, none before": near is not None and n == 0,
        "effective before": bool(
            re.search(
                r"effective(?:\s+(?:as\s+of|on|date))?[\s:,\"”)]*(?:is|means|shall\s+mean)?[^.]{0,25}$", before, re.I
            )
        ),
        "commence before": bool(re.search(r"commenc\w+[^.]{0,40}$", before, re.I)),
        "other agreement": bool(_OTHER.search(before)),
        "amended agreement": bool(re.search(r"agreement[^.]{0,60}\bdated\s+(?:as\s+of\s+)?$", before, re.I)),
        "made": bool(re.search(r"(?:made|entered|executed|dated)\b[^.]{0,60}$", before, re.I)),
        "signed": setting.signature is not None and one.start >= setting.signature,
        "line of its own": bool(re.search(r"(?:\n|\s{3})\s*$", before) and re.match(r"[.,]?\s*(?:\n|\s{3}|$)", behind)),
        "to sign": bool(_SIGNING.search(before[-90:])),
        "witness": bool(_WITNESS.search(before)),
        "headed": bool(HEADED.search(before[-90:])),
        "that paper": bool(_THAT_PAPER.match(behind)),
        "this paper": bool(_THIS_PAPER.match(behind)),
        "again in the preamble": _again(setting, n),
        "until": bool(re.search(r"\b(?:until|through|expir\w+|terminat\w+|ending|to)\b[^.]{0,30}$", before, re.I)),
    }
    signs += [name for name, there in sign.items() if there]
    if setting.preamble is not None:
        start, end = setting.preamble
        signs.append("preamble=" + ("in" if start <= one.start < end else "before" if one.start < start else "after"))
    if one.value == max(d.value for d in setting.found):
        signs.append("latest")
    if one in setting.signed:
        latest = max(d.value for d in setting.signed)
        signs.append("signed last" if one.value == latest else "signed before")
    return signs


def _again(setting: Setting, n: int) -> bool:
    if setting.preamble is None:
        return False
    start, end = setting.preamble
    return any(
        d.value == setting.found[n].value and start <= d.start < end for d in setting.found if d is not setting.found[n]
    )


def _words(text: str) -> list[str]:
    return [m.group().lower() for m in _WORD.finditer(text)]


def _step(n: int) -> int:
    return n if n < 3 else 3 if n < 6 else 6


_PLACES: Sequence[int] = (100, 300, 700, 1500, 3000, 6000, 12000, 40000)


def _place(start: int) -> int:
    return bisect_left(_PLACES, start)
