"""The customer's timeline: one Communication per notice, whatever its channel."""

from collections.abc import Sequence

import frappe

from client_ledger.outbox.outgoing import Outgoing
from client_ledger.site.rows import bulk_insert, known_fields

COMMUNICATION = "Communication"


def communication_row(
	outgoing: Outgoing, medium: str, recipients: str | None, content: str, **fields: object
) -> dict:
	"""Return the Communication of a notice, as a row."""
	user, row, now = frappe.session.user, outgoing.row, outgoing.now
	subject = (outgoing.letter.subject if outgoing.letter else None) or row.step_name
	return {
		"name": frappe.generate_hash(length=10),
		"owner": user,
		"modified_by": user,
		"creation": now,
		"modified": now,
		"subject": subject,
		"content": content,
		"communication_medium": medium,
		"communication_type": "Communication",
		"sent_or_received": "Sent",
		"status": "Linked",
		"communication_date": now,
		"reference_doctype": "Customer",
		"reference_name": row.customer,
		"recipients": recipients,
		"cc": fields.get("cc") or None,
		"sender": fields.get("sender"),
		"sender_full_name": fields.get("sender_full_name") or row.company,
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
	bulk_insert(COMMUNICATION, known_fields(COMMUNICATION, rows))
