"""Who may see a comparison and act on it, role by role, through the API; nobody sees another's customer."""

import frappe
import pytest

from client_ledger.confirmations import comparison_api as api
from client_ledger.confirmations.comparison_access import ROLES
from client_ledger.ledger_tab.api import customer_confirmations
from client_ledger.site.doctypes import RECONCILIATION_LINE
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.confirmations.comparing import (
	COMPANY,
	ago,
	compared,
	difference,
	gl_balance,
	invoice_row,
	make_confirmation,
	upload,
)

NAME, OTHER = "Roles Of Differences Ltd", "Another Of Differences Ltd"
READERS = (
	"Accounts Manager",
	"Credit Manager",
	"Credit Controller",
	"Accounts User",
	"Sales Manager",
	"Sales User",
	"Auditor",
)


def refused(call) -> bool:
	"""Return whether the site does not let the user do it; what was written before is taken back."""
	frappe.db.savepoint("refused")
	try:
		call()
	except frappe.PermissionError:
		frappe.db.rollback(save_point="refused")
		return True
	return False


def made(name: str):
	f.make_company()
	f.make_customer(name)
	invoices = [f.make_invoice(name, 100.0 * n + n, ago(140 - 15 * n)) for n in range(1, 6)]
	doc = make_confirmation(name)
	upload(doc, [invoice_row(one) for one in (*invoices[:3], invoices[4])])
	compared(doc)
	refresh()
	return doc, difference(doc, "Ours Only")


def user_with(role: str, *customers: str) -> str:
	user = f.make_user(f"differences.{frappe.scrub(role)}@example.com", (role,)).name
	for name in customers:
		frappe.share.add("Customer", name, user, read=1)
	return user


@pytest.mark.parametrize("role", [*READERS, "Stock User"])
def test_a_role_may_do_just_that(role):
	doc, row = made(NAME)
	frappe.set_user(user_with(role, NAME))
	reads = role in READERS
	works, settles = role in ROLES["work"], role in ROLES["settle"]
	assert refused(lambda: api.get_comparison(name=doc.name)) is not reads
	if reads:
		shown = api.get_comparison(name=doc.name)
		assert shown["may"] == {"work": works, "settle": settles}
	assert refused(lambda: api.comparison_xlsx(name=doc.name)) is not reads
	assert refused(lambda: api.agree_on_difference(line=row.name, why="Agreed")) is not works
	assert refused(lambda: api.reopen_difference(line=row.name)) is not works
	assert refused(lambda: api.make_step(line=row.name, step="Ask the Customer")) is not works
	assert refused(lambda: api.compare_again(name=doc.name)) is not works
	assert refused(lambda: api.look_again(name=doc.name)) is not works
	if settles:
		with pytest.raises(frappe.ValidationError, match="still open"):
			api.settle_confirmation(name=doc.name)
	else:
		assert refused(lambda: api.settle_confirmation(name=doc.name))


def test_another_customer_is_nobodys_business():
	_doc, _row = made(NAME)
	other, line = made(OTHER)
	user = f.make_user(
		"differences.one@example.com", ("Credit Controller", "Sales User"), [("Customer", NAME)]
	).name
	frappe.set_user(user)
	for call in (
		lambda: api.get_comparison(name=other.name),
		lambda: api.comparison_matches(name=other.name, found_by="Number and Amount"),
		lambda: api.lines_to_join(name=other.name),
		lambda: api.comparison_xlsx(name=other.name),
		lambda: api.signed_balance_pdf(name=other.name),
		lambda: api.make_step(line=line.name),
		lambda: api.agree_on_difference(line=line.name, why="x"),
		lambda: api.join_lines(name=other.name, chosen=[line.name]),
		lambda: api.split_match(name=other.name, match_no=1),
		lambda: api.make_steps(name=other.name, chosen=[line.name]),
		lambda: api.settle_confirmation(name=other.name),
		lambda: customer_confirmations(customer=OTHER, company=COMPANY),
	):
		assert refused(call)
	names = frappe.get_list(RECONCILIATION_LINE, pluck="customer", limit_page_length=0)
	assert set(names) == {NAME}


def test_lines_of_another_confirmation_are_not_joined():
	doc, _row = made(NAME)
	_other, line = made(OTHER)
	with pytest.raises(frappe.ValidationError, match="compared anew"):
		api.join_lines(name=doc.name, chosen=[line.name])
	assert api.make_steps.__wrapped__
	with pytest.raises(frappe.ValidationError, match="Select between 1 and"):
		api.make_steps(name=doc.name, chosen=[line.name])


def test_the_ledger_tab_lists_them():
	doc, _row = made(NAME)
	(row,) = customer_confirmations(customer=NAME, company=COMPANY)
	assert row["name"] == doc.name and row["status"] == "Differences"
	assert row["ours"] == float(gl_balance(NAME, str(doc.as_of)))
	assert row["open"] == frappe.db.get_value("Balance Confirmation", doc.name, "open_differences")


def test_the_tolerance_of_a_company():
	f.make_company()
	f.make_customer(NAME)
	invoices = [f.make_invoice(NAME, 100.0 * n + n, ago(140 - 15 * n)) for n in range(1, 4)]
	doc = make_confirmation(NAME)
	upload(doc, [invoice_row(invoices[0], 100.97), *map(invoice_row, invoices[1:])])
	compared(doc)
	assert doc.open_differences == 1
	frappe.db.set_value("Company", COMPANY, "cl_reconciliation_tolerance", 0.05)
	frappe.clear_document_cache("Company", COMPANY)
	figures = compared(doc)
	assert doc.open_differences == 0 and figures.by_kind["Amount Differs"]["amount"] == "0.03"
	frappe.clear_document_cache("Company", COMPANY)
