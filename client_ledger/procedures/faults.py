"""What keeps a procedure from being in force, and what has come to be wrong with one that is: nobody left to do a step, or to answer for it."""

from collections.abc import Collection, Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint
from frappe.utils.user import get_users_with_role

from client_ledger.core.procedures.faults import (
	MOST,
	MOST_DAYS,
	OF_OTHERS,
	ProcedureFault,
	StepAsWritten,
	faults_of,
)
from client_ledger.procedures.readers import holders
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_STEP
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import MOST_READERS, notify, notify_later

Found = tuple[ProcedureFault, int]


def faults_in_words(doc: Document) -> list[str]:
	"""Return what is wrong with a procedure that is to be in force, a sentence each, in the user's language."""
	steps = [_as_written(row) for row in doc.steps]
	found = faults_of(steps, doc.responsible or "", cint(doc.read_within_days), holders(), _enabled())
	return [_words(doc, fault, step) for fault, step in found]


def left_alone() -> Iterator[tuple[str, list[Found]]]:
	"""Yield procedures in force that nobody can follow any more, by name: who had a role or answered for them is gone."""
	rows = frappe.get_all(PROCEDURE, {"in_force": 1}, ["name", "responsible"], order_by="name")
	steps: dict[str, list[StepAsWritten]] = {}
	for row in frappe.get_all(
		PROCEDURE_STEP,
		{"parenttype": PROCEDURE, "parent": ("in", [row.name for row in rows])},
		["parent", "instruction", "role", "deadline", "deadline_unit", "measured_by"],
		order_by="parent, idx",
	):
		steps.setdefault(row.parent, []).append(_as_written(row))
	held, enabled = holders(), _enabled()
	for row in rows:
		found = faults_of(steps.get(row.name, []), row.responsible or "", 0, held, enabled)
		if faults := [one for one in found if one[0] in OF_OTHERS]:
			yield row.name, faults


def look_after(user: str, lost: Collection[str], cannot_log_in: bool) -> None:
	"""Have those who keep procedures told of those that nobody can follow any more since *user* lost roles or cannot log in."""
	names = [
		name
		for name, faults in left_alone()
		if _is_of(name, faults, lost) or (cannot_log_in and _answers_for(name, user))
	]
	if names:
		notify_later("client_ledger.procedures.faults.tell", names=names)


def tell(names: list[str]) -> None:
	"""Notify System Managers and who answers for procedures that nobody can follow any more, once for all of them."""
	alone = [name for name, _faults in left_alone() if name in names]
	if not alone:
		return
	answering = frappe.get_all(PROCEDURE, {"name": ("in", alone)}, pluck="responsible", order_by="name")
	readers = {*get_users_with_role("System Manager"), *answering} - {None, ""}
	notify(sorted(readers)[:MOST_READERS], PROCEDURE, alone[0], lambda: _told(len(alone) - 1))


def _told(others: int) -> str:
	if others:
		return str(
			filled(
				_(
					"{0} and {1} more cannot be followed any more: nobody is left for a step, or answers for it."
				),
				"{0}",
				others,
			)
		)
	return _("{0} cannot be followed any more: nobody is left for a step, or answers for it.")


def _is_of(name: str, faults: list[Found], lost: Collection[str]) -> bool:
	roles = frappe.get_all(
		PROCEDURE_STEP, {"parenttype": PROCEDURE, "parent": name}, pluck="role", order_by="idx"
	)
	return any(step and roles[step - 1] in lost for _fault, step in faults)


def _answers_for(name: str, user: str) -> bool:
	return frappe.db.get_value(PROCEDURE, name, "responsible") == user


def _enabled() -> list[str]:
	return frappe.get_all("User", {"enabled": 1}, pluck="name", order_by="name")


def _as_written(row: Document | frappe._dict) -> StepAsWritten:
	return StepAsWritten(
		row.instruction or "",
		row.role or "",
		cint(row.deadline),
		row.deadline_unit or "Days",
		bool(row.measured_by),
	)


def _words(doc: Document, fault: ProcedureFault, step: int) -> str:
	row = filled(_("Step {0}"), step)
	written = doc.steps[step - 1] if step else frappe._dict()
	within = bold(_(doc.meta.get_label("read_within_days")))
	match fault:
		case ProcedureFault.NO_RESPONSIBLE:
			return filled(
				_("{0} is required: a procedure that nobody answers for is not followed."), _label(doc)
			)
		case ProcedureFault.RESPONSIBLE_DISABLED:
			return filled(
				_("{0}: {1} cannot log in. Choose another user."), _label(doc), bold(doc.responsible)
			)
		case ProcedureFault.NO_STEPS:
			return _("Add at least one step.")
		case ProcedureFault.EMPTY_STEP:
			return filled(_("{0}: say what to do."), row)
		case ProcedureFault.ROLE_OF_NOBODY:
			return filled(
				_("{0}: nobody who can log in has the role {1}. Choose another one, or give it to somebody."),
				row,
				bold(_(written.role or "")),
			)
		case ProcedureFault.NEGATIVE_DEADLINE:
			return filled(_("{0}: the deadline cannot be negative."), row)
		case ProcedureFault.DEADLINE_TOO_LONG:
			unit = written.deadline_unit or "Days"
			return filled(
				_("{0}: the deadline is at most {1} {2}. Enter 0 for none."), row, MOST[unit], _(unit)
			)
		case ProcedureFault.MEASURED_WITHOUT_DEADLINE:
			return filled(_("{0}: enter a deadline, as {1} is measured."), row, bold(_(written.measured_by)))
		case ProcedureFault.DAYS_TOO_LONG:
			return filled(_("{0} is at most {1}."), within, MOST_DAYS)
	return filled(_("{0} cannot be negative."), within)


def _label(doc: Document) -> str:
	return bold(_(doc.meta.get_label("responsible")))
