"""The host's own limit of a customer with a company: where a permanent limit lives."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import fmt_money, get_link_to_form, now_datetime

from client_ledger.core.money import as_money
from client_ledger.limits.limits import HOST_LIMIT


def host_limit(customer: str, company: str) -> Decimal:
	"""Return the customer's own limit, 0 where it has none."""
	return as_money(frappe.db.get_value(HOST_LIMIT, _row(customer, company), "credit_limit"))


def set_host_limit(customer: str, company: str, amount: Decimal, because_of: str) -> None:
	"""Make *amount* the customer's own limit, noted on the customer's timeline with the document behind it.

	Not by saving the customer: the host refuses a limit below what is owed, which is when one is lowered.
	"""
	before = host_limit(customer, company)
	name = frappe.db.get_value(HOST_LIMIT, _row(customer, company))
	if name:
		frappe.db.set_value(HOST_LIMIT, name, "credit_limit", float(amount))
	else:
		_insert(customer, company, amount)
	frappe.clear_document_cache("Customer", customer)
	currency = frappe.get_cached_value("Company", company, "default_currency")
	text = _("Credit limit with {0} changed from {1} to {2} by {3}").format(
		company,
		fmt_money(before, currency=currency),
		fmt_money(amount, currency=currency),
		get_link_to_form("Credit Limit", because_of),
	)
	frappe.get_doc("Customer", customer).add_comment("Info", text)


def _row(customer: str, company: str) -> dict[str, str]:
	return {"parent": customer, "parenttype": "Customer", "company": company}


def _insert(customer: str, company: str, amount: Decimal) -> None:
	now, user = now_datetime(), frappe.session.user
	place = frappe.db.count(HOST_LIMIT, {"parent": customer, "parenttype": "Customer"}) + 1
	frappe.db.bulk_insert(
		HOST_LIMIT,
		[
			*("name", "owner", "modified_by", "creation", "modified", "idx"),
			*("parent", "parenttype", "parentfield", "company", "credit_limit"),
		],
		[
			(
				*(frappe.generate_hash(length=10), user, user, now, now, place),
				*(customer, "Customer", "credit_limits", company, float(amount)),
			)
		],
	)
