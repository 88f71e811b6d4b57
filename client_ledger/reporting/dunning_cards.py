"""Number cards about dunning: of one company, over the notices the user may see."""

import frappe

from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.access import default_company
from client_ledger.site.doctypes import LEDGER_NOTICE


@frappe.whitelist(methods=["GET", "POST"])
def failed(filters: dict | list | str | None = None) -> dict:
	"""Return how many messages failed and are still to go out."""
	frappe.has_permission(LEDGER_NOTICE, "read", throw=True)
	asked = frappe.parse_json(filters) or {}
	company = (asked.get("company") if isinstance(asked, dict) else None) or default_company()
	wanted = {"status": NoticeStatus.FAILED.value, **({"company": company} if company else {})}
	names = frappe.get_list(LEDGER_NOTICE, wanted, pluck="name", order_by="name", limit_page_length=0)
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["dunning-exceptions"],
		"route_options": {"company": company},
	}
