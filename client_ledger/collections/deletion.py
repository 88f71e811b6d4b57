"""What of collections goes with a customer or a company that is deleted."""

import frappe

from client_ledger.site.doctypes import (
	COLLECTION_ITEM,
	ESCALATION_CASE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	OF_CUSTOMER,
	PROMISE_INSTALMENT,
	PROMISE_TO_PAY,
	REMITTANCE_ADVICE,
	REMITTANCE_ADVICE_INVOICE,
	WRITE_OFF_REQUEST,
)

_ROWS = {
	FOLLOW_UP: (COLLECTION_ITEM,),
	PROMISE_TO_PAY: (COLLECTION_ITEM, PROMISE_INSTALMENT),
	LEDGER_DISPUTE: (COLLECTION_ITEM,),
	ESCALATION_CASE: (COLLECTION_ITEM, "Escalation Task", "Escalation Fee"),
	WRITE_OFF_REQUEST: (COLLECTION_ITEM,),
	REMITTANCE_ADVICE: (REMITTANCE_ADVICE_INVOICE,),
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
