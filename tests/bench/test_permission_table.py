"""The table in docs/permissions.md is what the site grants: every DocType, every role, every right."""

import re
from pathlib import Path

import frappe
import pytest

from tests.bench import factories as f

DOCS = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
RIGHTS = {"r": "read", "w": "write", "c": "create", "s": "submit", "x": "cancel", "d": "delete"}


def table() -> dict[tuple[str, str], set[str]]:
	"""Return the letters of every cell, by DocType and role."""
	lines = DOCS.read_text(encoding="utf-8").split("## By DocType and role")[1].splitlines()
	rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("|")]
	roles = rows[0][1:]
	return {
		(row[0], role): set(cell.replace("-", ""))
		for row in rows[2:]
		for role, cell in zip(roles, row[1:], strict=True)
	}


CELLS = table()
ROLES = sorted({role for _doctype, role in CELLS})


def test_the_table_names_every_doctype_of_ours():
	filters = {"module": "Client Ledger", "istable": 0, "name": ("!=", "Refresh Mark")}
	assert {doctype for doctype, _role in CELLS} == set(frappe.get_all("DocType", filters, pluck="name"))


@pytest.mark.parametrize("role", ROLES)
def test_a_user_with_one_role_may_do_what_the_table_says(role, tell):
	name = re.sub(r"\W", "", role).lower()
	user = f.make_user(f"only.{name}@example.com", (role,)).name
	wrong = []
	for (doctype, of_role), letters in CELLS.items():
		if of_role != role:
			continue
		meta = frappe.get_meta(doctype)
		for letter, right in RIGHTS.items():
			if right in ("submit", "cancel") and not meta.is_submittable:
				assert letter not in letters, (doctype, letter)
				continue
			granted = bool(frappe.permissions.get_role_permissions(meta, user).get(right))
			if granted != (letter in letters):
				wrong.append((doctype, right, granted))
	assert wrong == []
