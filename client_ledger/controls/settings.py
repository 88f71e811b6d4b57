"""Controls as they are set on the site: which run for a company, with which parameters, and who looks at what they find."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.utils import cint

from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.control import Control, FindingSeverity
from client_ledger.core.controls.parameters import fingerprint, read_parameters
from client_ledger.site.doctypes import CONTROL_COMPANY, CONTROL_PARAMETER, LEDGER_CONTROL


@dataclass(frozen=True, slots=True)
class ControlInForce:
	"""A control with what is set for it. severity: None where it says itself; deadline: days."""

	control: Control
	values: Mapping[str, Decimal]
	severity: FindingSeverity | None
	deadline: int
	responsible: str
	role: str

	@property
	def fingerprint(self) -> str:
		"""Return what tells its parameters from others."""
		return fingerprint(self.values)


def in_force(company: str) -> list[ControlInForce]:
	"""Return the controls that are switched on for a company, in the order of the catalogue."""
	rows = frappe.get_all(
		LEDGER_CONTROL,
		{"enabled": 1},
		["name", "severity", "deadline", "responsible", "responsible_role"],
		order_by="name",
	)
	off = set(
		frappe.get_all(
			CONTROL_COMPANY, {"company": company}, pluck="parent", distinct=True, order_by="parent"
		)
	)
	known = {row.name: row for row in rows if row.name in CONTROLS and row.name not in off}
	given = given_values(known)
	return [
		ControlInForce(
			control,
			values_of(control, given.get(code, {})),
			FindingSeverity(known[code].severity) if known[code].severity else None,
			cint(known[code].deadline),
			known[code].responsible or "",
			known[code].responsible_role or "",
		)
		for code, control in CONTROLS.items()
		if code in known
	]


def given_values(names: Mapping[str, object] | list[str]) -> dict[str, dict[str, float]]:
	"""Return the values of controls' parameters as they are stored, by control and parameter."""
	found: dict[str, dict[str, float]] = {}
	for row in frappe.get_all(
		CONTROL_PARAMETER,
		{"parent": ("in", list(names)), "parenttype": LEDGER_CONTROL},
		["parent", "parameter", "value"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, {})[row.parameter] = row.value
	return found


def values_of(control: Control, given: Mapping[str, object]) -> dict[str, Decimal]:
	"""Return the values a control runs with: those stored, and the shipped ones for what is not stored or not within its bounds any more."""
	known = {one.name for one in control.parameters}
	values, _refused = read_parameters(
		control, {name: value for name, value in given.items() if name in known}
	)
	return values
