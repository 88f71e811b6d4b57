"""Rules and reasons that are shipped. They are made once: what an administrator deletes or changes stays so."""

import frappe

from client_ledger.collections.worklist import LABELS
from client_ledger.core.collections.worklist import DEFAULT_RULES, Measure
from client_ledger.core.marked import marked
from client_ledger.site.doctypes import COLLECTION_RULE, DISPUTE_REASON
from client_ledger.site.language import in_site_language

# title, category, days to settle
REASONS = (
	(marked("Billing Error"), "Billing Error", 5),
	(marked("Goods Not or Partly Delivered"), "Delivery", 7),
	(marked("Price or Discount Not as Agreed"), "Price", 7),
	(marked("Missing Invoice, Order Number or Proof of Delivery"), "Missing Document", 3),
	(marked("Faulty Goods or Service"), "Quality", 14),
	(marked("Other Reason"), "Other", 7),
)
SCRIPTS = {
	"Broken Promise": marked(
		"State the amount and date of the broken promise. Ask why it was not paid and when the transfer will "
		"be made. Do not accept a second promise on the same terms: ask for a part payment now or agree on "
		"an instalment plan."
	),
	"Promise Due Today": marked(
		"Thank the customer for the promise and ask whether the transfer has been made. If so, ask for its "
		"reference; if not, ask at what time today it will be made."
	),
	"Oldest Item over 60 Days": marked(
		"Start with the oldest invoice. Ask whether it was received and accepted, and who releases it for "
		"payment and when. Record any dispute. Explain the next steps: orders are put on hold, then the case "
		"is referred to a lawyer or collection agency."
	),
	"First Overdue of a Large Customer": marked(
		"Courtesy call: ask whether the invoice was received and is correct, and when payment is planned."
	),
	"No Contact for Two Weeks": marked(
		"Check who is now responsible for payments and whether invoices reach them. Agree on a payment date."
	),
}


def make_rules() -> None:
	"""Make the shipped rules of the worklist; those whose title is taken are left alone."""
	for place, (title, (measure, minimum, points)) in enumerate(DEFAULT_RULES.items(), 1):
		name = in_site_language(title)
		if frappe.db.exists(COLLECTION_RULE, name):
			continue
		value = float(minimum)
		frappe.get_doc(
			{
				"doctype": COLLECTION_RULE,
				"title": name,
				"measure": LABELS[measure],
				"minimum": value * 100 if measure is Measure.LIMIT_UTILISATION else value,
				"points": points,
				"sequence": place * 10,
				"call_script": in_site_language(SCRIPTS.get(title, "")),
			}
		).insert(ignore_permissions=True)


def make_reasons() -> None:
	"""Make the shipped reasons of disputes."""
	for reason, category, days in REASONS:
		name = in_site_language(reason)
		if not frappe.db.exists(DISPUTE_REASON, name):
			frappe.get_doc(
				{"doctype": DISPUTE_REASON, "reason": name, "category": category, "days_to_settle": days}
			).insert(ignore_permissions=True)
