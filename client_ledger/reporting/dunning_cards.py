"""Number cards about dunning: of one company, over the notices the user may see."""

import frappe

from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.reporting.scope import CardCompany
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.requirements import Right, requires


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(LEDGER_NOTICE), CardCompany())
def failed(filters: dict | list | str | None = None) -> dict:
	"""Return how many messages failed and are still to go out."""
	company = filters["company"]
	wanted = {"status": NoticeStatus.FAILED.value, "company": company}
	names = frappe.get_list(LEDGER_NOTICE, wanted, pluck="name", order_by="name", limit_page_length=0)
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["dunning-exceptions"],
		"route_options": {"company": company},
	}
