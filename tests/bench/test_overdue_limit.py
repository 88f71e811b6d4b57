"""ERPNext's own limit on overdue amounts, in the fields its releases since July 2026 have. Real commits.

Releases without them get them as custom fields of the same names, and the method that enforces them where it is tested.
"""

import frappe
import pytest
from erpnext.accounts.doctype.sales_invoice.sales_invoice import SalesInvoice
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.utils import add_days, nowdate

from client_ledger.credit.check import erpnext_check
from client_ledger.credit.limits import erpnext_overdue_limit
from client_ledger.site.doctypes import CUSTOMER_CREDIT_LIMIT
from tests.bench import factories as f
from tests.bench.held import (  # noqa: F401
	CONTROLLER,
	_clean,
	customer,
	draft,
	held,
	office,
	release,
	submit,
)

FIELDS = {
	CUSTOMER_CREDIT_LIMIT: [
		{"fieldname": erpnext_overdue_limit.FIELD, "fieldtype": "Currency", "label": "Overdue Limit"}
	],
	"Accounts Settings": [
		{"fieldname": erpnext_overdue_limit.SWITCH, "fieldtype": "Check", "label": "Restrict Over Billing"}
	],
}


@pytest.fixture(scope="module", autouse=True)
def fields(office):  # noqa: F811
	"""ERPNext's fields, and its switch turned on."""
	frappe.set_user("Administrator")
	before = erpnext_overdue_limit.overdue_limit(f.make_customer("Never Overdue").name, f.COMPANY)
	assert before is None, "off, or not there at all"
	missing = {
		doctype: rows
		for doctype, rows in FIELDS.items()
		if not frappe.get_meta(doctype).has_field(rows[0]["fieldname"])
	}
	create_custom_fields(missing)
	switch(1)
	yield
	frappe.set_user("Administrator")
	switch(0)
	for doctype, rows in missing.items():
		frappe.delete_doc("Custom Field", f"{doctype}-{rows[0]['fieldname']}")
	frappe.db.commit()


def switch(value: int) -> None:
	frappe.db.set_single_value("Accounts Settings", erpnext_overdue_limit.SWITCH, value)
	frappe.db.commit()
	frappe.clear_cache()


def limited(doctype: str, name: str, amount: float) -> None:
	doc = frappe.get_doc(doctype, name)
	doc.set("credit_limits", [])
	doc.append("credit_limits", {"company": f.COMPANY, erpnext_overdue_limit.FIELD: amount})
	doc.flags.ignore_validate = True
	doc.save()
	frappe.db.commit()


def owing(amount: float = 100, **fields) -> str:
	name = customer(0, **fields)
	f.make_invoice(name, amount, add_days(nowdate(), -20), due_date=add_days(nowdate(), -10))
	frappe.db.commit()
	return name


def holding(order) -> list[str]:
	return [row.rule for row in held(order).reasons if row.action == "Hold"]


def test_the_customers_own():
	name = owing(100)
	limited("Customer", name, 99)
	assert erpnext_overdue_limit.overdue_limit(name, f.COMPANY) == 99
	order = draft(name, 10)
	hold = held(order)
	assert [row.rule for row in hold.reasons if row.action == "Hold"] == ["ERPNext Overdue Limit"]
	assert "100.00" in hold.reasons[0].message and "99.00" in hold.reasons[0].message
	frappe.set_user("Administrator")
	limited("Customer", name, 100)
	assert submit(order).docstatus == 1


def test_the_groups_and_the_switch():
	group = frappe.get_doc(
		{
			"doctype": "Customer Group",
			"customer_group_name": "Overdue Group",
			"parent_customer_group": "All Customer Groups",
		}
	).insert()
	limited("Customer Group", group.name, 50)
	name = owing(100, customer_group=group.name)
	order = draft(name, 10)
	assert holding(order) == ["ERPNext Overdue Limit"]
	switch(0)
	try:
		assert erpnext_overdue_limit.overdue_limit(name, f.COMPANY) is None
		assert submit(order).docstatus == 1
	finally:
		frappe.set_user("Administrator")
		switch(1)


@pytest.fixture
def enforced(monkeypatch):
	"""ERPNext's enforcement as its newer releases have it: a method that the submit of an invoice calls."""

	def check(doc) -> None:
		limit = erpnext_overdue_limit.overdue_limit(doc.customer, doc.company)
		overdue = sum(
			frappe.get_all(
				"Sales Invoice",
				{"customer": doc.customer, "due_date": ("<", nowdate())},
				pluck="outstanding_amount",
			)
		)
		if limit and overdue > limit:
			frappe.throw("Overdue Limit crossed")

	def on_submit(doc) -> None:
		submitted(doc)
		doc.check_overdue_billing_threshold()

	submitted = SalesInvoice.on_submit
	check.__module__ = SalesInvoice.__module__
	monkeypatch.setattr(SalesInvoice, erpnext_check.OVERDUE_LIMIT, check, raising=False)
	monkeypatch.setattr(SalesInvoice, "on_submit", on_submit)


def invoice_of(name: str):
	return draft(name, 10, make=lambda n, a, submit: f.make_invoice(n, a, submit=submit))


def test_a_released_invoice_is_not_refused_by_it(enforced):
	name = owing(100)
	limited("Customer", name, 50)
	invoice = invoice_of(name)
	hold = held(invoice)
	release(hold, CONTROLLER)
	assert submit(invoice).docstatus == 1
	assert erpnext_overdue_limit.overdue_limit(name, f.COMPANY) == 50


def test_one_that_no_rule_held_is_refused_by_it(enforced):
	frappe.db.set_value("Credit Rule", "ERPNext Overdue Limit", "enabled", 0)
	frappe.db.commit()
	frappe.clear_document_cache("Credit Rule", "ERPNext Overdue Limit")
	name = owing(100)
	limited("Customer", name, 50)
	try:
		with pytest.raises(frappe.ValidationError, match="Overdue Limit crossed"):
			submit(invoice_of(name))
	finally:
		frappe.set_user("Administrator")
		frappe.db.set_value("Credit Rule", "ERPNext Overdue Limit", "enabled", 1)
		frappe.db.commit()
		frappe.clear_document_cache("Credit Rule", "ERPNext Overdue Limit")
