"""What customers owe, for lists of customers: of the companies that the user may see, per company currency."""

from collections import defaultdict
from collections.abc import Sequence

import frappe

from client_ledger.site.access import permitted_companies
from client_ledger.site.doctypes import CLIENT_ACCOUNT


def by_customer(customers: Sequence[str]) -> dict[str, list[dict]]:
	"""Return {customer: [{currency, balance, overdue}]}, without those that owe nothing and have nothing on account."""
	rows = frappe.get_list(
		CLIENT_ACCOUNT,
		{"customer": ("in", list(customers)), "company": ("in", permitted_companies())},
		["customer", "currency", "balance", "overdue"],
		limit_page_length=0,
	)
	sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
	for row in rows:
		total = sums[row.customer, row.currency]
		total[0] += row.balance or 0
		total[1] += row.overdue or 0
	found = defaultdict(list)
	for (customer, currency), (balance, overdue) in sorted(sums.items()):
		if round(balance, 2) or round(overdue, 2):
			found[customer].append(
				{"currency": currency, "balance": round(balance, 2), "overdue": round(overdue, 2)}
			)
	return dict(found)
