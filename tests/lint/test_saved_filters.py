"""Fields and values that patches rename are renamed in saved filters too, and nothing else there changes."""

import json

import pytest

from client_ledger.patches.saved_filters import changed_json, with_field, with_value

NOTICE = "Ledger Notice"


@pytest.mark.parametrize(
	("saved", "expected"),
	[
		([[NOTICE, "state", "=", "Sent", False]], [[NOTICE, "status", "=", "Sent", False]]),
		([["Sales Order", "state", "=", "Sent"]], [["Sales Order", "state", "=", "Sent"]]),
		([[NOTICE, "reason", "=", "state"]], [[NOTICE, "reason", "=", "state"]]),
		({"state": ["in", ["Sent"]]}, {"status": ["in", ["Sent"]]}),
		(
			{"Report": {"fields": [["state", NOTICE], ["name", NOTICE]], "sort_by": "state"}},
			{"Report": {"fields": [["status", NOTICE], ["name", NOTICE]], "sort_by": "status"}},
		),
		(
			{"List": {"filters": [[NOTICE, "state", "=", "Sent"]]}},
			{"List": {"filters": [[NOTICE, "status", "=", "Sent"]]}},
		),
		(None, None),
	],
)
def test_a_field_is_renamed(saved, expected):
	assert with_field(saved, NOTICE, "state", "status") == expected


@pytest.mark.parametrize(
	("saved", "expected"),
	[
		([NOTICE, "channel", "=", "E-mail", False], [NOTICE, "channel", "=", "Email", False]),
		([NOTICE, "channel", "in", ["E-mail", "Letter"]], [NOTICE, "channel", "in", ["Email", "Letter"]]),
		([NOTICE, "channel", "in", "E-mail,Letter"], [NOTICE, "channel", "in", "Email,Letter"]),
		([NOTICE, "reason", "=", "E-mail"], [NOTICE, "reason", "=", "E-mail"]),
		([NOTICE, "channel", "is", None], [NOTICE, "channel", "is", None]),
	],
)
def test_a_value_is_renamed(saved, expected):
	assert with_value({"List": {"filters": [saved]}}, (NOTICE, "channel"), "E-mail", "Email") == {
		"List": {"filters": [expected]}
	}


@pytest.mark.parametrize("text", [None, "", "[]", "no JSON", '[["Task", "state", "=", 1]]'])
def test_what_stays_as_it_is_is_not_written(text):
	assert changed_json(text, lambda value: with_field(value, NOTICE, "state", "status")) is None


def test_the_changed_json_is_returned_as_text():
	text = changed_json(
		'[["Ledger Notice", "state", "=", 1]]', lambda value: with_field(value, NOTICE, "state", "s")
	)
	assert json.loads(text) == [[NOTICE, "s", "=", 1]]
