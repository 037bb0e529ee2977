"""The store's items as outcomes of documents, for the demo, the report and the desk."""

from __future__ import annotations

from bots.outcomes import DocumentOutcome, Row, outcomes
from tasks.flow import FLOW
from workitems.store import Store

WORKED = tuple(s.takes for s in FLOW if not s.producer)


def all_outcomes(store: Store) -> list[DocumentOutcome]:
    """One outcome per document that the store knows, in the order in which they came."""
    items = [item for queue in WORKED for item in store.find(queue=queue, limit=1_000_000)]
    names = Row.model_fields.keys()
    return outcomes(Row(**{name: getattr(item, name) for name in names}) for item in items)
