"""Notes on a customer, written while one works on it: Frappe's comments, on the customer's own timeline."""

from html import unescape

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname, strip_html_tags

from client_ledger.site.messages import filled

_SHOWN = 5


def add(customer: str, note: str) -> None:
	"""Put a note on the customer's timeline. Raises frappe.ValidationError without a text."""
	if not (note or "").strip():
		frappe.throw(filled(_("{0} is required."), _("Note")))
	lines = escape_html(note.strip()).splitlines()
	frappe.get_doc("Customer", customer).add_comment("Comment", "<br>".join(lines))


def of_customer(customer: str) -> list[dict]:
	"""Return the newest notes on a customer: text, by whom, when. The caller has checked that the user may read it."""
	rows = frappe.get_all(
		"Comment",
		{"reference_doctype": "Customer", "reference_name": customer, "comment_type": "Comment"},
		["content", "owner", "creation"],
		order_by="creation desc",
		limit=_SHOWN,
	)
	return [
		{
			"text": unescape(strip_html_tags((row.content or "").replace("<br>", "\n"))).strip()[:500],
			"by": get_fullname(row.owner),
			"on": str(row.creation),
		}
		for row in rows
	]
