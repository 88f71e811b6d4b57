"""Who is told that a control was switched off or changed: those who look at what it finds, but for who did it."""

import json

import frappe
from frappe import _
from frappe.utils.user import get_users_with_role

from client_ledger.site.doctypes import LEDGER_CONTROL
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import MOST_READERS, notify


def tell_of_switching(control: str, user: str) -> None:
	"""Notify the responsible user and role of the last change of a control, and the Auditors."""
	doc = frappe.get_doc(LEDGER_CONTROL, control)
	readers = {
		doc.responsible,
		*get_users_with_role(doc.responsible_role or ""),
		*get_users_with_role("Auditor"),
	}
	last = json.loads(doc.history or "[]")[-1:]
	if not last:
		return
	entry = last[0]
	notify(
		sorted(one for one in readers if one and one != user)[:MOST_READERS],
		LEDGER_CONTROL,
		control,
		lambda: str(
			filled(
				_("{0} ({1}): {2} by {3}. {4}"),
				"{0}",
				_(doc.title),
				_(entry["what"]),
				bold(entry["by"]),
				_kept(entry["why"]),
			)
		),
	)


def _kept(text: str) -> str:
	"""Return a text whose braces stay when the sentence is filled in once more."""
	return text.replace("{", "{{").replace("}", "}}")
