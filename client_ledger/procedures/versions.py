"""Versions: what changed, by whom; each new one is read anew, and its readers are told."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, now_datetime
from markupsafe import Markup

from client_ledger.core.procedures.faults import ProcedureFault, StepAsWritten, faults_of
from client_ledger.procedures.content import as_text, content_of, is_kept
from client_ledger.procedures.readers import holders, in_force, readers_of
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_VERSION
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import notify, notify_later


def check(doc: Document) -> None:
	"""Raise frappe.ValidationError for a procedure in force that nobody could follow: all faults in one message."""
	if not cint(doc.in_force):
		return
	roles = holders()
	steps = [StepAsWritten(row.instruction or "", row.role or "", cint(row.deadline)) for row in doc.steps]
	enabled = frappe.get_all("User", {"enabled": 1}, pluck="name", order_by="name")
	faults = faults_of(steps, doc.responsible or "", cint(doc.read_within_days), roles, enabled)
	texts = [_words(doc, fault, step) for fault, step in faults]
	if texts:
		frappe.throw(Markup("<br>").join(texts), title=_("Not Put in Force"))


def _words(doc: Document, fault: ProcedureFault, step: int) -> str:
	row = filled(_("Step {0}"), step)
	role = bold(_(doc.steps[step - 1].role or "")) if step else ""
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
				role,
			)
		case ProcedureFault.NEGATIVE_DEADLINE:
			return filled(_("{0}: the deadline cannot be negative."), row)
	return filled(_("{0} cannot be negative."), bold(_(doc.meta.get_label("read_within_days"))))


def _label(doc: Document) -> str:
	return bold(_(doc.meta.get_label("responsible")))


def take_version(doc: Document, before: Document | None) -> bool:
	"""Give a procedure in force its version, and return whether that is a new one. Raises where nobody said what changed."""
	if not cint(doc.in_force):
		return False
	content = content_of(doc)
	if cint(doc.version) and is_kept(doc.name, cint(doc.version), content):
		return False
	if cint(doc.version) and len((doc.what_changed or "").strip()) < 3:
		frappe.throw(
			filled(
				_("{0} is required: its readers are asked to read the new version, and see this first."),
				bold(_(doc.meta.get_label("what_changed"))),
			)
		)
	if before and cint(doc.version) and (before.what_changed or "") == (doc.what_changed or ""):
		frappe.throw(
			filled(
				_("{0} is still that of version {1}. Say what changed this time."),
				bold(_(doc.meta.get_label("what_changed"))),
				doc.version,
			)
		)
	doc.version, doc.version_since = cint(doc.version) + 1, getdate()
	return True


def keep(doc: Document) -> None:
	"""Keep the new version as it is, and have its readers told."""
	frappe.get_doc(
		{
			"doctype": PROCEDURE_VERSION,
			"procedure": doc.name,
			"version": doc.version,
			"version_key": f"{doc.version}: {doc.name}"[:140],
			"content": as_text(content_of(doc)),
			"what_changed": doc.what_changed,
			"made_by": frappe.session.user,
			"made_on": now_datetime(),
		}
	).insert(ignore_permissions=True)
	notify_later("client_ledger.procedures.versions.tell_readers", procedure=doc.name, version=doc.version)


def tell_readers(procedure: str, version: int) -> None:
	"""Notify who has to read a version, unless there is a newer one by now."""
	found = in_force([procedure])
	if found and found[0].version == version:
		notify(
			readers_of(found[0]),
			PROCEDURE,
			procedure,
			lambda: _("{0} has a new version. Please read it, and confirm that you have understood it."),
		)
