"""The signals on a site: made from the core's catalogue, switched on by their own record or by a person, who says why."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from client_ledger.core.early_warnings.catalogue import SIGNALS
from client_ledger.core.early_warnings.record import SignalRecord
from client_ledger.core.early_warnings.signals import Signal, SignalScope, Values
from client_ledger.site.doctypes import WARNING_SIGNAL, WARNING_SIGNAL_PARAMETER, WARNING_SIGNAL_RECORD
from client_ledger.site.rows import bulk_insert, child_rows

BY_RECORD, ALWAYS, NEVER = "By Its Record", "Always", "Never"


class ActiveSignals(NamedTuple):
	"""The signals that are on for a company, and the values that people set."""

	signals: tuple[Signal, ...]
	parameters: Mapping[str, Values]

	def of(self, scope: SignalScope) -> tuple[Signal, ...]:
		"""Return those about customers, or about the company."""
		return tuple(one for one in self.signals if one.scope is scope)


def make_signals() -> None:
	"""Make the shipped signals, and bring what people cannot change up to date; what they have set stays."""
	for one in SIGNALS:
		known = frappe.db.exists(WARNING_SIGNAL, one.code)
		doc = frappe.get_doc(WARNING_SIGNAL, one.code) if known else frappe.new_doc(WARNING_SIGNAL)
		before = _shipped(doc)
		doc.update(
			{
				"code": one.code,
				"title": one.name,
				"meaning": one.meaning,
				"applies_to": one.scope.value,
				"needs": one.needs or None,
			}
		)
		_fit_parameters(doc, one)
		doc.flags.ignore_permissions = True
		if not known:
			doc.insert()
		elif _shipped(doc) != before:
			doc.save()
	_take_out({one.code for one in SIGNALS})


def _shipped(doc: Document) -> list[tuple]:
	fields = ("parameter", "label", "unit", "shipped", "least", "most")
	rows = [tuple(row.get(field) for field in fields) for row in doc.get("parameters") or ()]
	return [(doc.title, doc.meaning, doc.applies_to, doc.needs), *rows]


def _fit_parameters(doc: Document, one: Signal) -> None:
	values = {row.parameter: row.value for row in doc.get("parameters") or ()}
	doc.set("parameters", [])
	for parameter in one.parameters:
		doc.append(
			"parameters",
			{
				"parameter": parameter.name,
				"label": parameter.label,
				"unit": parameter.unit or None,
				"value": values.get(parameter.name, float(parameter.default)),
				"shipped": float(parameter.default),
				"least": float(parameter.least),
				"most": float(parameter.most),
			},
		)


def _take_out(codes: set[str]) -> None:
	"""Switch off what this version does not know any more; its warnings stay."""
	for name in frappe.get_all(
		WARNING_SIGNAL, {"name": ("not in", sorted(codes))}, pluck="name", order_by="name"
	):
		frappe.db.set_value(WARNING_SIGNAL, name, "enabled", NEVER)


def parameters_set() -> dict[str, Values]:
	"""Return the values of all signals, by code and name."""
	found: dict[str, dict[str, Decimal]] = {}
	for row in frappe.get_all(
		WARNING_SIGNAL_PARAMETER,
		{"parenttype": WARNING_SIGNAL},
		["parent", "parameter", "value"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, {})[row.parameter] = Decimal(str(row.value))
	shipped = {one.code: one.defaults() for one in SIGNALS}
	return {code: {**values, **found.get(code, {})} for code, values in shipped.items()}


def active_signals(company: str) -> ActiveSignals:
	"""Return the signals that are on for *company*."""
	use = dict(frappe.get_all(WARNING_SIGNAL, fields=["name", "enabled"], as_list=True, order_by="name"))
	proven = {
		row.parent: bool(row.is_on)
		for row in frappe.get_all(
			WARNING_SIGNAL_RECORD,
			{"parenttype": WARNING_SIGNAL, "company": company},
			["parent", "is_on"],
			order_by="parent",
		)
	}
	on = tuple(
		one
		for one in SIGNALS
		if is_on(one, use.get(one.code, BY_RECORD), proven.get(one.code, one.on_unproven))
	)
	return ActiveSignals(on, parameters_set())


def is_on(one: Signal, use: str, proven: bool) -> bool:
	"""Return whether a signal is on. proven: what its record says."""
	return use == ALWAYS or (use != NEVER and (proven or one.on_unproven))


def store_records(company: str, found: Mapping[str, SignalRecord]) -> None:
	"""Keep the records of *company* with their signals, in place of the last ones; nobody has changed the signals by that."""
	frappe.db.delete(WARNING_SIGNAL_RECORD, {"company": company})
	rows = []
	for one in SIGNALS:
		if one.code in found and frappe.db.exists(WARNING_SIGNAL, one.code):
			row = {"name": frappe.generate_hash(length=10), **_as_row(company, one, found[one.code])}
			rows += child_rows(WARNING_SIGNAL, one.code, "records", [row])
			frappe.clear_document_cache(WARNING_SIGNAL, one.code)
	bulk_insert(WARNING_SIGNAL_RECORD, rows)


def _as_row(company: str, one: Signal, record: SignalRecord) -> dict:
	return {
		"company": company,
		"is_on": int(record.is_on or one.on_unproven),
		"verdict": record.verdict.value,
		"raised": record.raised,
		"judged": record.judged,
		"bad": record.bad,
		"base_rate": 100 * record.base_rate,
		"lift": record.lift or 0,
		"lead_days": record.lead_days or 0,
		"chance": record.chance,
		"already_bad": record.already_bad,
		"waiting": record.waiting,
		"unknown": record.unknown,
		"customers": record.customers,
		"since": record.since,
		"until": record.until,
	}
