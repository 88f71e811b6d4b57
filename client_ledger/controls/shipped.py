"""Controls that come with the app: all of the catalogue, switched on. What people have set is never overwritten."""

import frappe

from client_ledger.controls.access import SHIPPED_ROLE
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.control import Control
from client_ledger.site.doctypes import CONTROL_PARAMETER, LEDGER_CONTROL
from client_ledger.site.rows import bulk_insert, child_rows

DEADLINE = 14


def make_controls() -> None:
	"""Make the controls that are not there, and the parameters that a newer version brings; texts and bounds follow the version."""
	known = set(frappe.get_all(LEDGER_CONTROL, pluck="name", order_by="name"))
	for code, control in CONTROLS.items():
		if code not in known:
			_make(control)
		else:
			_bring_up_to_date(control)


def _make(control: Control) -> None:
	frappe.get_doc(
		{
			"doctype": LEDGER_CONTROL,
			"name": control.code,
			"title": control.name,
			"enabled": 1,
			"deadline": DEADLINE,
			"responsible_role": SHIPPED_ROLE,
			"parameters": [_row(control, name) for name in control.defaults()],
		}
	).insert(ignore_permissions=True)


def _row(control: Control, name: str) -> dict:
	one = next(one for one in control.parameters if one.name == name)
	return {
		"parameter": one.name,
		"label": one.label,
		"value": float(one.default),
		"shipped": float(one.default),
		"least": float(one.least),
		"most": float(one.most),
		"unit": one.unit,
	}


def _bring_up_to_date(control: Control) -> None:
	if frappe.db.get_value(LEDGER_CONTROL, control.code, "title") != control.name:
		frappe.db.set_value(LEDGER_CONTROL, control.code, "title", control.name, update_modified=False)
	rows = frappe.get_all(
		CONTROL_PARAMETER,
		{"parent": control.code, "parenttype": LEDGER_CONTROL},
		["name", "parameter", "label", "shipped", "least", "most", "unit"],
		order_by="idx",
	)
	stored = {row.parameter: row for row in rows}
	for name in control.defaults():
		wanted = _row(control, name)
		if name not in stored:
			new = child_rows(LEDGER_CONTROL, control.code, "parameters", [wanted])
			bulk_insert(CONTROL_PARAMETER, [{**new[0], "idx": len(stored) + 1}])
			continue
		wanted.pop("value")
		if any(stored[name][field] != value for field, value in wanted.items()):
			frappe.db.set_value(CONTROL_PARAMETER, stored[name].name, wanted, update_modified=False)
