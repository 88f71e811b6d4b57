"""Frappe's notification of what waits for somebody or was decided; its mail follows each reader's own settings."""

from collections.abc import Callable, Iterable

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.translate import print_language
from frappe.utils import get_link_to_form

from client_ledger.site.jobs import log_if_queue_fails

# A message to more people than this is read by nobody.
MOST_READERS = 20
# Frappe's types of notifications, by which its settings decide on mails.
ALERT, ASSIGNMENT = "Alert", "Assignment"


def notify(
	users: Iterable[str | None],
	doctype: str,
	name: str,
	text: Callable[[], str],
	opens: tuple[str, str] | None = None,
	kind: str = ALERT,
) -> None:
	"""Notify enabled *users*, but for whoever acts now, each in their own language.

	text: called in that language, returns a sentence whose {0} is the document, as a link. opens: (DocType, name) of
	what the notification opens, the document itself unless given. kind: ALERT on the desk only, ASSIGNMENT by mail too, for
	readers whose Notification Settings want mails of what is assigned to them.
	"""
	target = opens or (doctype, name)
	names = {*users} - {None, "", frappe.session.user}
	readers = frappe.get_all(
		"User",
		{"name": ("in", sorted(names)), "enabled": 1},
		["email", "language"],
		order_by="name",
		limit=MOST_READERS,
	)
	for reader in readers:
		with print_language(reader.language):
			subject = text().format(f"{_(doctype)} {get_link_to_form(doctype, name)}")
		notification = {
			"type": kind,
			"document_type": target[0],
			"document_name": target[1],
			"subject": subject,
			"from_user": frappe.session.user,
		}
		with log_if_queue_fails(f"{reader.email} not notified"):
			enqueue_create_notification([reader.email], notification)


def notify_later(method: str, **arguments: object) -> None:
	"""Have *method*, which notifies, called by a worker after this transaction.

	What is told is stored already: where the queue cannot be reached nobody is notified, and that is logged.
	"""

	def enqueue() -> None:
		with log_if_queue_fails(f"nobody notified by {method}"):
			frappe.enqueue(method, queue="short", **arguments)

	frappe.db.after_commit.add(enqueue)
