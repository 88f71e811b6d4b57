"""docs/permissions.md shows what the app declares, and the site grants it."""

import frappe
import pytest

from tests.permissions import LETTERS, PAGE, ROLES, doctypes, rights, with_tables


def test_the_page_is_up_to_date():
	page = PAGE.read_text(encoding="utf-8")
	assert page == with_tables(page), "run python -m tests.permissions, see its first lines"


@pytest.mark.one_transaction
def test_the_site_grants_what_is_declared():
	declared = {(doctype, role): rights(doctype).get(role, set()) for doctype in doctypes() for role in ROLES}
	assert {doctype for doctype, _role in declared} == set(
		frappe.get_all("DocType", {"module": "Client Ledger", "istable": 0}, pluck="name")
	)
	for (doctype, role), granted in declared.items():
		permissions = [
			row for row in frappe.get_meta(doctype).permissions if row.role == role and not row.permlevel
		]
		found = {right for right in LETTERS if any(row.get(right) for row in permissions)}
		assert found == granted & set(LETTERS), (doctype, role)
