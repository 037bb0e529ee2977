"""From when on a change counts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workitems.items import Noun

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, lt=1)]


class DriftPolicy(Noun):
    """Windows in days, minimum counts in documents, and what is worth an alert."""

    recent_days: Count = 28  # corrections are watched over so many days ...
    before_days: Count = 60  # ... against so many before them
    input_days: Count = 7  # what comes in is compared over so many days, against `before_days` before them
    known_documents: Count = 200  # fewer before: there is nothing to compare with
    supplier_documents: Count = 40  # the same for a single supplier
    new_documents: Count = 100  # fewer in `input_days`: what comes in is not compared
    shift: Share = 0.10  # how much more often a field is corrected: the change that shall be found soon
    psi: Annotated[float, Field(gt=0)] = 0.2  # a smaller shift of a distribution is no alert, however certain it is
    false_alarms: Share = 0.05  # chance of any alert in a week in which nothing has changed
