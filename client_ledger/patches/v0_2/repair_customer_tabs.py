"""Put our tabs of the Customer form where they belong, each with its content.

They were anchored to a field that ERPNext 16.9 no longer has, which left the tabs and their content apart at the end.
"""

import json

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from client_ledger.setup.custom_fields import TAB_AFTER_OURS, customer_fields

TABS = ("cl_ledger", "cl_credit", "cl_dunning", "cl_collections")


def execute() -> None:
	"""Store the present anchors; mend the order that Customize Form may have stored meanwhile."""
	create_custom_fields({"Customer": customer_fields()}, ignore_validate=True)
	setter = frappe.db.get_value(
		"Property Setter",
		{"doc_type": "Customer", "property": "field_order"},
		["name", "value"],
		as_dict=True,
	)
	if setter:
		mended = repair_order(json.loads(setter.value))
		frappe.db.set_value("Property Setter", setter.name, "value", json.dumps(mended))
	frappe.clear_cache(doctype="Customer")


def repair_order(order: list[str]) -> list[str]:
	"""Return the field names with our tabs before the address tab, if any of them stands apart from its content."""
	pairs = [(f"{tab}_tab", f"{tab}_html") for tab in TABS if {f"{tab}_tab", f"{tab}_html"} <= {*order}]
	together = all(order.index(content) == order.index(tab) + 1 for tab, content in pairs)
	if together or TAB_AFTER_OURS not in order:
		return order
	ours = [name for pair in pairs for name in pair]
	rest = [name for name in order if name not in ours]
	at = rest.index(TAB_AFTER_OURS)
	return [*rest[:at], *ours, *rest[at:]]
