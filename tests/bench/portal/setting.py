"""Customers with a portal: their users, their links, and requests as a browser sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate

from client_ledger.guest_links import links
from tests.bench import factories as f
from tests.bench.collections.setting import refreshed
from tests.bench.doors.http import Answer, call

COMPANY, SECOND = f.COMPANY, "Second Test Company"
API = "client_ledger.portal.api."
ADA, BOB = "Portal Ada", "Portal Bob"


def switch(company: str, on: bool = True) -> None:
	"""Switch a company's portal."""
	frappe.db.set_value("Company", company, "cl_customer_portal", int(on))


def make_portal_user(email: str, *customers: str, roles: tuple[str, ...] = ("Customer",)) -> str:
	"""Return a website user who is a portal user of *customers*."""
	f.make_user(email, roles)
	frappe.db.set_value("User", email, "user_type", "Website User")
	for name in customers:
		customer = frappe.get_doc("Customer", name)
		if email not in [row.user for row in customer.portal_users]:
			customer.append("portal_users", {"user": email})
			customer.save()
	frappe.clear_cache(user=email)
	return email


def make_account(
	name: str, *amounts: float, company: str = COMPANY, days: int = 20, **fields
) -> list[Document]:
	"""Return the invoices of a customer, overdue by *days*."""
	f.make_customer(name, **fields)
	posted, due = add_days(nowdate(), -days - 30), add_days(nowdate(), -days)
	made = [f.make_invoice(name, amount, posted, company=company, due_date=due) for amount in amounts]
	refreshed(name)
	return made


def make_link(customer: str, company: str = COMPANY, days: int = 30, recipient: str | None = None) -> str:
	"""Return the token of a link to a customer's portal."""
	ends = getdate(add_days(nowdate(), days))
	name = links.issue(links.PORTAL, "Customer", customer, customer, company, ends, recipient)
	return token_of(links.url(name))


def token_of(url: str) -> str:
	return parse_qs(urlsplit(url).query)["link"][0]


def name_of(token: str) -> str:
	return token.partition("-")[0]


@contextmanager
def as_user(user: str) -> Iterator[None]:
	"""Be *user* within."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def asked(user: str, function: str, method: str = "GET", **arguments: object) -> Answer:
	"""Call a function of the portal as *user*."""
	with as_user(user):
		return call(API + function, method, **arguments)


def told(user: str, function: str, method: str = "GET", **arguments: object) -> object:
	"""Return what a function answers, which must not refuse."""
	answer = asked(user, function, method, **arguments)
	assert answer.status == 200, answer
	return answer.data["message"]


def row(invoice: Document, amount: float | None = None) -> dict:
	return {"voucher_type": "Sales Invoice", "voucher_no": invoice.name, "amount": amount}


def forget_counts() -> None:
	"""Forget how often visitors have asked."""
	frappe.cache.delete_keys("client_ledger:tries:")
