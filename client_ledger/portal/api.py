"""What the portal's page asks the server for. Every function lets its visitor in first, see access.py; nothing goes by permissions.

Reads are for users and links, actions for users alone.
"""

import frappe
from frappe.utils import getdate
from werkzeug.wrappers import Response

from client_ledger.portal import announced, confirmations, movements, papers, paying, requests
from client_ledger.portal.access import PortalRight, current_visitor
from client_ledger.portal.overview import overview
from client_ledger.site.arguments import a_date, a_name, a_text, an_amount, arguments, one_of, some_rows
from client_ledger.site.request import parse_cursor
from client_ledger.site.requirements import requires

FILE_FORMAT = one_of(papers.PDF, papers.XLSX)
ITEMS = some_rows(voucher_type=a_name, voucher_no=a_name, payment_term=a_name, amount=an_amount)
READ, ACT = PortalRight(), PortalRight(acts=True)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text)
@requires(READ)
def get_overview(customer: str | None = None, company: str | None = None, link: str | None = None) -> dict:
	"""Return balance, ageing and open items, what is disputed, promised and announced."""
	return overview(current_visitor())


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text, after=a_text)
@requires(READ)
def get_movements(
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
	after: str | None = None,
	find: str | None = None,
) -> dict:
	"""Return a page of movements, newest first. after: where the page before ended. find: a number, a reference or an amount."""
	return movements.page(current_visitor(), parse_cursor(after), find)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text)
@requires(READ)
def get_statements(
	customer: str | None = None, company: str | None = None, link: str | None = None, start: int = 0
) -> dict:
	"""Return a page of the statements that were sent."""
	return papers.statements(current_visitor(), start)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text, file_format=FILE_FORMAT)
@requires(READ)
def statement_file(
	name: str,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
	file_format: str = papers.PDF,
) -> Response:
	"""Return a statement as it was told."""
	return papers.statement_file(current_visitor(), name, file_format)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text, file_format=FILE_FORMAT)
@requires(READ)
def invoice_file(
	name: str,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
	file_format: str = papers.PDF,
) -> Response:
	"""Return an invoice."""
	return papers.invoice_file(current_visitor(), name, file_format)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text, file_format=FILE_FORMAT, from_date=a_date)
@requires(READ)
def ledger_file(
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
	file_format: str = papers.PDF,
	from_date: str | None = None,
	open_only: bool = False,
) -> Response:
	"""Return the ledger of today. from_date: its first day, all of it where none is given. open_only: open items instead."""
	since = getdate(from_date) if from_date else None
	return papers.ledger_file(current_visitor(), file_format, since, open_only)


# --- what a customer does ---


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments(link=a_text, items=ITEMS)
@requires(READ)
def get_payment(
	items: list | str, customer: str | None = None, company: str | None = None, link: str | None = None
) -> dict:
	"""Return how to pay open items: bank details, reference, code, and whether it can be done online."""
	return paying.payment_details(current_visitor(), items)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text, items=ITEMS)
@requires(ACT)
def pay_online(
	items: list | str, customer: str | None = None, company: str | None = None, link: str | None = None
) -> list[dict]:
	"""Return where each invoice is paid."""
	return paying.pay_online(current_visitor(), items)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text, items=ITEMS, details=a_text)
@requires(ACT)
def dispute(
	items: list | str,
	reason: str,
	details: str,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
) -> str:
	"""Open a dispute; return its name."""
	return requests.dispute(current_visitor(), items, reason, details)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text, items=ITEMS, day=a_date)
@requires(ACT)
def promise(
	items: list | str,
	day: str,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
) -> str:
	"""Promise to pay items on a day; return the day as it is read."""
	return requests.promise(current_visitor(), items, day)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text, address=a_text, notes=a_text)
@requires(ACT)
def change_contact(
	contact_name: str | None = None,
	email: str | None = None,
	phone: str | None = None,
	address: str | None = None,
	notes: str | None = None,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
) -> str:
	"""Ask for other contact details; return the request's name."""
	wanted = {
		"contact_name": contact_name,
		"email": email,
		"phone": phone,
		"address": address,
		"notes": notes,
	}
	return requests.change_contact(current_visitor(), wanted)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text, items=ITEMS, amount=an_amount, day=a_date)
@requires(ACT)
def paid(
	items: list | str,
	amount: float,
	day: str,
	reference: str | None = None,
	customer: str | None = None,
	company: str | None = None,
	link: str | None = None,
) -> str:
	"""Say that items were paid; return the name of the announced payment."""
	return announced.announce(current_visitor(), items, amount, day, reference)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(link=a_text)
@requires(ACT)
def open_confirmation(
	name: str, customer: str | None = None, company: str | None = None, link: str | None = None
) -> str:
	"""Return the address of the page that a confirmation is answered on."""
	return confirmations.address_of(current_visitor(), name)
