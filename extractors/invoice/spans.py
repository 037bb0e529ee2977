"""Runs of lines in a receipt's head that may be the shop's name or its address, and what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.invoice.blocks import legal_strength
from extractors.invoice.head import Head, Line, joined
from extractors.values import plain

NAME_LINES = 3
ADDRESS_LINES = 8
NONE = {"name": 0.0, "address": 0.0}
"""What the tagger says of a line that is not there."""

_NUMBERED = re.compile(
    r"(?:[\s(\[{,.]+(?:(?:gst|co|company|business|br)\.?\s*)?(?:(?:reg(?:istration)?|no|id|roc)\b[\s.:#(]*){1,2}"
    r"|[\s.,]*[(\[{]\s*(?:gst|co|company|business)\b[\s.:#]*|[\s(\[{,.:#]*)"
    r"\(?[a-z]{0,3}\d[\d\s-]{3,}[-\s·]{0,3}[a-z]{0,2}\s?[)}\]]?(?:\s*\([a-z0-9 ]{1,6}\))?\W*$"
)
_GENERIC = re.compile(
    r"\b(?:sdn|bhd|s/b|sb|co|company|enterprises?|trading|holdings?|marketing|group|corp(?:oration)?|ltd|pte|inc|restoran"
    r"|restaurant|cafe|shop|store|mart|market|hardware|centre|center|services?|retail|malaysia|the|of|and|plt|industries|stationer[ys]?|food|foods|seafood|pharmacy"
    r"|supermarket|minimarket|bakery|electrical|books?|bookstore|perniagaan|kedai|pasar(?:aya)?)\b\.?"
)
_LEGAL_END = re.compile(r"(?:sdn|s[a-z]{1,3}n?)\.?\s*bh[du]\b\.?|\bs\s?/\s?[b8](?![a-z])|\bbhd\b\.?")
_ONLY_LEGAL = re.compile(r"(?:\W|sdn|bhd|s/b|sb|plt|ltd|pte|co|inc|llc|gmbh|\(m\))+")
"""The end of a name that wraps, which is none alone."""
_LEAD = re.compile(
    r"^\W*(?:#?\d{4,}\s+|(?:dimiliki(?:\s+oleh)?|own(?:ed|er)?\s+by|company(?:\s+name)?|name)\s*:?\s*)", re.IGNORECASE
)
_OWNED = re.compile(r"^\W*(?:dimiliki(?:\s+oleh)?|(?:own(?:ed)?|managed|operated)\s+by)\b\W*", re.IGNORECASE)
_ADDRESS_LEAD = re.compile(r"^\W*(?:hq\s*)?(?:(?:add(?:ress)?|alamat|branch)\s*[:.]\s*)?", re.IGNORECASE)
_ADDRESS_END = re.compile(
    r"\s+\(?(?:tel(?:ephone)?|phone|fax|h/?p|mobile|gst)\b.*$|\s*\((?:co|gst|roc|reg)\b.*$"
    r"|\s+(?:(?:simplified|tax|cash|official)\s+)*(?:invoice|receipt|bill)\W*$|\s+\(?0\d{1,2}\)?\s?-\s?\d{3,4}\s?\d{4}\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Span:
    """Lines `first` to `last` of the head, as the text that they would give."""

    first: int
    last: int
    text: str
    form: str  # which of the ways to write it


def name_spans(head: Head) -> Iterator[Span]:
    """Every run of up to three lines, as it stands and without numbers and words around the name."""
    for first in range(len(head.lines)):
        if _is_torn(head, first):
            continue
        for last in range(first, min(first + NAME_LINES, len(head.lines))):
            if _is_torn(head, last + 1):
                continue
            yield from _name_forms(first, last, joined(head.lines[first : last + 1]))


def _is_torn(head: Head, n: int) -> bool:
    """Whether no name begins with line n or ends before it: its `&` joins it to the line above."""
    if not 0 < n < len(head.lines) or head.lines[n - 1].signs["name"] <= 0:
        return False
    above, below = head.lines[n - 1].folded.rstrip(), head.lines[n].folded.lstrip()
    return above.endswith(("&", " and")) or below.startswith(("& ", "and "))


def _name_forms(first: int, last: int, text: str) -> Iterator[Span]:
    seen: set[str] = set()
    text = _OWNED.sub("", text)
    forms = [("plain", text), ("bare", _LEAD.sub("", text))]
    for name, form in list(forms):
        folded = plain(form)
        cut = len(_NUMBERED.sub("", folded))
        if 3 <= cut < len(form):
            forms.append((f"{name} unnumbered", form[:cut]))
        ends = [m.end() for m in _LEGAL_END.finditer(folded) if m.start() > 2]
        forms += [(f"{name} legal", form[:end]) for end in ends[:2] if end < len(form)]
    for name, form in forms:
        value = form.strip(" ,:;-*.|\"'_=~")
        letters = "".join(c for c in plain(value) if c.isalnum())
        if sum(c.isalpha() for c in letters) >= 2 and letters not in seen and not _ONLY_LEGAL.fullmatch(plain(value)):
            seen.add(letters)
            yield Span(first, last, value, name)


def address_spans(head: Head) -> Iterator[Span]:
    """Every run of up to eight lines."""
    for first in range(len(head.lines)):
        parts: list[str] = []
        for last in range(first, min(first + ADDRESS_LINES, len(head.lines))):
            text = head.lines[last].text
            parts.append(_ADDRESS_LEAD.sub("", text) if last == first else text)
            if any(c.isalpha() for c in "".join(parts)):
                yield Span(first, last, _ended(" ".join(parts)), "plain")


def _ended(text: str) -> str:
    """An address without what stands behind it: a telephone number, and behind that a tax number."""
    return _ADDRESS_END.sub("", _ADDRESS_END.sub("", text)).strip(" :;-")


Tags = Sequence[Mapping[str, float]]
"""For each line the probability that it belongs to the name and that it belongs to the address."""


def name_signs(head: Head, tags: Tags, span: Span) -> dict[str, float]:
    """What speaks for and against a name."""
    text = plain(span.text)
    letters = "".join(c for c in text if c.isalnum())
    strengths = [head.lines[n].signs["legal"] for n in range(span.first, span.last + 1)]
    words = text.split()
    signs = _span_signs(head, tags, span, "name")
    signs |= {
        "form legal": float("legal" in span.form),
        "form bare": float("bare" in span.form),
        "form unnumbered": float("unnumbered" in span.form),
        "form plain": float(span.form == "plain"),
        "own letters": float(min(40, len(_own(text)))),
        "own first": float(bool(words) and not _GENERIC.search(words[0]) and words[0][:1] != "("),
        "begins inside": float(text[:1] in ("&", ")", "-") or text.startswith("and ")),
        "wraps": float(_wraps(head, span.first)),
        "goes on": float(_wraps(head, span.last + 1)),
        "height above": head.height(span.first) - head.height(span.first - 1) if span.first else 0.0,
        "height below": head.height(span.last) - head.height(span.last + 1) if span.last + 1 < len(head.lines) else 0.0,
        "legal end": float(bool(re.search(r"(?:bhd|s/b|sb|enterprise|trading|ltd|shop|store|centre|mart)\W*$", text))),
        "legal": legal_strength(text),
        "legal last": strengths[-1],
        "legal inner": max(strengths[:-1], default=0.0),
        "legal elsewhere": max((x.signs["legal"] for x in _others(head, span)), default=0.0),
        "bracket": float(text.count("(") - text.count(")")),
        "trailing number": float(bool(re.search(r"\d{3,}", text))),
        "size": float(min(60, len(letters))),
        "size words": float(min(12, len(words))),
        "last word": float(len(words[-1]) if words else 0),
        "digits": sum(c.isdigit() for c in letters) / max(1, len(letters)),
        "again": float(len(letters) > 4 and letters in head.rest),
        "tallest": head.height(span.first) - head.tallest,
    }
    return signs


def _own(text: str) -> str:
    """The letters of a name without legal forms, everyday words of shops, and what stands in brackets."""
    return "".join(c for c in _GENERIC.sub("", re.sub(r"\(.*?(?:\)|$)", "", text)) if c.isalpha())


def _wraps(head: Head, n: int) -> bool:
    """Whether line n looks like the end of a name that line n - 1 began."""
    if not 0 < n < len(head.lines):
        return False
    text, above = head.lines[n].folded, head.lines[n - 1]
    if above.signs["unclosed"] > 0 or above.folded.rstrip().endswith(("&", "-", " and")):
        return True
    return (
        above.signs["name"] > 0
        and above.signs["legal"] < 1
        and head.lines[n].signs["legal"] > 0
        and len(_own(text)) < 4
    )


def address_signs(head: Head, tags: Tags, span: Span) -> dict[str, float]:
    """What speaks for and against an address."""
    lines = [head.lines[n].signs for n in range(span.first, span.last + 1)]
    names = [t["name"] for t in tags]
    signs = _span_signs(head, tags, span, "address")
    top = max(range(len(names)), key=lambda n: names[n]) if names else 0
    total = sum(t["address"] for t in tags)
    inside = sum(tags[n]["address"] for n in _range(span))
    signs |= {
        "share": inside / max(0.05, total),
        "below name": float(span.first - top),
        "towns": sum(x["town"] for x in lines),
        "postcodes": sum(x["postcode"] for x in lines),
        "postcode from end": float(next((n for n, x in enumerate(reversed(lines)) if x["postcode"]), 9)),
        "openings": sum(x["opening"] for x in lines),
        "streets": sum(x["street"] for x in lines),
        "size": float(min(200, len(span.text))),
        "brackets": sum(x["brackets"] for x in lines),
        "numbers": float(len(re.findall(r"\d{6,}", span.text))),
        "repeated": float(_repeated(head, span)),
    }
    return signs


def _range(span: Span) -> range:
    return range(span.first, span.last + 1)


def _others(head: Head, span: Span) -> list[Line]:
    return [*head.lines[: span.first], *head.lines[span.last + 1 :]]


def _repeated(head: Head, span: Span) -> bool:
    """Whether another postcode with its town follows right below: a second address, of a branch."""
    following = head.lines[span.last + 1 : span.last + 5]
    return any(line.signs["postcode"] for line in following)


_LINE = (
    "legal", "street", "town", "region", "contact", "id", "title", "name", "date", "opening", "owner", "postcode",
    "brackets", "comma", "stop", "colon", "digits", "capitals", "letters", "unclosed",
)  # fmt: skip


def _span_signs(head: Head, tags: Tags, span: Span, kind: str) -> dict[str, float]:
    """What both share: the tagger's opinion inside and around, and the lines at the edges."""
    inside = [tags[n][kind] for n in _range(span)]
    other = "address" if kind == "name" else "name"
    count = len(head.lines)
    signs = {
        "first": float(span.first),
        "lines": float(span.last - span.first + 1),
        "left": float(count - span.last),
        "tag mean": sum(inside) / len(inside),
        "tag least": min(inside),
        "tag most": max(inside),
        "tag first": inside[0],
        "tag last": inside[-1],
        "other most": max(tags[n][other] for n in _range(span)),
        "gap above": head.gap(span.first),
        "gap below": head.gap(span.last + 1),
        "gap inside": max((head.gap(n) for n in range(span.first + 1, span.last + 1)), default=-1.0),
        "height first": head.height(span.first),
        "height last": head.height(span.last),
        "left edge": _edge(head, span.first),
        "uneven": abs(_middle(head, span.first) - _middle(head, span.last)),
        "best tag elsewhere": max((t[kind] for n, t in enumerate(tags) if n not in _range(span)), default=0.0),
    }
    for where, n in (("above", span.first - 1), ("below", span.last + 1), ("below2", span.last + 2)):
        tag = tags[n] if 0 <= n < count else NONE
        signs |= {f"tag {where}": tag[kind], f"other {where}": tag[other]}
    for where, n in (("above", span.first - 1), ("top", span.first), ("end", span.last), ("below", span.last + 1)):
        line = head.lines[n].signs if 0 <= n < count else {}
        signs |= {f"{where} {name}": line.get(name, -1.0) for name in _LINE}
    return signs


def _edge(head: Head, n: int) -> float:
    return head.lines[n].cell.x0 / max(1.0, head.width)


def _middle(head: Head, n: int) -> float:
    cell = head.lines[n].cell
    return (cell.x0 + cell.x1) / 2 / max(1.0, head.width)
