"""Books of a home page: two companies in two currencies, with something in every list, and the people who read it."""

from collections.abc import Sequence

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, nowdate

from client_ledger.accounts.month_ago import update_month_ago
from client_ledger.collections import account_sync
from client_ledger.collections.disputes import open_dispute
from client_ledger.collections.promises.controller import take_promise
from client_ledger.credit.grades.assessments import assess_company
from client_ledger.credit.grades.scorecards import active_scorecard
from tests.bench import factories as f
from tests.bench.accounts import refresh

NORTH, SOUTH = "Home North", "Home South"
CURRENCIES = {NORTH: "USD", SOUTH: "EUR"}
# Customer -> company, and what is overdue of it since how many days.
DEBTORS = {
	"Home Ash Trading": (NORTH, ((18_400, 12), (3_250.5, 40))),
	"Home Birch & Sons": (NORTH, ((7_900, 75), (6_300, -20))),
	"Home Cedar Foods": (NORTH, ((41_250, 130), (12_000, -9))),
	"Home Dune Logistics": (SOUTH, ((9_800, 33), (2_100, 5), (5_400, -30))),
	"Home Elm Print": (SOUTH, ((1_250, 20),)),
	"Home Fir Labs": (SOUTH, ((2_600, 61), (14_500, -44))),
}
ASH, BIRCH, CEDAR, DUNE, ELM, FIR = DEBTORS
# Who enters what others decide on.
MAKER = "home.maker@example.com"
MAKER_ROLES = ("Credit Controller", "Sales Manager", "Sales User", "Accounts User")


def make_home_books() -> None:
	"""Make everything, once. Nothing is committed, but what jobs commit."""
	if frappe.db.exists("Customer", ASH):
		return
	for name, abbr in ((NORTH, "HNO"), (SOUTH, "HSO")):
		f.make_company(name, abbr, CURRENCIES[name])
	f.make_user(MAKER, MAKER_ROLES)
	for customer, (company, debts) in DEBTORS.items():
		f.make_customer(customer, currency=CURRENCIES[company], companies=[company])
		bill(customer, company, debts)
	refresh()
	for name, company, amount in ((CEDAR, NORTH, 15_500), (ASH, NORTH, 2_480), (DUNE, SOUTH, 6_120)):
		make_hold(name, company, amount)
	request_limit(BIRCH, NORTH, 25_000)
	request_limit(DUNE, SOUTH, 40_000)
	promise(FIR, SOUTH, 1_200, days_ago=2)
	promise(BIRCH, NORTH, 3_000, days_ago=0)
	dispute(CEDAR, NORTH, 4_800)
	for name, status, channel in (
		(ASH, "Planned", "Email"),
		(BIRCH, "Planned", "Email"),
		(DUNE, "Failed", "Email"),
		(ELM, "Sending", "Letter"),
	):
		make_notice(name, DEBTORS[name][0], status, channel)
	account_sync.sync_accounts(list(DEBTORS))
	for company in CURRENCIES:
		assess_company(company, active_scorecard(company), getdate())
	update_month_ago()


def bill(customer: str, company: str, debts: Sequence[tuple[float, int]]) -> None:
	"""Bill each amount, overdue by so many days (negative: due in so many), and let some older ones be paid late."""
	for i in range(4):
		day = add_days(nowdate(), -250 + 40 * i)
		invoice = f.make_invoice(customer, 2_000 + 150 * i, day, company, due_date=add_days(day, 30))
		f.pay(invoice, add_days(day, 38))
	for amount, days in debts:
		due = add_days(nowdate(), -days)
		f.make_invoice(customer, amount, min(add_days(due, -30), nowdate()), company, due_date=due)


def make_hold(customer: str, company: str, amount: float) -> str:
	"""Put a draft on hold, as the check does at its submit."""
	frappe.set_user(MAKER)
	order = f.make_order(customer, amount, company=company, submit=False)
	frappe.set_user("Administrator")
	hold = frappe.get_doc(
		{
			"doctype": "Credit Hold",
			"customer": customer,
			"company": company,
			"reference_doctype": "Sales Order",
			"reference_name": order.name,
			"status": "On Hold",
			"amount": amount,
			"currency": CURRENCIES.get(company, f.CURRENCY),
			"held_by": MAKER,
			"document_owner": MAKER,
			"parties": MAKER,
			"held_on": add_days(nowdate(), -2),
			"open_key": f"Sales Order: {order.name}",
			"reasons": [
				{"rule": "Over Limit", "action": "Hold"},
				{"rule": "Oldest Item", "action": "Hold"},
			],
		}
	)
	return hold.insert(ignore_permissions=True).name


def request_limit(customer: str, company: str, amount: float) -> str:
	"""Request a limit as the maker; it waits for somebody else."""
	frappe.set_user(MAKER)
	doc = frappe.get_doc(
		{
			"doctype": "Credit Limit",
			"customer": customer,
			"company": company,
			"limit_type": "Permanent",
			"amount": amount,
			"currency": CURRENCIES[company],
			"valid_from": nowdate(),
			"reason": "Larger orders from spring on",
		}
	).insert()
	apply_workflow(doc, "Request Approval")
	frappe.set_user("Administrator")
	return doc.name


def promise(customer: str, company: str, amount: float, days_ago: int) -> str:
	"""A promise that falls due today or did so many days ago, and still runs."""
	invoice = frappe.db.get_value(
		"Sales Invoice", {"customer": customer, "outstanding_amount": (">", amount)}, order_by="due_date"
	)
	item = {"voucher_type": "Sales Invoice", "voucher_no": invoice, "amount": amount}
	parts = [{"due_date": add_days(nowdate(), 3), "amount": amount}]
	name = take_promise(customer, company, [item], parts).name
	day = add_days(nowdate(), -days_ago)
	frappe.db.set_value(
		"Promise to Pay", name, {"first_due": day, "next_due": day, "last_due": day, "grace_days": 9}
	)
	frappe.db.set_value("Promise Instalment", {"parent": name}, "due_date", day)
	return name


def dispute(customer: str, company: str, amount: float) -> str:
	invoice = frappe.db.get_value(
		"Sales Invoice", {"customer": customer, "outstanding_amount": (">", amount)}, order_by="due_date"
	)
	item = {"voucher_type": "Sales Invoice", "voucher_no": invoice, "amount": amount}
	reason = frappe.db.get_value("Dispute Reason", {"enabled": 1}, order_by="name")
	return open_dispute(customer, company, [item], reason).name


def make_notice(customer: str, company: str, status: str, channel: str) -> str:
	notice = frappe.new_doc("Ledger Notice", customer=customer, company=company, status=status)
	notice.update(
		{
			"name": f"home-{frappe.scrub(customer)}"[:60],
			"customer_name": customer,
			"currency": CURRENCIES[company],
			"channel": channel,
			"total": 500,
			"base_total": 500,
			"reason": "Delivery Failed" if status == "Failed" else None,
		}
	)
	notice.db_insert()
	return notice.name
