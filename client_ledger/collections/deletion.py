"""What of collections goes with a customer or a company that is deleted."""

import frappe

from client_ledger.site.doctypes import (
	CASE,
	DISPUTE,
	FOLLOW_UP,
	INSTALMENT,
	ITEM,
	OF_CUSTOMER,
	PROMISE,
	WRITE_OFF,
)

_ROWS = {
	FOLLOW_UP: (ITEM,),
	PROMISE: (ITEM, INSTALMENT),
	DISPUTE: (ITEM,),
	CASE: (ITEM, "Escalation Task", "Escalation Fee"),
	WRITE_OFF: (ITEM,),
}


def delete_of(filters: dict) -> None:
	"""Delete the documents of a customer or company, with their rows."""
	for doctype in OF_CUSTOMER:
		names = frappe.get_all(doctype, filters, pluck="name", order_by="name")
		if not names:
			continue
		for table in _ROWS[doctype]:
			frappe.db.delete(table, {"parent": ("in", names), "parenttype": doctype})
		frappe.db.delete("ToDo", {"reference_type": doctype, "reference_name": ("in", names)})
		frappe.db.delete(doctype, {"name": ("in", names)})
