"""When the nightly job last refreshed all accounts is kept under another name, so that the next night starts from there."""

import frappe

OLD, NEW = "healed_on", "accounts_refreshed_on"


def execute() -> None:
	singles = frappe.qb.DocType("Singles")
	of_settings = singles.doctype == "Client Ledger Settings"
	stored = dict(
		frappe.qb.from_(singles)
		.select(singles.field, singles.value)
		.where(of_settings & singles.field.isin([OLD, NEW]))
		.run()
	)
	if OLD in stored and NEW not in stored:
		frappe.qb.update(singles).set(singles.field, NEW).where(of_settings & (singles.field == OLD)).run()
	else:
		frappe.db.delete("Singles", {"doctype": "Client Ledger Settings", "field": OLD})
