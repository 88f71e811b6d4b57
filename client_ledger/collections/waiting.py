"""What waits for a person in collections, for the home page: customers to call, promises due, disputes that run.

Each answer is {"total", "amounts": [{currency, amount}], "rows"}: of all that the user may see, and the first few; None where
the list is closed to the user.
"""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import flt

from client_ledger.collections import access, worklist
from client_ledger.collections.disputes import RUNNING_STATUSES
from client_ledger.collections.promises.reads import RUNNING
from client_ledger.core.collections.worklist import to_chase
from client_ledger.site.doctypes import CLIENT_ACCOUNT, LEDGER_DISPUTE, PROMISE_TO_PAY
from client_ledger.site.visible import may_list, summed, sums


def to_call(companies: Sequence[str], most: int) -> dict | None:
	"""Return the head of today's worklist as it opens: one's own customers where there are any, else everybody's."""
	if not access.can("work") or not may_list(CLIENT_ACCOUNT):
		return None
	day = worklist.day_of(companies)
	chosen, _collector = worklist.of_collector(day)
	amounts: dict[str, float] = {}
	for row in chosen.rows:
		currency = day.accounts[row.facts.key].currency
		amounts[currency] = amounts.get(currency, 0.0) + float(to_chase(row.facts))
	return {
		"total": len(chosen.rows),
		"amounts": [{"currency": code, "amount": amounts[code]} for code in sorted(amounts)],
		"rows": worklist.page(chosen, length=most),
	}


def promises_due(companies: Sequence[str], today: date, most: int) -> dict | None:
	"""Return promises of which something falls due today or did before, and that still run."""
	if not may_list(PROMISE_TO_PAY):
		return None
	counted = sums(
		PROMISE_TO_PAY,
		companies,
		"base_amount",
		lambda promise: (promise.status == RUNNING) & (promise.next_due <= today),
	)
	rows = frappe.get_list(
		PROMISE_TO_PAY,
		{"company": ("in", companies), "status": RUNNING, "next_due": ("<=", today)},
		["name", "customer", "customer_name", "company", "currency", "amount", "next_due"],
		order_by="next_due, name",
		limit_page_length=most,
	)
	may = access.can("work")
	return {
		**summed(counted),
		"rows": [{**row, "next_due": str(row.next_due), "may_cancel": may} for row in rows],
	}


def disputes(companies: Sequence[str], today: date, most: int) -> dict | None:
	"""Return the disputes that run, those first whose day to be settled is nearest or over."""
	if not may_list(LEDGER_DISPUTE):
		return None
	counted = sums(
		LEDGER_DISPUTE, companies, "base_amount", lambda dispute: dispute.status.isin(RUNNING_STATUSES)
	)
	rows = frappe.get_list(
		LEDGER_DISPUTE,
		{"company": ("in", companies), "status": ("in", RUNNING_STATUSES)},
		[
			"name",
			"customer",
			"customer_name",
			"company",
			"currency",
			"amount",
			"reason",
			"status",
			"due_date",
		],
		order_by="due_date, name",
		limit_page_length=most,
	)
	may = access.can("resolve")
	return {
		**summed(counted),
		"rows": [
			{
				**row,
				"amount": flt(row.amount),
				"due_date": str(row.due_date) if row.due_date else None,
				"may_resolve": may,
				"late": bool(row.due_date and row.due_date < today),
			}
			for row in rows
		],
	}
