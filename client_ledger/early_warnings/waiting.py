"""What waits for a person in early warnings, for the home page: open ones, a person's own where there are any, else all it may see."""

from collections.abc import Sequence

import frappe

from client_ledger.early_warnings.access import can
from client_ledger.early_warnings.statuses import OPEN
from client_ledger.site.doctypes import EARLY_WARNING
from client_ledger.site.rows import plain_row
from client_ledger.site.visible import may_list, only_visible, summed

_FIELDS = (
	*("name", "customer", "customer_name", "company", "signal_name", "severity", "amount", "currency"),
	*("reason", "reason_message", "reason_values", "proposed_action", "raised_on"),
)


def warnings(companies: Sequence[str], most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"} of the open warnings, the gravest first; None where there are none, or for who may not work on them.

	amounts: what the customers owe, each once.
	"""
	if not can("work") or not may_list(EARLY_WARNING):
		return None
	own = {"responsible": frappe.session.user}
	found = _counted(companies, own)
	filters = own
	if not found["total"]:
		found, filters = _counted(companies, {}), {}
	if not found["total"]:
		return None
	rows: list[frappe._dict] = []
	for severity in ("High", "Medium", "Low"):
		if len(rows) < most:
			rows += frappe.get_list(
				EARLY_WARNING,
				{"company": ("in", companies), "status": OPEN, "severity": severity, **filters},
				list(_FIELDS),
				order_by="raised_on desc, name",
				limit_page_length=most - len(rows),
			)
	return {**found, "rows": [{**plain_row(row), "may": True} for row in rows], "own": bool(filters)}


def _counted(companies: Sequence[str], filters: dict[str, str]) -> dict:
	table = frappe.qb.DocType(EARLY_WARNING)
	query = (
		frappe.qb.from_(table)
		.select(table.company, table.customer, table.amount)
		.where(table.company.isin(list(companies)) & (table.status == OPEN))
	)
	for field, value in filters.items():
		query = query.where(table[field] == value)
	found = only_visible(query, EARLY_WARNING).run()
	# A customer of several warnings owes what it owes once.
	owed = {(company, customer): amount for company, customer, amount in found}
	sums = summed(
		{"company": company, "number": 0, "amount": amount} for (company, _who), amount in owed.items()
	)
	return {"total": len(found), "amounts": sums["amounts"]}
