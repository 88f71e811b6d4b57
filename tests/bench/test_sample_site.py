"""The sample company through ERPNext's own documents is the one the preview shows."""

from collections import defaultdict
from decimal import Decimal

import frappe
import pytest
from frappe.utils import getdate

from client_ledger.accounts.rebuild import rebuild
from client_ledger.commands import bring_to_today
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample import masters
from client_ledger.sample.documents import Documents
from client_ledger.sample.generator import generate
from client_ledger.sample.site import replay

CUSTOMERS = 2


@pytest.fixture
def documents():
	yield generate(3, getdate(), CUSTOMERS)
	for name in (
		"receivable",
		"make_node",
		"make_sales_person",
		"make_item",
		"make_payment_term",
		"price_list",
	):
		getattr(masters, name).cache_clear()


def balances(ledger: Ledger, documents: Documents) -> dict[tuple, Decimal]:
	"""Return what each customer owes each company, per currency."""
	companies = tuple(company.name for company in documents.companies)
	found: dict[tuple, Decimal] = defaultdict(Decimal)
	for item in ledger.open_items(Scope(companies), documents.today):
		found[item.company, item.customer, item.currency] += item.outstanding
	return {key: amount for key, amount in found.items() if amount}


def test_the_site_holds_the_same_ledger_as_the_preview(documents, tmp_path):
	errors = frappe.get_all("Error Log", pluck="name")
	replayed = replay(documents)
	assert not replayed.refused
	with ledger_file.create(tmp_path / "sample.sqlite") as connection:
		posting.post_all(connection, documents)
		expected = balances(ledger_file.ledger(connection), documents)
	connection.close()
	assert expected
	assert balances(site_ledger(), documents) == expected
	scope = Scope(tuple(company.name for company in documents.companies))
	reconciled = site_ledger().reconcile(scope, documents.today)
	assert reconciled
	assert {key: found.difference for key, found in reconciled.items() if found.difference} == {}
	the_sample_is_worth_looking_at([company.name for company in documents.companies])
	assert frappe.get_all("Error Log", {"name": ("not in", errors or [""])}, pluck="method") == []


def the_sample_is_worth_looking_at(companies: list[str]) -> None:
	"""However few the customers: somebody is overdue, graded and planned to be reminded."""
	rebuild()
	bring_to_today()
	accounts = frappe.get_all("Client Account", {"company": ("in", companies)}, ["overdue", "credit_grade"])
	assert [row for row in accounts if row.overdue > 0]
	assert {row.credit_grade for row in accounts} - {"", None, "Unrated"}
	planned = frappe.get_all("Ledger Notice", {"company": ("in", companies)}, ["status", "reason"])
	assert {row.status for row in planned} == {"Planned"}, planned


def test_a_site_is_filled_only_once(documents):
	company = documents.companies[0]
	frappe.get_doc(
		{
			"doctype": "Company",
			"company_name": company.name,
			"abbr": "OTHER",
			"default_currency": company.currency,
			"country": company.country,
		}
	).insert()
	with pytest.raises(frappe.ValidationError, match="already"):
		replay(documents)
