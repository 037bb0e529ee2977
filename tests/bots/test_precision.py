"""Thresholds follow from target precisions; the expected loss is weighed against the price of a person's look."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bots.invoices.loss import Loss, expected_loss, probability_wrong, supplier_risk
from bots.invoices.policy import InvoicePolicy
from bots.invoices.precision import UNPROVEN, threshold
from tests.bots.fakes import HANSEN, draft, reading


def test_a_higher_target_needs_a_surer_reading() -> None:
    for kind in ("invoice", "receipt"):
        steps = [threshold("total", target, kind) or 0.0 for target in (0.9, 0.95, 0.97, 0.99, 0.995)]
        assert steps == sorted(steps)


def test_a_target_that_nothing_reaches_lets_nothing_pass() -> None:
    assert threshold("total", 0.9999) == UNPROVEN


def test_of_a_field_that_was_not_measured_nothing_is_known() -> None:
    assert threshold("colour", 0.9) is None
    assert InvoicePolicy().threshold("colour", "invoice") == InvoicePolicy().confidence.other


def test_what_a_company_sets_stands_in_for_the_target() -> None:
    own = InvoicePolicy.model_validate({"confidence": {"total": 0.42}})
    assert own.threshold("total", "invoice") == 0.42


def test_each_kind_of_paper_has_its_own_thresholds() -> None:
    policy = InvoicePolicy()
    assert policy.threshold("supplier_name", "receipt") != policy.threshold("supplier_name", "invoice")


def test_a_wrong_total_loses_more_than_a_wrong_number() -> None:
    total = expected_loss(draft(total=reading("51.05", 0.8)), (), Loss())
    number = expected_loss(draft(number=reading("RE-1", 0.8)), (), Loss())
    assert total > number > 0


def test_a_rule_that_vouches_for_a_field_takes_most_of_its_risk_away() -> None:
    unsure = draft(total=reading("51.05", 0.5))
    assert expected_loss(unsure, {"total"}, Loss()) < expected_loss(unsure, (), Loss()) / 20
    assert probability_wrong(unsure, ()) == pytest.approx(0.5, abs=0.02)


def test_the_loss_grows_with_the_amount_and_with_the_suppliers_risk() -> None:
    small, large = draft(total="100.00"), draft(total="10000.00")
    assert expected_loss(large, (), Loss()) == pytest.approx(
        100 * expected_loss(small, (), Loss()), rel=Decimal("0.01")
    )
    assert expected_loss(small, (), Loss(), 2.0) == pytest.approx(2 * expected_loss(small, (), Loss()))


def test_a_supplier_without_a_bank_account_on_file_is_riskier_unless_the_company_says_otherwise() -> None:
    stranger = HANSEN.model_copy(update={"ibans": ()})
    assert supplier_risk(HANSEN, None, Loss()) == 1.0
    assert supplier_risk(stranger, None, Loss()) == Loss().new_supplier
    assert supplier_risk(stranger, 0.5, Loss()) == 0.5
