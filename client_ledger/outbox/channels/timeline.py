"""The customer's timeline: one Communication per notice, whatever its channel."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now_datetime

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job


def communication_row(job: "Job", medium: str, recipients: str, content: str, **fields: object) -> dict:
	"""Return the Communication of a notice, as a row."""
	user = frappe.session.user
	subject = (job.letter.subject if job.letter else None) or job.row.step_name
	return {
		"name": frappe.generate_hash(length=10),
		"owner": user,
		"modified_by": user,
		"creation": job.now,
		"modified": job.now,
		"subject": subject,
		"content": content,
		"communication_medium": medium,
		"communication_type": "Communication",
		"sent_or_received": "Sent",
		"status": "Linked",
		"communication_date": job.now,
		"reference_doctype": "Customer",
		"reference_name": job.row.customer,
		"recipients": recipients,
		"cc": fields.get("cc") or None,
		"sender": fields.get("sender"),
		"sender_full_name": fields.get("sender_full_name") or job.row.company,
		"message_id": fields.get("message_id"),
		"delivery_status": fields.get("delivery_status"),
		"email_account": fields.get("email_account"),
		"email_status": "Open",
		"has_attachment": int(bool(fields.get("has_attachment"))),
		"user": user,
		"seen": 1,
	}


def insert_communications(rows: Sequence[dict]) -> None:
	"""Insert Communications."""
	bulk_insert("Communication", rows)


def bulk_insert(doctype: str, rows: Sequence[dict]) -> None:
	"""Insert rows of a DocType of the host, leaving out fields that this version of it does not have."""
	if not rows:
		return
	columns = set(frappe.db.get_table_columns(doctype))
	fields = [name for name in rows[0] if name in columns]
	frappe.db.bulk_insert(doctype, fields, [tuple(row[name] for name in fields) for row in rows])


def child_rows(doctype: str, parent: str, field: str, rows: Sequence[dict]) -> list[dict]:
	"""Return *rows* with what a child row has besides its own fields."""
	now, user = now_datetime(), frappe.session.user
	return [
		{
			"name": frappe.generate_hash(length=10),
			"owner": user,
			"modified_by": user,
			"creation": now,
			"modified": now,
			"parent": parent,
			"parenttype": doctype,
			"parentfield": field,
			"idx": i,
			**row,
		}
		for i, row in enumerate(rows, 1)
	]
