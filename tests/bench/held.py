"""Help for tests of the credit check: people, customers with a limit, and submits as the desk makes them. Real commits."""

import frappe
import pytest

from client_ledger.credit.check import decisions
from client_ledger.credit.check.check import CreditHoldError
from tests.bench import factories as f

CONTROLLER, MANAGER = "holds.controller@example.com", "holds.manager@example.com"
SELLER, OTHER = "holds.seller@example.com", "holds.other@example.com"
SELLING = ("Sales User", "Sales Manager", "Stock User", "Accounts User")


@pytest.fixture(scope="module", autouse=True)
def office(scratch_site, kept_schema):
	"""People with their roles, and checks that hold."""
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	# Customers here get their limits typed in; that limits change by approval alone is for test_limit_changes.
	frappe.db.set_single_value("Client Ledger Settings", "limits_by_approval", 0)
	frappe.db.set_single_value("Stock Settings", "allow_negative_stock", 1)
	f.make_user(CONTROLLER, ("Credit Controller", *SELLING))
	f.make_user(MANAGER, ("Credit Manager", *SELLING))
	for user in (SELLER, OTHER):
		f.make_user(user, SELLING)
	frappe.db.commit()
	frappe.clear_cache()


@pytest.fixture(autouse=True)
def _clean():
	frappe.set_user("Administrator")
	yield
	frappe.db.rollback()
	frappe.clear_messages()
	frappe.set_user("Administrator")


_number = iter(range(1, 1000))


def customer(limit: float = 1000, **fields) -> str:
	"""A new customer with ERPNext's own limit."""
	doc = f.make_customer(f"Held Customer {next(_number)}", **fields)
	if limit:
		doc.append("credit_limits", {"company": f.COMPANY, "credit_limit": limit})
		doc.save()
	frappe.db.commit()
	return doc.name


def draft(name: str, amount: float, user: str = SELLER, make=f.make_order, **fields):
	"""A draft entered by *user*, committed."""
	frappe.set_user(user)
	doc = make(name, amount, submit=False, **fields)
	frappe.db.commit()
	return doc


def submit(doc, user: str = SELLER):
	"""Submit as the desk does: a request that is rolled back when it fails and committed when it does not."""
	frappe.set_user(user)
	doc = frappe.get_doc(doc.doctype, doc.name)
	try:
		doc.submit()
		frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		raise
	return doc


def hold_of(doc, status: str = "On Hold"):
	return frappe.get_doc("Credit Hold", {"reference_name": doc.name, "status": status})


def held(doc, user: str = SELLER):
	"""Submit *doc*, which is held; return its hold."""
	with pytest.raises(CreditHoldError):
		submit(doc, user)
	return hold_of(doc)


def release(hold, user: str = CONTROLLER, **options):
	frappe.set_user(user)
	decisions.release(hold.name, "Known customer", **options)
	frappe.db.commit()
