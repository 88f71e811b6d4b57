"""What waits for a person about duties, for the home page: conflicts that nobody has accepted."""

import frappe
from frappe.query_builder.functions import Count

from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.duties.scan import OPEN
from client_ledger.site.doctypes import DUTY_CONFLICT
from client_ledger.site.visible import may_list, only_visible


def open_conflicts(most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"}: open conflicts, the newest first; None where there are none, or for who may not see them.

	Those of the Administrator, who can do everything by nature, wait for nobody.
	"""
	if not may_list(DUTY_CONFLICT):
		return None
	table = frappe.qb.DocType(DUTY_CONFLICT)
	query = (
		frappe.qb.from_(table)
		.select(Count(table.name))
		.where((table.status == OPEN) & (table.user != ADMINISTRATOR))
	)
	total = only_visible(query, DUTY_CONFLICT).run()[0][0]
	if not total:
		return None
	rows = frappe.get_list(
		DUTY_CONFLICT,
		{"status": OPEN, "user": ("!=", ADMINISTRATOR)},
		["name", "user", "user_full_name", "duty_rule", "found_on"],
		order_by="found_on desc, name",
		limit_page_length=most,
	)
	return {
		"total": total,
		"amounts": [],
		"rows": [{**row, "found_on": str(row.found_on)} for row in rows],
	}
