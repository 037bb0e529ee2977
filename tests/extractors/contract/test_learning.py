"""What answers about contracts teach: moves of confidences near none, names and kinds as people write them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.training.compare import TrainingPolicy
from bots.training.train_models import fit_candidate
from extractors import model_files
from extractors.contract import learning_clauses, learning_terms
from extractors.contract.learning_study import with_answers
from extractors.learning import Row
from workitems.items import Clause, Paper, Reading

CLAUSES, TERMS = learning_clauses.TRAINABLE, learning_terms.TRAINABLE
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
BOAST = "The supplier is the leading and exclusive specialist of its field, and proud of it ({n})."
BOUND = "During the term the customer shall buy the goods from the supplier exclusively and from nobody else ({n})."
MODELS = {"clauses": "shipped:1", "contract_kind": "shipped:1"}


def clause(text: str, confidence: float) -> Clause:
    return Clause(category="Exclusivity", start=0, end=len(text), page=1, text=text, confidence=confidence)


def paper(*clauses: Clause, **fields: tuple[str, float]) -> Paper:
    """A contract as the shipped models read it."""
    read = {name: Reading(value=v, confidence=c, reader="contract_terms@1") for name, (v, c) in fields.items()}
    return Paper(kind="contract", kind_confidence=1.0, clauses=clauses, fields=read, models=MODELS)


def row(n: int, of: Paper, **truth: str) -> Row:
    made = {name.replace("clause_", "clause:"): value for name, value in truth.items()}
    return Row(item=f"i{n}", at=BEGAN + timedelta(days=n), group=f"g{n % 12}", kind="contract", truth=made, paper=of)


def boasts(n: int) -> Row:
    """A contract whose boast is taken for an exclusivity, and a real one that is hardly seen."""
    real, boast = BOUND.format(n=n), BOAST.format(n=n)
    of = paper(clause(boast, 0.8), clause(real, 0.35)) if n % 2 else paper(clause(boast, 0.7))
    return row(n, of, clause_Exclusivity=real if n % 2 else "none")


def test_a_phrase_that_people_call_no_clause_is_none_in_the_next_contract_and_the_one_they_named_is() -> None:
    model = CLAUSES.fit([boasts(n) for n in range(60)], {})
    after = learning_clauses.moved(boasts(101).paper or paper(), model)
    assert after.clauses[0].confidence < 0.3
    assert after.clauses[1].confidence > 0.7
    assert CLAUSES.say(model, boasts(102))["clause:Exclusivity"].value == "none"


def test_one_answer_moves_little() -> None:
    model = CLAUSES.fit([boasts(2)], {})
    other = paper(clause("The customer shall deal with nobody but the supplier, on an exclusive basis.", 0.8))
    assert abs(learning_clauses.moved(other, model).clauses[0].confidence - 0.8) < 0.12


def test_a_probability_is_moved_by_what_moves_the_confidence_and_what_had_none_gets_none() -> None:
    model = CLAUSES.fit([boasts(n) for n in range(60)], {})
    of = boasts(101).paper or paper()
    measured = tuple(c.model_copy(update={"probability": p}) for c, p in zip(of.clauses, (0.6, 0.15), strict=True))
    boast, real = learning_clauses.moved(of.model_copy(update={"clauses": measured}), model).clauses
    assert boast.probability is not None
    assert real.probability is not None
    assert boast.probability < min(0.2, boast.confidence)
    assert 0.5 < real.probability < real.confidence
    by = [odds(after) - odds(before) for after, before in ((boast.confidence, 0.8), (boast.probability, 0.6))]
    assert by[0] == pytest.approx(by[1], abs=0.05)
    assert {c.probability for c in learning_clauses.moved(of, model).clauses} == {None}


def odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def test_what_was_learnt_of_other_models_confidences_is_not_put_upon_these() -> None:
    model = CLAUSES.fit([boasts(n) for n in range(60)], {})
    of = (boasts(101).paper or paper()).model_copy(update={"models": {"clauses": "shipped:2"}})
    assert learning_clauses.moved(of, model) is of


def test_a_model_holds_no_words_of_a_clause() -> None:
    model = CLAUSES.fit([boasts(n) for n in range(60)], {})
    told = " ".join(value for value in model.values() if isinstance(value, str))
    assert "leading" not in told
    assert "supplier" not in told


def named(n: int) -> Row:
    """A contract whose party is read with its address; the notice period is wrong half of the time, though sure."""
    of = paper(
        parties=(json.dumps(["Velbert Pumpen GmbH Industriestr. 4", f"Other {n} Ltd."]), 0.9),
        notice_period=("30 days", 0.9),
        contract_type=("Service", 0.6),
        title=(f"Framework Maintenance Agreement No. {n}", 0.9),
    )
    right = json.dumps([f"Other {n} Ltd.", "Velbert Pumpen GmbH"])
    notice = "30 days" if n % 2 else "60 days"
    return row(n, of, parties=right, notice_period=notice, contract_type="Maintenance")


def test_a_corrected_name_and_kind_are_read_so_the_next_time_and_doubtful_terms_are_less_sure() -> None:
    model = TERMS.fit([named(n) for n in range(60)], {})
    after = learning_terms.moved(named(77).paper or paper(), model).fields
    assert json.loads(after["parties"].value) == ["Velbert Pumpen GmbH", "Other 77 Ltd."]
    assert after["contract_type"].value == "Maintenance"
    assert 0.4 < after["notice_period"].confidence < 0.75
    assert after["notice_period"].value == "30 days"


def test_a_name_on_which_people_disagree_stays_as_it_was_read() -> None:
    rows = [named(n) for n in range(4)]
    other = [r.model_copy(update={"truth": {"parties": json.dumps(["Velbert AG", f"Other {n} Ltd."])}}) for n, r in
             enumerate(rows)]  # fmt: skip
    model = TERMS.fit([*rows[:2], *other[2:]], {})
    assert "Industriestr" in learning_terms.moved(named(9).paper or paper(), model).fields["parties"].value


@pytest.mark.parametrize("trainable", [CLAUSES, TERMS])
def test_a_candidate_is_judged_on_answers_that_it_has_not_seen_and_noise_is_not_promoted(trainable: object) -> None:
    make = boasts if trainable is CLAUSES else named
    rows = [make(n) for n in range(72)]
    found = fit_candidate(trainable, rows, trainable.base(), TrainingPolicy(), BEGAN)  # type: ignore[arg-type, attr-defined]
    assert not isinstance(found, str)
    assert found[2].better
    assert found[2].right_after > found[2].right_before
    assert found[1].metrics["all"]["unknown_right"] == pytest.approx(found[2].right_after)
    right = [r.model_copy(update={"truth": _as_read(r)}) for r in rows]  # nothing is wrong: nothing can get better
    kept = fit_candidate(trainable, right, trainable.base(), TrainingPolicy(), BEGAN)  # type: ignore[arg-type, attr-defined]
    assert not isinstance(kept, str)
    assert kept[2].right_after >= kept[2].right_before == 1.0


def _as_read(of: Row) -> dict[str, str]:
    read = of.paper or paper()
    sure = {f"clause:{name}": c.text for name, c in learning_clauses.surest(read).items()}
    return sure or {name: reading.value for name, reading in read.fields.items()}


def test_what_is_promoted_is_put_upon_readings_and_a_candidate_in_the_shadow_only_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    rows = [boasts(n) for n in range(60)]
    found = fit_candidate(CLAUSES, rows, CLAUSES.base(), TrainingPolicy(), BEGAN)
    assert not isinstance(found, str)
    model_files.write(found[0], found[1], tmp_path)
    model_files.point(CLAUSES.name, model_files.SHADOW, found[1].version, tmp_path)
    of = boasts(101).paper or paper()
    shadowed = with_answers(of)
    assert shadowed.clauses == of.clauses
    assert shadowed.shadow[0].values["clause:Exclusivity"] == BOUND.format(n=101)
    model_files.point(CLAUSES.name, model_files.CURRENT, found[1].version, tmp_path)
    after = with_answers(of)
    assert after.clauses[0].confidence < 0.3
    assert after.models["clause_answers"] == f"learnt:{found[1].version}"
