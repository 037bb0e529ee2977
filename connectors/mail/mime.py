"""Hostile mail in, clean parts out. Meant to run in a child process that may be killed, and bounded all the same.

The rule that loses nothing: a container (a mail, an attached mail, a zip archive) that cannot be opened safely and
completely becomes a part itself, with a doubt that says why. Claimed media types only serve to tell a body from an
attachment; what a part is, its bytes say.
"""

from __future__ import annotations

from pathlib import Path

from connectors import Ignored, Part, Unpacked
from connectors.mail import media
from connectors.mail.archives import ArchiveLimits, Refused, open_zip
from connectors.mail.bodies import cid_references, html_text, plain_text
from connectors.mail.decoration import is_decoration
from connectors.mail.envelope import file_key, mail_of
from connectors.mail.names import UniqueNames, safe_name, split_extension
from connectors.mail.roles import Role, role_of
from connectors.mail.structure import Entity, TooComplex, entity, leaves, uuencoded
from workitems.items import Doubt, Mail, Noun


class UnpackLimits(Noun):
    """How far containers inside containers are followed, and how many documents one mail may bring."""

    parts: int = 500
    containers_deep: int = 4
    archive: ArchiveLimits = ArchiveLimits()


_NEVER_MAILS = {".txt", ".md", ".csv", ".log", ".json"}
_UNOPENED = {
    media.TNEF: ("outlook_package", "The attachments are packed in Outlook's own format (winmail.dat)."),
    media.OUTLOOK: ("outlook_package", "The document is a mail saved by Outlook (.msg), which cannot be opened here."),
    media.SMIME: ("mail_encrypted", "The mail is encrypted or sealed (S/MIME) and cannot be opened here."),
    media.PGP: ("mail_encrypted", "The mail is encrypted (PGP) and cannot be opened here."),
    "application/x-7z-compressed": ("archive_unknown", "7z archives cannot be opened here; zip archives can."),
    "application/vnd.rar": ("archive_unknown", "RAR archives cannot be opened here; zip archives can."),
    "application/gzip": ("archive_unknown", "Gzip archives cannot be opened here; zip archives can."),
    "application/x-bzip2": ("archive_unknown", "Bzip2 archives cannot be opened here; zip archives can."),
    "application/x-xz": ("archive_unknown", "XZ archives cannot be opened here; zip archives can."),
}


def unpack(data: bytes, filename: str | None = None, limits: UnpackLimits | None = None) -> Unpacked:
    """The documents of a whole MIME message (`filename` None), or of a bare file.

    A bare mail or zip archive gives its parts, any other file itself with `path` None. Never raises for any input
    but for lack of memory.
    """
    limits = limits or UnpackLimits()
    if filename is None or _is_mail_file(data, filename):
        return _unpack_mail(data, limits)
    name = safe_name(filename, "document")
    work = _Work(limits)
    try:
        work.add_file(name, data, ())
    except TooComplex:
        work = _Work(limits)
        work.keep(name, data, None, (_too_complex(),))
    parts = work.parts
    if len(parts) == 1 and parts[0].data is data:
        parts = [parts[0].model_copy(update={"path": None})]
    else:
        parts = [p.model_copy(update={"path": (p.path or "").removeprefix(f"{name}/")}) for p in parts]
    return Unpacked(mail=Mail(message_key=file_key(filename, data)), parts=tuple(parts), ignored=tuple(work.ignored))


def unpack_file(path: str | Path, limits: UnpackLimits | None = None) -> tuple[Part, ...]:
    """The documents of one file: the parts of a mail or zip archive, else the file itself (`path` None).

    Raises OSError when the file cannot be read.
    """
    file = Path(path)
    unpacked = unpack(file.read_bytes(), file.name, limits)
    return unpacked.parts


def _is_mail_file(data: bytes, filename: str) -> bool:
    ending = split_extension(filename)[1].lower()
    return ending == ".eml" or (ending not in _NEVER_MAILS and media.media_type(data) == media.MAIL)


def _unpack_mail(data: bytes, limits: UnpackLimits) -> Unpacked:
    root = entity(data)
    work = _Work(limits)
    try:
        work.add_message(root, ())
        doubt = None if work.parts else _empty(work.ignored)
    except TooComplex:
        work, doubt = _Work(limits), _too_complex()
    mail = mail_of(root, limits.containers_deep)
    if doubt:
        name = safe_name(f"{mail.subject or 'mail'}.eml", "mail.eml")
        work.parts = [Part(name=name, data=data, media_type=media.MAIL, doubts=(doubt,))]
    return Unpacked(mail=mail, parts=tuple(work.parts), ignored=tuple(work.ignored))


def _too_complex() -> Doubt:
    return Doubt(
        code="mail_too_complex", message="The mail holds more parts, or more deeply nested ones, than allowed."
    )


def _empty(ignored: list[Ignored]) -> Doubt:
    rest = "; ".join(sorted({i.why for i in ignored}))
    return Doubt(
        code="mail_empty", message="The mail holds neither text nor a document" + (f" (only: {rest})." if rest else ".")
    )


class _Work:
    """One unpacking: collects parts and what was left out. `trail` is where a file lies: the containers' names."""

    def __init__(self, limits: UnpackLimits) -> None:
        self.limits = limits
        self.parts: list[Part] = []
        self.ignored: list[Ignored] = []
        self._names = UniqueNames()
        self._paths = UniqueNames()

    def add_message(self, root: Entity, trail: tuple[str, ...]) -> None:
        """Documents of a message; where it has none, its text is the document."""
        found = list(leaves(root))
        shown = set[str]().union(*(cid_references(e.content) for e in found if e.type.main == "text/html"))
        before = len(self.parts)
        bodies: list[Entity] = []
        for number, leaf in enumerate(found, start=1):
            role = role_of(leaf)
            if role.is_body:
                bodies.append(leaf)
            else:
                self._add_leaf(leaf, role, number, trail, shown)
        for body in bodies:
            if body.type.main != "text/html":
                for name, content in uuencoded(body.content):
                    self.add_file(safe_name(name, "attachment"), content, trail)
        if len(self.parts) == before:
            text = _text_of(bodies)
            if text.strip():
                name = safe_name(f"{root.headers.text('subject')[:100] or 'mail'}.txt", "mail.txt")
                self.keep(name, text.encode("utf-8", "replace"), trail, kind=media.TEXT)

    def _add_leaf(self, leaf: Entity, role: Role, number: int, trail: tuple[str, ...], shown: set[str]) -> None:
        kind = role.media_type
        name = safe_name(leaf.filename, f"part-{number}{media.extension(kind)}")
        why = role.why_ignored
        if not why and kind.startswith("image/"):
            in_body = (leaf.content_id or "").lower() in shown or "multipart/related" in leaf.within
            why = "a picture of the letterhead" if is_decoration(leaf.content, kind, in_body) else None
        if why:
            self.ignored.append(Ignored(name=name, why=why))
        elif role.is_message:
            self._add_attached_mail(leaf, trail)
        else:
            self.add_file(name, leaf.content, trail)

    def add_file(self, name: str, data: bytes, trail: tuple[str, ...]) -> None:
        """A file of whatever kind: archives and mails are opened, anything else is a document."""
        kind = media.media_type(data)
        if not split_extension(name)[1]:
            name = safe_name(name + media.extension(kind), name)
        if kind == media.ZIP:
            self._add_archive(name, data, trail)
        elif kind == media.MAIL and split_extension(name)[1].lower() not in _NEVER_MAILS:
            self._add_mail_file(name, data, entity(data), trail)
        else:
            self.keep(name, data, trail)

    def keep(
        self,
        name: str,
        data: bytes,
        trail: tuple[str, ...] | None,
        doubts: tuple[Doubt, ...] = (),
        kind: str | None = None,
    ) -> None:
        """Adds a part as it is; `trail` None: it is the very file that was given."""
        if len(self.parts) >= self.limits.parts:
            raise TooComplex
        kind = kind or media.media_type(data)
        if kind in _UNOPENED and not doubts:
            code, message = _UNOPENED[kind]
            doubts = (Doubt(code=code, message=message),)
        path = None if trail is None else self._paths.take("/".join((*trail, name)))
        self.parts.append(Part(name=self._names.take(name), data=data, media_type=kind, path=path, doubts=doubts))

    def _add_attached_mail(self, leaf: Entity, trail: tuple[str, ...]) -> None:
        inner = entity(leaf.content)
        subject = inner.headers.text("subject")[:100]
        name = safe_name(leaf.filename or f"{subject or 'mail'}.eml", "mail.eml")
        self._add_mail_file(name, leaf.content, inner, trail)

    def _add_mail_file(self, name: str, data: bytes, inner: Entity, trail: tuple[str, ...]) -> None:
        if self._too_deep(name, data, trail):
            return
        before = len(self.parts)
        self.add_message(inner, (*trail, name))
        if len(self.parts) == before:
            self.ignored.append(Ignored(name=name, why="an attached mail without text or documents"))

    def _add_archive(self, name: str, data: bytes, trail: tuple[str, ...]) -> None:
        if self._too_deep(name, data, trail):
            return
        try:
            entries = open_zip(data, self.limits.archive)
        except Refused as refused:
            self.keep(name, data, trail, (refused.doubt,))
            return
        documents = [e for e in entries if not e.why_ignored]
        self.ignored += [Ignored(name=safe_name(e.path, "file"), why=e.why_ignored) for e in entries if e.why_ignored]
        if not documents:
            self.keep(name, data, trail, (Doubt(code="archive_empty", message="The zip archive holds no document."),))
        for entry in documents:
            *folders, _ = entry.path.replace("\\", "/").split("/")
            inside = tuple(safe_name(f, "folder") for f in folders[-5:] if f.strip("./ "))
            # Folders are only part of the place, containers count as depth: they are joined into one step.
            self.add_file(safe_name(entry.path, "file"), entry.data, (*trail, "/".join((name, *inside))))

    def _too_deep(self, name: str, data: bytes, trail: tuple[str, ...]) -> bool:
        if len(trail) < self.limits.containers_deep:
            return False
        message = f"Mails or archives are packed into each other more than {self.limits.containers_deep} times."
        self.keep(name, data, trail, (Doubt(code="nested_too_deep", message=message),))
        return True


def _text_of(bodies: list[Entity]) -> str:
    """The text of a mail without documents: the plain one, unless it only says that there is an HTML one."""
    plain = [plain_text(b.content, b.type.params.get("charset")) for b in bodies if b.type.main != "text/html"]
    marked_up = [html_text(b.content, b.type.params.get("charset")) for b in bodies if b.type.main == "text/html"]
    plain_said, html_said = "\n\n".join(filter(str.strip, plain)), "\n\n".join(filter(str.strip, marked_up))
    return html_said if len(plain_said) < len(html_said) / 4 else plain_said
