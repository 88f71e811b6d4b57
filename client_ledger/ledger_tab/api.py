"""What the desk asks the server for: the Ledger tab, its pages, prints and exports.

Each function says what it requires: whoever may read the customer may see its ledger, in the companies
that are theirs to see.
"""

import frappe
from frappe.core.doctype.access_log.access_log import make_access_log
from werkzeug.wrappers import Response

from client_ledger.collections import access
from client_ledger.collections.customer_statement import customer_statement
from client_ledger.confirmations import customer_list
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.ledger.site import site_ledger
from client_ledger.ledger_tab import search, view
from client_ledger.site import open_voucher_cache
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_date, a_name, a_text, arguments
from client_ledger.site.request import LedgerRequest, as_date, company_of_customer, make_request, parse_cursor
from client_ledger.site.requirements import CompanyRight, CustomerRight, requires
from client_ledger.site.settings import portal_is_on
from client_ledger.statements import printing


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date)
@requires(CustomerRight(), CompanyRight())
def customer_ledger(
	customer: str,
	company: str | None = None,
	as_of: str | None = None,
	currency: str | None = None,
	lines: int = 0,
	bypass_cache: bool = False,
) -> dict:
	"""Return the head of a customer's ledger: figures, ageing, unbilled orders.

	Without a company: the user's own if the customer has entries with it, else the one with the largest balance.
	lines: how many movements of the first page to bring along, as "page", which is cheaper than asking for it.
	bypass_cache: read all of a long ledger, and not only what may be open in it.
	"""
	companies, ledger, day = permitted_companies(), site_ledger(), as_date(as_of)
	balance = open_voucher_cache.customer_balance(ledger, customer, companies, day, bypass_cache)
	request = make_request(
		customer, company or company_of_customer(companies, balance.balances), as_of, currency
	)
	head = view.summary(ledger, request, balance)
	head["may"] = {
		"statement": access.can("work"),
		"email": bool(frappe.has_permission("Customer", "email", doc=customer)),
		"portal": access.can("work") and portal_is_on(request.company),
	}
	if lines > 0:
		head["page"] = view.first_page(ledger, request, balance, min(lines, view.MOST_LINES))
	return head


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date, after=a_text, find=a_name)
@requires(CustomerRight(), CompanyRight())
def customer_ledger_page(
	customer: str,
	company: str,
	as_of: str | None = None,
	currency: str | None = None,
	open_only: bool = False,
	bucket: str | None = None,
	after: str | None = None,
	limit: int = view.PAGE_LENGTH,
	find: str | None = None,
) -> dict:
	"""Return a page of the ledger, newest first: all movements, or only what is open (in one ageing bucket).

	find: only what holds this text in its name, in that of what it settles, in a remark, a reference or a PO number,
	or is over this amount, of the whole ledger.
	"""
	request = make_request(customer, company, as_of, currency)
	cursor, limit = parse_cursor(after), min(max(limit, 1), view.MOST_LINES)
	term = search.search_term(request, find)
	if open_only or bucket:
		return view.open_items_page(site_ledger(), request, bucket or None, cursor, limit, term)
	return view.movements_page(site_ledger(), request, cursor, limit, term)


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date)
@requires(CustomerRight(), CompanyRight())
def gl_reconciliation(customer: str, company: str, as_of: str | None = None) -> dict | None:
	"""Return how the balance compares with the General Ledger, and which vouchers make the difference.

	Both ledgers are summed whole, whatever else is remembered of them.
	"""
	return view.reconciliation(site_ledger(), make_request(customer, company, as_of))


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date)
@requires(CustomerRight(), CompanyRight())
def customer_payment_history(customer: str, company: str, as_of: str | None = None) -> dict:
	"""Return what was billed and received per month, and how many days the customer takes to pay."""
	return view.payment_history(site_ledger(), make_request(customer, company, as_of))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_confirmations(customer: str, company: str) -> list[dict]:
	"""Return the newest balance confirmations of a customer, as far as the user may list them."""
	return customer_list.of_customer(customer, company)


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date, from_date=a_date)
@requires(CustomerRight(), CompanyRight())
def customer_ledger_print(
	customer: str,
	company: str,
	as_of: str | None = None,
	currency: str | None = None,
	open_only: bool = False,
	from_date: str | None = None,
	file_format: str = "html",
) -> Response:
	"""Return the ledger as a page to print ("html") or as a file ("pdf")."""
	request = make_request(customer, company, as_of, currency)
	statement = _statement(request, from_date, open_only, file_format.upper())
	return printing.pdf(statement) if file_format == "pdf" else printing.page(statement)


@frappe.whitelist(methods=["GET"])
@arguments(as_of=a_date, from_date=a_date)
@requires(CustomerRight(), CompanyRight())
def customer_ledger_xlsx(
	customer: str,
	company: str,
	as_of: str | None = None,
	currency: str | None = None,
	open_only: bool = False,
	from_date: str | None = None,
) -> Response:
	"""Return the ledger as an Excel workbook."""
	request = make_request(customer, company, as_of, currency)
	return printing.workbook(_statement(request, from_date, open_only, "XLSX"))


def _statement(
	request: LedgerRequest, from_date: str | None, open_only: bool, file_type: str
) -> StatementFigures:
	"""Return what leaves the desk as a print or a file, and note in the Access Log that it did."""
	make_access_log(
		doctype="Customer", document=request.customer, file_type=file_type, method="Customer Ledger"
	)
	since = as_date(from_date) if from_date else None
	return customer_statement(request, since, open_only)
