"""The text that a person sees when opening a mail."""

from __future__ import annotations

import re

from connectors.mail.headers import to_text

LARGEST_HTML = 3_000_000  # bytes; what comes after is cut off
_BLOCKS = {
    *("address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1"),
    *("h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr"),
    *("ul", "caption"),
}
_CELLS = {"td", "th"}
_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "math"}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{1,40})", re.I)


def plain_text(data: bytes, charset: str | None) -> str:
    """A text body with Unix line ends."""
    return tidy(to_text(data, _charset(data, charset)))


def html_text(data: bytes, charset: str | None) -> str:
    """What an HTML body says, without markup: one line per block, cells of a row separated by tabs."""
    from lxml import etree, html

    data = data[:LARGEST_HTML]
    claimed = charset or _first(_META_CHARSET.search(data[:4096]))
    source = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", to_text(data, _charset(data, claimed)))
    if not source.strip():
        return ""
    # As bytes in a known encoding: with text, lxml trips over an XML declaration inside it. No network is touched.
    reader = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=reader, ensure_head_body=True)
    except etree.ParserError:  # nothing but comments
        return ""
    return tidy(_seen_text(root))


def cid_references(data: bytes) -> set[str]:
    """The content ids that an HTML body shows as images, in lower case."""
    found = re.findall(rb"cid:([^\"'\s>)]{1,300})", data[:LARGEST_HTML], re.I)
    return {to_text(cid, "utf-8").lower() for cid in found}


def tidy(text: str) -> str:
    """No trailing blanks, no runs of empty lines, no invisible characters that hide or split words."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", text)
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _charset(data: bytes, claimed: str | None) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    return (claimed or "utf-8").split(" ")[0]


def _first(found: re.Match[bytes] | None) -> str | None:
    return found[1].decode("ascii") if found else None


def _seen_text(root: object) -> str:
    """Walks with an explicit stack: how deep a stranger nests his tables must not matter."""
    from lxml import etree

    out: list[str] = []
    unseen = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            unseen += tag in _UNSEEN
            if not unseen:
                out.append("\n" if tag in _BLOCKS else "")
                out.append(_squeezed(node.text))
            continue
        unseen -= tag in _UNSEEN
        if not unseen:
            out.append("\t" if tag in _CELLS else "\n" if tag in _BLOCKS and tag != "br" else "")
            out.append(_squeezed(node.tail))
    lines = (re.sub(r" {2,}", " ", line).strip(" \t") for line in "".join(out).split("\n"))
    return "\n".join(lines)


def _squeezed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
