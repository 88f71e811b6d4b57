"""Rules and reasons that are shipped. They are made once: what an administrator deletes or changes stays so."""

import frappe

from client_ledger.collections.worklist import LABELS
from client_ledger.core.collections.worklist import DEFAULT_RULES, Measure
from client_ledger.core.marked import marked
from client_ledger.site.doctypes import COLLECTION_RULE, DISPUTE_REASON

# title, category, days to settle
REASONS = (
	(marked("Billing error"), "Billing Error", 5),
	(marked("Goods not or only partly delivered"), "Delivery", 7),
	(marked("Price or discount not as agreed"), "Price", 7),
	(marked("Invoice, order number or proof of delivery missing"), "Missing Document", 3),
	(marked("Goods or service faulty"), "Quality", 14),
	(marked("Another reason"), "Other", 7),
)
SCRIPTS = {
	"Broken promise": marked(
		"Name the promise: its amount and day. Ask what kept it from being paid, and when the money leaves their bank. "
		"Do not take a second promise on the same terms: ask for a part at once, or for an instalment plan."
	),
	"Promise due today": marked(
		"Thank them for the promise and ask whether the transfer has been made. If so, ask for its reference; if not, "
		"for the hour at which it will be."
	),
	"Oldest item over 60 days": marked(
		"Go through the oldest invoice first. Ask whether it has arrived, was accepted, and is released for payment; by "
		"whom and when. If anything is disputed, record it. Say what happens next: orders are held, then it is handed over."
	),
	"First overdue of a large customer": marked(
		"A courtesy call: ask whether the invoice has arrived and is in order, and when it is planned for payment."
	),
	"No contact for two weeks": marked(
		"Check who is responsible for payments by now and whether invoices reach them. Agree on a day."
	),
}


def make_rules() -> None:
	"""Make the shipped rules of the worklist; those whose title is taken are left alone."""
	for place, (title, (measure, minimum, points)) in enumerate(DEFAULT_RULES.items(), 1):
		if frappe.db.exists(COLLECTION_RULE, title):
			continue
		value = float(minimum)
		frappe.get_doc(
			{
				"doctype": COLLECTION_RULE,
				"title": title,
				"measure": LABELS[measure],
				"minimum": value * 100 if measure is Measure.LIMIT_UTILISATION else value,
				"points": points,
				"sequence": place * 10,
				"call_script": SCRIPTS.get(title),
			}
		).insert(ignore_permissions=True)


def make_reasons() -> None:
	"""Make the shipped reasons of disputes."""
	for reason, category, days in REASONS:
		if not frappe.db.exists(DISPUTE_REASON, reason):
			frappe.get_doc(
				{"doctype": DISPUTE_REASON, "reason": reason, "category": category, "days_to_settle": days}
			).insert(ignore_permissions=True)
