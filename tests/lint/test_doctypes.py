"""What DocTypes may not say because of what Frappe makes of it."""

import json
from pathlib import Path

import pytest

import client_ledger

DOCTYPES = sorted((Path(client_ledger.__file__).parent / "client_ledger" / "doctype").glob("*/*.json"))


@pytest.mark.parametrize("path", DOCTYPES, ids=lambda path: path.stem)
def test_no_field_takes_the_place_of_other_users(path: Path):
	fields = json.loads(path.read_text(encoding="utf-8")).get("fields", ())
	assert "full_name" not in [field["fieldname"] for field in fields], (
		"name it after its link, as user_full_name: Frappe shows full_name for every user of the document"
	)


@pytest.mark.parametrize("path", DOCTYPES, ids=lambda path: path.stem)
def test_rows_are_in_their_order_and_have_no_index_of_their_own(path: Path):
	doctype = json.loads(path.read_text(encoding="utf-8"))
	if doctype.get("istable"):
		assert (doctype["sort_field"], doctype["sort_order"]) == ("idx", "ASC"), (
			"by another field Frappe makes an index on it, and takes it away when it installs again"
		)
