"""What waits for a person about KPIs, for the home page: month ends that the ledger says something else of than when they were stored."""

from collections.abc import Sequence

import frappe
from frappe.utils import cint

from client_ledger.kpis.access import can
from client_ledger.kpis.store import CHANGED, DIFFERS
from client_ledger.site.doctypes import KPI_MONTH_END
from client_ledger.site.visible import may_list


def changed_months(companies: Sequence[str], most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"} of the month ends that nobody has reviewed; None for who reviews none.

	rows: [{name, company, as_of, vouchers, differs}].
	"""
	if not may_list(KPI_MONTH_END) or not can("review"):
		return None
	rows = frappe.get_list(
		KPI_MONTH_END,
		{"company": ("in", list(companies)), "status": CHANGED},
		["name", "company", "as_of", "changed_vouchers", "tie_status"],
		order_by="as_of desc, company",
		limit_page_length=0,
	)
	if not rows:
		return None
	return {
		"total": len(rows),
		"amounts": [],
		"rows": [
			{
				"name": row.name,
				"company": row.company,
				"as_of": str(row.as_of),
				"vouchers": cint(row.changed_vouchers),
				"differs": row.tie_status == DIFFERS,
			}
			for row in rows[:most]
		],
	}
