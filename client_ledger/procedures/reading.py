"""That somebody has read and understood a version: one row each, whatever is pressed how often."""

from datetime import datetime
from hashlib import md5

import frappe
from frappe import _
from frappe.utils import now_datetime

from client_ledger.procedures.readers import in_force
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_READING
from client_ledger.site.messages import bold, filled
from client_ledger.site.rows import bulk_insert


def confirm(procedure: str, version: int) -> datetime:
	"""Note that the user has read a version, and return when; once noted it stays as it was.

	Raises frappe.PermissionError for who may not read it, frappe.ValidationError where the procedure is not in force, or another version is.
	"""
	frappe.get_doc(PROCEDURE, procedure).check_permission("read")
	found = in_force([procedure])
	if not found:
		frappe.throw(filled(_("{0} is not in force. There is nothing to confirm."), bold(_(procedure))))
	if found[0].version != version:
		frappe.throw(
			filled(
				_("Version {0} of {1} is in force, not version {2}. Reload, and read it first."),
				found[0].version,
				bold(_(procedure)),
				version,
			)
		)
	user = frappe.session.user
	key = {"procedure": procedure, "version": version, "user": user}
	row = {
		**key,
		"user_full_name": frappe.db.get_value("User", user, "full_name"),
		"read_on": now_datetime(),
		"reading_key": md5("|".join(map(str, key.values())).encode()).hexdigest(),
	}
	if not frappe.db.exists(PROCEDURE_READING, key):
		bulk_insert(PROCEDURE_READING, [row], ignore_duplicates=True)
	return frappe.db.get_value(PROCEDURE_READING, key, "read_on")
