"""What people picked becomes weights in force, if they order unseen picks better: `run.py clauses learn`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.training.train_models import Trained
from extractors import model_files
from extractors.model_cards import Card, DataSet
from extractors.model_files import ModelRefused
from extractors.precedents.clause_view import FEATURES
from extractors.precedents.learning import QUERIES_MIN, Learnt, learn
from extractors.precedents.model import NAME
from tasks.model_history import promote

PICKS = NAME
"""The model that picks teach, as `run.py models train` names it."""


def picks_learnt(home: Path, who: str) -> Trained:
    """The same as part of the step train_models; never raises for a model that is refused."""
    try:
        told = learn_from_picks(home, who)
    except ModelRefused as refused:
        return Trained(name=NAME, state="refused", message=str(refused))
    state = "too_few" if told["state"] == "waiting" else str(told["state"])
    return Trained(name=NAME, state=state, message=told["message"], rows=told["picks"], version=told.get("version"))


def learn_from_picks(home: Path, who: str) -> dict[str, Any]:
    """Learns, compares, and puts in force what is better; gives what came of it. Raises ModelRefused."""
    learnt = learn(home)
    told = {"name": NAME, "picks": learnt.picks, "queries": learnt.queries}
    if learnt.queries < QUERIES_MIN:
        return told | {"state": "waiting", "message": f"Picks for {QUERIES_MIN} different queries are needed."}
    told |= {"before": round(learnt.before, 4), "after": round(learnt.after, 4)}
    if not learnt.better:
        return told | {"state": "kept", "message": "What was learnt orders unseen picks no better; nothing is changed."}
    version = datetime.now(UTC).strftime("%Y%m%dt%H%M%S")
    model_files.write(learnt.weights.as_model(), _card(learnt, version, home), home)
    promote(NAME, version, who, {"why": "learnt from picks", "before": told["before"], "after": told["after"]}, home)
    return told | {"state": "promoted", "version": version, "message": "The new weights are in force."}


def _card(learnt: Learnt, version: str, home: Path) -> Card:
    return Card(
        name=NAME,
        version=version,
        reader=FEATURES,
        made_at=datetime.now(UTC),
        made_by="run.py clauses learn",
        about="Ranks the company's own clauses for what a lawyer asks: learnt from what people picked.",
        data=(DataSet(name="picks", documents=learnt.picks, licence="own"),),
        metrics={"all": {"n": learnt.queries, "before": learnt.before, "after": learnt.after}},
        base=model_files.pointed(NAME, model_files.CURRENT, home) or "shipped",
    )
