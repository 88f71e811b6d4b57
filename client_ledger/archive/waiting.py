"""What waits for a person about archives, for the home page: checks that have found something. None without any, or for who may not read them."""

from collections.abc import Sequence

import frappe

from client_ledger.archive.nightly import FINDINGS
from client_ledger.site.doctypes import ARCHIVE_CHAIN
from client_ledger.site.visible import may_list


def findings(companies: Sequence[str]) -> dict | None:
	"""Return {"total", "amounts", "rows": [{name, company, findings_count, verified_on}]} of archives whose last check found something."""
	if not may_list(ARCHIVE_CHAIN):
		return None
	rows = frappe.get_list(
		ARCHIVE_CHAIN,
		{"company": ("in", list(companies)), "status": FINDINGS},
		["name", "company", "findings_count", "verified_on"],
		order_by="company",
		limit_page_length=0,
	)
	return {"total": len(rows), "amounts": [], "rows": rows} if rows else None
