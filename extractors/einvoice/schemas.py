"""Validation against the published XML schemas, which lie in schemas/ (see NOTICE there).

Rules on top of the schemas (EN 16931, Peppol, XRechnung) are not checked here: what matters to the payer is checked by
the invoice checks on the values themselves.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lxml import etree

from extractors.einvoice.find import EInvoiceXml
from extractors.einvoice.values import Element
from workitems.items import Doubt

_FOLDER = Path(__file__).parent / "schemas"
_SCHEMAS: dict[str, tuple[str, ...]] = {
    # the whole of D22B, and Factur-X's own restriction of it, whose code lists are open
    "CrossIndustryInvoice": ("cii-d22b/CrossIndustryInvoice_100pD22B.xsd", "facturx-extended/Factur-X_EXTENDED.xsd"),
    "CrossIndustryDocument": ("zugferd-1.0/ZUGFeRD1p0.xsd",),
    "SCRDMCCBDACIOMessageStructure": ("orderx-extended/SCRDMCCBDACIOMessageStructure_100pD20B.xsd",),
    "Invoice": ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",),
    "CreditNote": ("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",),
    "Order": ("ubl-2.1/maindoc/UBL-Order-2.1.xsd",),
}
_HINTS = (
    "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation",
    "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation",
)


@cache
def _schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_FOLDER / path)))


def schema_fault(invoice: EInvoiceXml) -> str | None:
    """The first violation of the schema in the processor's words; None: valid, or no schema is known."""
    _forget_hints(invoice.root)
    fault: str | None = None
    for path in _SCHEMAS.get(etree.QName(invoice.root).localname, ()):
        schema = _schema(path)
        if schema.validate(etree.ElementTree(invoice.root)):
            return None
        fault = fault or _first_fault(schema)
    return fault


def _forget_hints(root: Element) -> None:
    # libxml2 would load the schemas that a document names, from wherever it says
    for element in root.iter():
        for hint in _HINTS:
            if hint in element.attrib:
                del element.attrib[hint]


def _first_fault(schema: etree.XMLSchema) -> str:
    errors = list(schema.error_log)  # type: ignore[call-overload]  # the stubs do not know that it iterates
    error = errors[0] if errors else None
    message = re.sub(r"\{[^}]*\}", "", error.message if error else "the document is not valid")
    return f"{message[:240]} (line {error.line})" if error else message


def schema_doubt(fault: str) -> Doubt:
    """The warning that goes with a violated schema."""
    return Doubt(
        code="xml_schema",
        severity="warn",
        message=f"The electronic invoice does not keep to its standard, but could be read. Detail: {fault}",
    )
