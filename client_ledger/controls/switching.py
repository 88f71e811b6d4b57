"""Controls switched on and off and their parameters changed: with a reason, never by whom the control has found, and never blind.

Parameters other than the shipped ones are taken only after the past was replayed with them (`preview.py`), so that who sets them has
seen what they leave of what would have been found.
"""

from collections.abc import Mapping
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.controls import guards, preview, rows
from client_ledger.controls.access import ROLES
from client_ledger.controls.settings import given_values, values_of
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.control import Control
from client_ledger.core.controls.lifecycle import is_blind, is_reason
from client_ledger.core.controls.parameters import fingerprint, read_parameters
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.matches import Because
from client_ledger.site.doctypes import LEDGER_CONTROL
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import notify_later
from client_ledger.site.roles import require_one_of

ON, OFF = marked("Switched On"), marked("Switched Off")
OFF_IN, ON_IN = marked("Switched Off in {0}"), marked("Switched On in {0}")
PARAMETERS = marked("Parameters Changed")


def switch_off(name: str, why: str, company: str | None = None) -> None:
	"""Switch a control off, everywhere or in a company. Raises without a reason, and where it has found something about the user."""
	doc = _locked(name, _("The control cannot be switched off"))
	_require_reason(doc, why)
	if company:
		if any(row.company == company for row in doc.off_in):
			return
		doc.append(
			"off_in",
			{
				"company": company,
				"reason": why.strip(),
				"switched_off_by": frappe.session.user,
				"switched_off_on": now_datetime(),
			},
		)
	else:
		doc.update({"enabled": 0, "off_reason": why.strip()})
	_note(doc, _entry(OFF_IN, company) if company else OFF, why)
	notify_later(
		"client_ledger.controls.changes_told.tell_of_switching", control=name, user=frappe.session.user
	)


def switch_on(name: str, company: str | None = None) -> None:
	"""Switch a control on again, everywhere or in a company where it was off."""
	doc = _locked(name, "")
	if company:
		doc.off_in = [row for row in doc.off_in if row.company != company]
	else:
		doc.update({"enabled": 1, "off_reason": None})
	_note(doc, _entry(ON_IN, company) if company else ON, "")


def set_parameters(name: str, values: Mapping[str, object], why: str) -> None:
	"""Change the parameters of a control. values: those that differ from the shipped ones, by name; others become the shipped ones.

	Raises for values beyond their bounds, without a reason, for whom the control has found, and where the replay of the past has not been
	looked at or says that nothing would be left; the refusals stay on record.
	"""
	doc = _locked(name, _("The parameters cannot be changed"))
	control = control_of(name)
	wanted = read_values(doc, control, values)
	_require_reason(doc, why)
	before = values_of(control, given_values([name]).get(name, {}))
	if wanted == before:
		return
	# By the shipped ones a control may have nothing to say, such as one without a threshold.
	if wanted != control.defaults() or control.silent:
		_check_not_blind(doc, wanted)
	for row in doc.parameters:
		row.value = float(wanted[row.parameter])
	_note(doc, PARAMETERS, f"{why.strip()} ({_changes(control, before, wanted)})")
	notify_later(
		"client_ledger.controls.changes_told.tell_of_switching", control=name, user=frappe.session.user
	)


def control_of(name: str) -> Control:
	"""Return a control by its code. Raises frappe.ValidationError where this version does not have it any more."""
	if name not in CONTROLS:
		frappe.throw(_("This version does not have this control any more. It does not run."))
	return CONTROLS[name]


def read_values(doc: Document, control: Control, values: Mapping[str, object]) -> dict[str, Decimal]:
	"""Return parameters as they are to be. Raises, on record, for what is beyond its bounds or no parameter."""
	wanted, problems = read_parameters(control, values)
	if problems:
		guards.refuse(doc, " ".join(_said(control, problem.reason) for problem in problems))
	return wanted


def _said(control: Control, reason: Because) -> str:
	labels = {one.label for one in control.parameters}
	return filled(_(reason.message), *(_(value) if value in labels else value for value in reason.values))


def _check_not_blind(doc: Document, wanted: Mapping[str, Decimal]) -> None:
	seen = preview.of(doc, fingerprint(wanted))
	if not seen:
		frappe.throw(
			_(
				"Preview these parameters first: see what they leave of what the last months would have brought."
			)
		)
	# What it has found by the parameters it has counts, too: by the shipped ones it may find nothing.
	found = max(seen.shipped, guards.found_lately(doc.name))
	if is_blind(found, seen.chosen):
		guards.refuse(
			doc,
			filled(
				_(
					"By these parameters none of the {0} findings of the last months would be left: the control would be blind."
				),
				found,
			),
		)


def _changes(control: Control, before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> str:
	return ", ".join(
		f"{_(one.label)}: {before[one.name].normalize():f} → {after[one.name].normalize():f}"
		for one in control.parameters
		if before[one.name] != after[one.name]
	)


def _entry(what: str, company: str) -> str:
	return _(what).format(company)


def _locked(name: str, what: str) -> Document:
	"""Return a control that nobody else changes until this transaction ends. what: is tried, where it may make the control see less."""
	require_one_of(ROLES["switch"])
	doc = frappe.get_doc(LEDGER_CONTROL, name, for_update=True)
	if what:
		guards.refuse_found(doc, what)
	return doc


def _require_reason(doc: Document, why: str) -> None:
	if not is_reason(why):
		guards.refuse(
			doc, filled(_("{0} is required: a control sees less only for a reason."), bold(_("Reason")))
		)


def _note(doc: Document, what: str, why: str) -> None:
	now = now_datetime()
	doc.update({"changed_by": frappe.session.user, "changed_on": now})
	doc.history = rows.with_entry(doc.history, what, now, why=(why or "").strip())
	doc.flags.ignore_permissions = True
	by_action(doc).save()
