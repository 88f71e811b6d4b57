"""When customers were contacted before, over all channels and users."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import getdate

# What a Communication says of a mail that reached nobody.
UNDELIVERED = ("Error", "Bounced", "Soft-Bounced", "Hard-Bounced", "Rejected", "Expired")


def contact_days(customers: Sequence[str], since: date) -> dict[str, list[date]]:
	"""Return the days *customers* were contacted on since *since*, over all channels and users.

	What reached nobody is no contact.
	"""
	communication, link = frappe.qb.DocType("Communication"), frappe.qb.DocType("Communication Link")
	outgoing = (
		(communication.sent_or_received == "Sent")
		& (communication.communication_type == "Communication")
		& (communication.communication_date >= since)
		& (communication.delivery_status.isnull() | communication.delivery_status.notin(UNDELIVERED))
	)
	direct = (
		frappe.qb.from_(communication)
		.select(communication.reference_name, communication.name, communication.communication_date)
		.where(outgoing & (communication.reference_doctype == "Customer"))
		.where(communication.reference_name.isin(customers))
	).run()
	linked = (
		frappe.qb.from_(communication)
		.join(link)
		.on(link.parent == communication.name)
		.select(link.link_name, communication.name, communication.communication_date)
		.where(outgoing & (link.link_doctype == "Customer") & link.link_name.isin(customers))
	).run()
	found: dict[str, dict[str, date]] = {}
	for customer, name, moment in (*direct, *linked):
		found.setdefault(customer, {})[name] = getdate(moment)
	return {customer: sorted(days.values()) for customer, days in found.items()}
