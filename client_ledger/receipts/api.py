"""What the desk asks the server for about receipts: proposals applied, declined, chosen anew; payments announced."""

import frappe
from frappe import _

from client_ledger.collections.access import AccountOf, AccountRight
from client_ledger.receipts import access, advices, applying, choosing, jobs
from client_ledger.site.access import check_customer, permitted_companies
from client_ledger.site.arguments import a_date, a_name, a_text, an_amount, arguments, one_of, some_rows
from client_ledger.site.doctypes import RECEIPT_PROPOSAL, REMITTANCE_ADVICE
from client_ledger.site.messages import filled
from client_ledger.site.one_by_one import MOST_AT_ONCE, try_each
from client_ledger.site.requirements import DocumentRight, Right, requires

ITEMS = some_rows(voucher_type=a_name, voucher_no=a_name, payment_term=a_name, amount=an_amount)
INVOICES = some_rows(sales_invoice=a_name, amount=an_amount)
WITHHELD = one_of("", "Cash Discount", "Bank Fee")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*access.APPLY)
def apply_proposals(names: list[str] | str) -> list[dict]:
	"""Apply proposals, each by itself; return for each whether it was, its payment, and else why not."""
	_check_number(names)
	frappe.db.commit()  # nosemgrep: each is applied in a transaction that has read nothing before its locks
	return [
		{"name": name, "payment_entry": one.result, "done": bool(one.result), "reason": one.reason}
		for name, one in try_each(dict.fromkeys(names), applying.apply, RECEIPT_PROPOSAL)
	]


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(*access.DECIDE)
def decline_proposals(names: list[str] | str, why: str = "") -> list[dict]:
	"""Decline proposals, each by itself; return for each whether it was, and else why not."""
	_check_number(names)

	def decline(name: str) -> str:
		applying.decline(name, why)
		return name

	return [
		{"name": name, "done": bool(one.result), "reason": one.reason}
		for name, one in try_each(dict.fromkeys(names), decline, RECEIPT_PROPOSAL)
	]


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*access.CHOOSE)
def invoices_to_choose(name: str, customer: str) -> list[dict]:
	"""Return the open items of a customer that a receipt can pay, with what is proposed of each."""
	check_customer(customer)
	return choosing.choices(name, customer)


@frappe.whitelist(methods=["POST"])
@arguments(items=ITEMS, withheld_as=WITHHELD)
@requires(*access.CHOOSE)
def choose_invoices(name: str, customer: str, items: list | str, withheld_as: str = "") -> None:
	"""Propose the invoices that the user has chosen for a receipt."""
	check_customer(customer)
	choosing.choose(name, customer, items, withheld_as)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*access.PROPOSE)
def propose_again(company: str | None = None) -> int:
	"""Queue a job that proposes anew for the receipts of a company, or of all that the user sees; return of how many."""
	companies = [company] if company else permitted_companies()
	for name in companies:
		jobs.enqueue(name)
	return len(companies)


@frappe.whitelist(methods=["POST"])
@arguments(invoices=INVOICES, amount=an_amount, payment_date=a_date)
@requires(Right(REMITTANCE_ADVICE, "create"), AccountRight())
def announce_payment(
	customer: str,
	company: str,
	currency: str,
	amount: float,
	payment_date: str,
	reference: str = "",
	invoices: list | str | None = None,
) -> str:
	"""Record a payment that a customer announces, by phone or mail; return the Remittance Advice's name."""
	named: dict = {}
	for row in invoices or ():
		if row["sales_invoice"] in named:
			frappe.throw(filled(_("{0} is listed more than once."), row["sales_invoice"]))
		named[row["sales_invoice"]] = row.get("amount")
	return advices.announce(customer, company, currency, amount, payment_date, reference, named)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(DocumentRight(REMITTANCE_ADVICE, "write"), AccountOf(REMITTANCE_ADVICE))
def withdraw_advice(name: str, why: str = "") -> None:
	"""Take an announced payment back: reminders go on."""
	advices.withdraw(name, why)


def _check_number(names: list[str]) -> None:
	if not 0 < len(names) <= MOST_AT_ONCE:
		frappe.throw(filled(_("Select between 1 and {0} proposals."), MOST_AT_ONCE))
