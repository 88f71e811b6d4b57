"""How long messages to robots are kept: Frappe's Log Settings say so. What still waits for an answer or for a person stays."""

import frappe
from frappe.utils import add_to_date, now_datetime

from client_ledger.group_robots.deliveries import FAILED, SENT, WITHDRAWN
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import ROBOT_DELIVERY

# Of the others it is not known whether they arrived, or they are still to go out.
OVER = (SENT, FAILED, WITHDRAWN)
AT_ONCE = 1000


def clear(days: int) -> int:
	"""Delete the messages that ended more than *days* ago; return how many."""
	names = frappe.get_all(
		ROBOT_DELIVERY,
		{"status": ("in", OVER), "modified": ("<", add_to_date(now_datetime(), days=-days))},
		pluck="name",
		order_by="name",
	)
	for some in chunks(names, AT_ONCE):
		frappe.db.delete("Comment", {"reference_doctype": ROBOT_DELIVERY, "reference_name": ("in", some)})
		frappe.db.delete(ROBOT_DELIVERY, {"name": ("in", some)})
	return len(names)
