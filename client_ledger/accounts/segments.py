"""ABC classes: by each customer's share of its company's sales, so decided over all accounts of the company."""

from decimal import Decimal

import frappe

from client_ledger.accounts.store import Write, write_rows
from client_ledger.core.money import as_money
from client_ledger.core.status import volume_segments
from client_ledger.site.doctypes import CLIENT_ACCOUNT


def update_volume_segments(shares: tuple[Decimal, Decimal]) -> int:
	"""Give every account its class A, B or C; return how many changed. Ends the open transaction."""
	frappe.db.commit()  # nosemgrep: reads what the refresh before it wrote
	by_company: dict[str, list] = {}
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		fields=["name", "modified", "company", "sales_12_months", "volume_segment"],
		order_by="name",
	)
	for row in rows:
		by_company.setdefault(row.company, []).append(row)
	writes = []
	for of_company in by_company.values():
		sales = [(row.name, as_money(row.sales_12_months)) for row in of_company]
		segments = volume_segments(sales, shares)
		writes += [
			Write(row.name, row.modified, {"volume_segment": segments[row.name]})
			for row in of_company
			if (row.volume_segment or "") != segments[row.name]
		]
	missed = write_rows(writes)
	frappe.db.commit()  # nosemgrep: releases the rows
	return len(writes) - len(missed)
