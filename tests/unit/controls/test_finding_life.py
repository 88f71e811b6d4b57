"""A finding's life, and reasons as they are kept: every reason of every control comes back as it was."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.controls.catalogue import AT_A_CUSTOMER, CONTROLS, WITHOUT_A_SITE
from client_ledger.core.controls.control import FindingSeverity
from client_ledger.core.controls.lifecycle import (
	CLOSING,
	OPEN_STATUSES,
	FindingStatus,
	is_blind,
	is_reason,
	is_to_escalate,
	is_to_remind,
	opens_again,
)
from client_ledger.core.reasons import (
	WORDS,
	ReasonAmount,
	in_currency,
	kept_reason,
	reason_text,
	values_as_json,
)
from client_ledger.core.reconciliation.matches import Because

LOW, MEDIUM, HIGH = FindingSeverity.LOW, FindingSeverity.MEDIUM, FindingSeverity.HIGH
VALUES = st.one_of(
	st.none(),
	st.integers(-(10**6), 10**6),
	st.text(max_size=30),
	st.sampled_from(sorted(WORDS)),
	st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
	st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)


@given(st.lists(VALUES, max_size=6))
def test_a_reason_comes_back_as_it_was(values):
	reason = Because(" ".join(f"{{{i}}}" for i in range(len(values))), tuple(values))
	again = kept_reason(reason.message, values_as_json(reason))
	assert again == reason
	assert reason_text(again, str.upper) == reason_text(reason, str.upper)
	# On a site amounts have a currency; it is kept with them.
	whole = in_currency(reason, "EUR")
	assert kept_reason(whole.message, values_as_json(whole)) == whole
	assert all(
		isinstance(value, ReasonAmount) == isinstance(old, Decimal)
		for value, old in zip(whole.values, values, strict=True)
	)


def test_values_without_any_are_none():
	assert kept_reason("Text", None) == Because("Text")
	assert kept_reason("Text", "") == Because("Text")
	assert values_as_json(Because("{0}", (Decimal("1.50"),))) == '[{"amount": "1.50"}]'


@pytest.mark.parametrize("status", OPEN_STATUSES)
@pytest.mark.parametrize("lasting", [True, False])
def test_what_is_open_does_not_open_again(status, lasting):
	assert not opens_again(status, lasting, LOW, HIGH)


def test_what_was_gone_is_back():
	for lasting in (True, False):
		assert opens_again(FindingStatus.GONE, lasting, HIGH, LOW)


def test_what_was_resolved_opens_again_where_it_is_a_state():
	assert opens_again(FindingStatus.RESOLVED, True, MEDIUM, MEDIUM)
	assert not opens_again(FindingStatus.RESOLVED, False, MEDIUM, MEDIUM)


@pytest.mark.parametrize("lasting", [True, False])
def test_what_was_accepted_opens_again_only_where_it_matters_more(lasting):
	assert not opens_again(FindingStatus.ACCEPTED, lasting, MEDIUM, MEDIUM)
	assert not opens_again(FindingStatus.ACCEPTED, lasting, HIGH, LOW)
	assert opens_again(FindingStatus.ACCEPTED, lasting, LOW, MEDIUM)
	assert opens_again(FindingStatus.ACCEPTED, lasting, MEDIUM, HIGH)


def test_reasons_and_blindness():
	assert not is_reason(None) and not is_reason(" ab ") and is_reason("paid")
	assert is_blind(3, 0) and not is_blind(0, 0) and not is_blind(3, 1)
	assert not set(CLOSING) & set(OPEN_STATUSES)


def test_of_a_late_finding_it_is_reminded_every_week_and_its_owners_are_told_once():
	due = date(2026, 6, 10)
	told, last, escalated = [], None, None
	for day in range(8, 30):
		today = date(2026, 6, day)
		if is_to_remind(due, last, today):
			last = today
			told.append(day)
		if is_to_escalate(due, escalated, today):
			escalated = today
	assert told == [11, 18, 25] and escalated == date(2026, 6, 17)
	assert is_to_remind(date(2026, 6, 27), last, date(2026, 6, 28)), "opened again with another due date"


def test_lists_of_controls_name_controls():
	assert set(AT_A_CUSTOMER) | set(WITHOUT_A_SITE) <= set(CONTROLS)
