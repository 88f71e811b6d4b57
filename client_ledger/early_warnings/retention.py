"""How long digests are kept: Frappe's Log Settings say so. What was told is known from them, so one about a warning that runs stays."""

import json

import frappe
from frappe.utils import add_to_date, now_datetime

from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import EARLY_WARNING, WARNING_DIGEST_ISSUE

AT_ONCE = 1000


def clear_issues(days: int) -> int:
	"""Delete the digests of more than *days* ago all of whose warnings have ended; return how many."""
	running = set(frappe.get_all(EARLY_WARNING, {"ended_on": ("is", "not set")}, pluck="name"))
	old = frappe.get_all(
		WARNING_DIGEST_ISSUE,
		{"issued_on": ("<", add_to_date(now_datetime(), days=-days))},
		["name", "names"],
		order_by="name",
	)
	names = [row.name for row in old if running.isdisjoint(json.loads(row.names or "[]"))]
	for some in chunks(names, AT_ONCE):
		frappe.db.delete(WARNING_DIGEST_ISSUE, {"name": ("in", some)})
	return len(names)
