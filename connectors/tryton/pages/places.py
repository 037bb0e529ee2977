"""Where things are on every screen of sao."""

from __future__ import annotations

from functools import partial

from connectors.tryton.waits import Act

PANE = "#tabcontent > .tab-pane.active"
WINDOW = ".window-form.in"
CONFIRMATION = ".confirmation-dialog.in"

on_tab = partial(Act, within=PANE)
in_window = partial(Act, within=WINDOW)
yes = Act(what="click", at=".modal-footer button.btn-primary", within=CONFIRMATION, optional=True)


def field(name: str) -> str:
    """CSS of a form's own field: not of a list inside the form, and of a number the input that is shown."""
    return f'[name="{name}"]:not([type="number"]):not(.form-one2many *, .form-many2many *)'
