"""Frappe's own Notification about grave warnings, made once and not enabled: its channel, text and conditions are for the site to choose.

Early Warning is a document like any other: Webhooks, Slack, SMS and Server Scripts see it too.
"""

import frappe

from client_ledger.core.marked import marked
from client_ledger.site.doctypes import EARLY_WARNING
from client_ledger.site.language import in_site_language

TITLE = marked("Early Warning of High Severity")
SUBJECT = marked("Early warning: {0}")
MESSAGE = marked("{0} ({1}): {2} Proposed: {3}.")


def make_notification() -> None:
	"""Make it, unless its name is taken: new warnings of high severity, to whoever is responsible, on the desk."""
	name = in_site_language(TITLE)
	if frappe.db.exists("Notification", name):
		return
	doc = frappe.new_doc("Notification")
	doc.update(
		{
			"name": name,
			"enabled": 0,
			"is_standard": 0,
			"channel": "System Notification",
			"document_type": EARLY_WARNING,
			"event": "New",
			"condition": 'doc.severity == "High"',
			"subject": in_site_language(SUBJECT).format("{{ doc.customer_name or doc.company }}"),
			"message_type": "Markdown",
			"message": in_site_language(MESSAGE).format(
				"{{ doc.customer_name or doc.company }}",
				"{{ _(doc.signal_name) }}",
				"{{ doc.reason }}",
				"{{ _(doc.proposed_action) }}",
			),
		}
	)
	doc.append("recipients", {"receiver_by_document_field": "responsible"})
	doc.insert(ignore_permissions=True)


def delete_notifications() -> None:
	"""Delete every Notification about early warnings, those of the site too: without the app they would be about nothing."""
	for name in frappe.get_all(
		"Notification", {"document_type": EARLY_WARNING}, pluck="name", order_by="name"
	):
		frappe.delete_doc("Notification", name, force=True, ignore_permissions=True, delete_permanently=True)
