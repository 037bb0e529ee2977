"""The EWS operations that a mailbox connector needs, in the SOAP that Exchange speaks.

What is not emulated is refused loudly, so a client that begins to ask for more fails its tests.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from lxml import etree
from lxml.builder import ElementMaker

from ews.store import MailFolder, MailItem, MailStore, NoSuchThing

S = "http://schemas.xmlsoap.org/soap/envelope/"
M = "http://schemas.microsoft.com/exchange/services/2006/messages"
T = "http://schemas.microsoft.com/exchange/services/2006/types"
E = "http://schemas.microsoft.com/exchange/services/2006/errors"
NS = {"s": S, "m": M, "t": T}
_s, _m, _t = (ElementMaker(namespace=n, nsmap=NS) for n in (S, M, T))

Answer = list[etree._Element]


class Unsupported(Exception):
    """The client asks for something that the emulator does not know; answered as an invalid request."""


class Operations:
    """Answers requests on one store."""

    def __init__(self, store: MailStore) -> None:
        self.store = store

    def answer(self, request: bytes) -> tuple[str, bytes, int]:
        """(operation, response, HTTP status). Raises nothing for any request."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        envelope = etree.fromstring(request, parser)
        body = envelope.find(f"{{{S}}}Body")
        call = body[0] if body is not None and len(body) else None
        name = etree.QName(call).localname if call is not None else ""
        handle: Callable[[etree._Element], Iterable[etree._Element]] | None = getattr(self, f"_{_snake(name)}", None)
        try:
            if handle is None or call is None:
                raise Unsupported(f"operation {name}")
            messages = list(handle(call))
        except Unsupported as unsupported:
            return name, _fault("ErrorInvalidRequest", str(unsupported)), 500
        response = _m(f"{name}Response", _m("ResponseMessages", *messages))
        return name, _envelope(response), 200

    def impersonated(self, request: bytes) -> str | None:
        """The address that the request's header claims to act for."""
        found = etree.fromstring(request).find(f".//{{{T}}}ConnectingSID/{{{T}}}PrimarySmtpAddress")
        return found.text if found is not None else None

    def _get_folder(self, call: etree._Element) -> Iterable[etree._Element]:
        for wanted in call.find(f"{{{M}}}FolderIds"):
            yield self._each("GetFolder", lambda wanted=wanted: [_m("Folders", self._folder_xml(self._folder(wanted)))])

    def _find_folder(self, call: etree._Element) -> Iterable[etree._Element]:
        if call.get("Traversal") != "Shallow" and call.find(f"{{{M}}}Restriction") is None:
            raise Unsupported("walking the whole folder tree")
        name = _restriction(call, "folder:DisplayName")
        for parent in call.find(f"{{{M}}}ParentFolderIds"):
            below = self._below(self._folder(parent), call.get("Traversal") == "Deep")
            found = [f for f in below if name in (None, f.name)]
            yield _success(
                "FindFolder", _root_folder("Folders", [self._folder_xml(f) for f in found], len(found), True)
            )

    def _below(self, parent: MailFolder, deep: bool) -> list[MailFolder]:
        children = self.store.children(parent)
        return children + ([g for c in children for g in self._below(c, True)] if deep else [])

    def _create_folder(self, call: etree._Element) -> Iterable[etree._Element]:
        parent = self._folder(call.find(f"{{{M}}}ParentFolderId")[0])
        for wanted in call.find(f"{{{M}}}Folders"):
            name = wanted.findtext(f"{{{T}}}DisplayName")
            yield self._each(
                "CreateFolder",
                lambda name=name: [_m("Folders", self._folder_xml(self.store.create_folder(name, parent)))],
            )

    def _find_item(self, call: etree._Element) -> Iterable[etree._Element]:
        fields = _fields(call)
        if "item:MimeContent" in fields:
            raise Unsupported("FindItem returns no MIME content")
        key = _restriction(call, "X-Deskhand-Key")
        view = call.find(f"{{{M}}}IndexedPageItemView")
        offset, most = int(view.get("Offset")), int(view.get("MaxEntriesReturned"))
        for parent in call.find(f"{{{M}}}ParentFolderIds"):
            folder = self._folder(parent)
            items = [i for i in self.store.items.values() if i.folder == folder.id]
            items = [i for i in items if key is None or i.properties.get("X-Deskhand-Key") == key]
            order = call.find(f"{{{M}}}SortOrder/{{{T}}}FieldOrder")
            if order is not None:
                if order.find(f"{{{T}}}FieldURI").get("FieldURI") != "item:DateTimeReceived":
                    raise Unsupported("sorting by another field than the time of receipt")
                items.sort(key=lambda i: i.received, reverse=order.get("Order") == "Descending")
            page = items[offset : offset + most]
            last = offset + most >= len(items)
            yield _success(
                "FindItem",
                _root_folder("Items", [_item_xml(i, fields) for i in page], len(items), last, offset + len(page)),
            )

    def _get_item(self, call: etree._Element) -> Iterable[etree._Element]:
        fields = _fields(call)
        if len(fields) > 20:
            raise Unsupported("a client should say which fields it wants")
        for wanted in call.find(f"{{{M}}}ItemIds"):
            yield self._each(
                "GetItem", lambda wanted=wanted: [_m("Items", _item_xml(self.store.item(wanted.get("Id")), fields))]
            )

    def _move_item(self, call: etree._Element) -> Iterable[etree._Element]:
        target = call.find(f"{{{M}}}ToFolderId")[0]
        for wanted in call.find(f"{{{M}}}ItemIds"):

            def moved(wanted: etree._Element = wanted) -> Answer:
                return [_m("Items", _item_xml(self.store.move(wanted.get("Id"), self._folder(target)), set()))]

            yield self._each("MoveItem", moved)

    def _create_item(self, call: etree._Element) -> Iterable[etree._Element]:
        if call.get("MessageDisposition") not in ("SaveOnly", "SendAndSaveCopy"):
            raise Unsupported("sending without a copy")
        folder = self._folder(call.find(f"{{{M}}}SavedItemFolderId")[0])
        for wanted in call.find(f"{{{M}}}Items"):
            item = self.store.create(_item_of(wanted, folder.id))
            sent = call.get("MessageDisposition") == "SendAndSaveCopy"
            if sent:
                self.store.sent.append(item)
            # Of a mail that was sent Exchange tells no id: the copy gets its own.
            yield _success("CreateItem", _m("Items", *([] if sent else [_item_xml(item, set())])))

    def _each(self, name: str, make: Callable[[], Answer]) -> etree._Element:
        try:
            return _success(name, *make())
        except NoSuchThing as missing:
            return _m(
                f"{name}ResponseMessage",
                _m("MessageText", "The specified object was not found or exists already."),
                _m("ResponseCode", missing.code),
                _m("DescriptiveLinkKey", "0"),
                ResponseClass="Error",
            )

    def _folder(self, wanted: etree._Element) -> MailFolder:
        if etree.QName(wanted).localname == "FolderId":
            return self.store.folder(wanted.get("Id"))
        address = wanted.findtext(f"{{{T}}}Mailbox/{{{T}}}EmailAddress")
        if address is not None and address != self.store.address:
            raise Unsupported(f"the mailbox {address}")
        return self.store.distinguished(wanted.get("Id"))

    def _folder_xml(self, folder: MailFolder) -> etree._Element:
        return _t(
            "Folder",
            _t("FolderId", Id=folder.id, ChangeKey="AQAAAA=="),
            _t("ParentFolderId", Id=folder.parent or folder.id, ChangeKey="AQAAAA=="),
            _t("FolderClass", "IPF.Note"),
            _t("DisplayName", folder.name),
            _t("TotalCount", str(sum(i.folder == folder.id for i in self.store.items.values()))),
            _t("ChildFolderCount", str(len(self.store.children(folder)))),
            _t("UnreadCount", "0"),
        )


def _item_xml(item: MailItem, fields: set[str]) -> etree._Element:
    """The item in the order of the schema. The id is always there, anything else only when it was asked for."""
    known: dict[str, Callable[[], etree._Element]] = {
        "item:MimeContent": lambda: _t("MimeContent", base64.b64encode(item.mime).decode(), CharacterSet="UTF-8"),
        "item:Subject": lambda: _t("Subject", item.subject),
        "item:DateTimeReceived": lambda: _t("DateTimeReceived", _stamp(item.received)),
        "item:Size": lambda: _t("Size", str(len(item.mime))),
        "item:DateTimeSent": lambda: _t("DateTimeSent", _stamp(item.received)),
        "message:From": lambda: _t("From", _t("Mailbox", _t("EmailAddress", _address(item.author or "")))),
        "message:InternetMessageId": lambda: _t("InternetMessageId", item.message_id or ""),
    }
    unknown = fields - known.keys()
    if unknown:
        raise Unsupported(f"the fields {sorted(unknown)}")
    children = [make() for name, make in known.items() if name in fields]
    position = 1 if "item:MimeContent" in fields else 0
    children.insert(position, _t("ItemId", Id=item.id, ChangeKey=item.change_key))
    return _t("Message", *children)


def _item_of(wanted: etree._Element, folder: str) -> MailItem:
    text = {etree.QName(e).localname: (e.text or "") for e in wanted}
    properties = {
        p.find(f"{{{T}}}ExtendedFieldURI").get("PropertyName"): p.findtext(f"{{{T}}}Value") or ""
        for p in wanted.findall(f"{{{T}}}ExtendedProperty")
    }
    return MailItem(
        id="",
        change_key="",
        folder=folder,
        mime=b"",
        received=datetime.now(UTC),
        subject=text.get("Subject", ""),
        to=tuple(e.text or "" for e in wanted.findall(f"{{{T}}}ToRecipients/{{{T}}}Mailbox/{{{T}}}EmailAddress")),
        in_reply_to=text.get("InReplyTo"),
        body=text.get("Body", ""),
        message_id=text.get("InternetMessageId"),
        attachments=tuple(
            (e.findtext(f"{{{T}}}Name") or "", base64.b64decode(e.findtext(f"{{{T}}}Content") or ""))
            for e in wanted.findall(f"{{{T}}}Attachments/{{{T}}}FileAttachment")
        ),
        properties=properties,
    )


def _fields(call: etree._Element) -> set[str]:
    shape = call.find(f"{{{M}}}ItemShape")
    if shape.findtext(f"{{{T}}}BaseShape") != "IdOnly":
        raise Unsupported("another shape than IdOnly")
    return {e.get("FieldURI") for e in shape.iter(f"{{{T}}}FieldURI")}


def _restriction(call: etree._Element, field: str) -> str | None:
    """The constant that `field` has to equal; None without a restriction."""
    restriction = call.find(f"{{{M}}}Restriction")
    if restriction is None:
        return None
    equal = restriction.find(f"{{{T}}}IsEqualTo")
    asked = "" if equal is None else equal[0].get("FieldURI") or equal[0].get("PropertyName")
    if equal is None or asked != field:
        raise Unsupported("this restriction")
    return str(equal.find(f"{{{T}}}FieldURIOrConstant/{{{T}}}Constant").get("Value"))


def _root_folder(kind: str, found: Answer, total: int, last: bool, offset: int | None = None) -> etree._Element:
    attributes = {"TotalItemsInView": str(total), "IncludesLastItemInRange": "true" if last else "false"}
    if not last:
        attributes["IndexedPagingOffset"] = str(offset)
    return _m("RootFolder", _t(kind, *found), **attributes)


def _success(name: str, *content: etree._Element) -> etree._Element:
    return _m(f"{name}ResponseMessage", _m("ResponseCode", "NoError"), *content, ResponseClass="Success")


def _envelope(content: etree._Element) -> bytes:
    version = _t(
        "ServerVersionInfo",
        MajorVersion="15",
        MinorVersion="2",
        MajorBuildNumber="1748",
        MinorBuildNumber="10",
        Version="V2017_07_11",
    )
    return bytes(
        etree.tostring(
            _s("Envelope", _s("Header", version), _s("Body", content)), xml_declaration=True, encoding="utf-8"
        )
    )


def _fault(code: str, text: str) -> bytes:
    detail = etree.Element("detail")
    etree.SubElement(detail, f"{{{E}}}ResponseCode").text = code
    etree.SubElement(detail, f"{{{E}}}Message").text = text
    fault = etree.Element(f"{{{S}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"a:{code}"
    etree.SubElement(fault, "faultstring").text = text
    fault.append(detail)
    return bytes(etree.tostring(_s("Envelope", _s("Body", fault)), xml_declaration=True, encoding="utf-8"))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(header: str) -> str:
    return header.rpartition("<")[2].rstrip(">").strip()


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
