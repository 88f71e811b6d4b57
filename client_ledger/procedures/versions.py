"""Versions: what changed, by whom; each new one is read anew, and its readers are told."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, now_datetime
from markupsafe import Markup

from client_ledger.procedures.content import as_text, content_of, is_kept
from client_ledger.procedures.faults import faults_in_words
from client_ledger.procedures.readers import in_force, readers_of
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_VERSION
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import notify, notify_later
from client_ledger.site.refusals import refuse


def check(doc: Document) -> None:
	"""Raise frappe.ValidationError, on record, for a procedure in force that nobody could follow: all faults in one message."""
	if cint(doc.in_force) and (texts := faults_in_words(doc)):
		refuse(doc, Markup("<br>").join(texts), frappe.ValidationError, title=_("Not Put in Force"))


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
