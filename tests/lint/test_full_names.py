"""No DocType has a field full_name: the desk shows its value for every link to a user of the document."""

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
