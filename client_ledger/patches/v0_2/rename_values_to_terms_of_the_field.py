"""Stored values and shipped records take the terms of ERPNext and of credit management: Hand-over is Referral, E-mail Email."""

import frappe

from client_ledger.patches.renames import rename_record, rename_value

VALUES = (
	("Dunning Policy Step", "channel", "E-mail", "Email"),
	("Ledger Notice", "channel", "E-mail", "Email"),
	("Follow Up", "channel", "E-mail", "Email"),
	("Promise to Pay", "channel", "E-mail", "Email"),
	("Dunning Policy Step", "channel", "Hand-over", "Referral"),
	("Ledger Notice", "channel", "Hand-over", "Referral"),
	("Escalation Case", "status", "Handed Over", "Referred"),
	("Escalation Case", "state", "Handed Over", "Referred"),
	("Follow Up", "outcome", "Handed Over", "Referred"),
	("Follow Up", "source", "Hand", "Manual"),
	("Credit Assessment", "source", "By Hand", "Manual"),
	("Credit Assessment", "status", "In Force", "Active"),
	("Client Account", "behaviour_segment", "Long in Arrears", "Chronically Late"),
	("Dunning Policy Scope", "segment", "Long in Arrears", "Chronically Late"),
	("Credit Rule", "rule_type", "Host Overdue Limit", "ERPNext Overdue Limit"),
	("Ledger Dispute", "status", "Short Paid", "Short Payment Accepted"),
	("Ledger Dispute", "state", "Short Paid", "Short Payment Accepted"),
	("Promise to Pay", "status", "Settled Otherwise", "Settled by Other Means"),
	("Promise to Pay", "state", "Settled Otherwise", "Settled by Other Means"),
	("Promise Instalment", "status", "Settled Otherwise", "Settled by Other Means"),
	("Promise Instalment", "state", "Settled Otherwise", "Settled by Other Means"),
	("Promise to Pay", "status", "Running", "Open"),
	("Promise to Pay", "state", "Running", "Open"),
	("Promise Instalment", "status", "Running", "Open"),
	("Promise Instalment", "state", "Running", "Open"),
	("Collection Rule", "measure", "Amount to Chase", "Collectable Overdue"),
	("Ledger Notice", "kind", "Thanks", "Acknowledgement"),
	("Ledger Notice", "reason", "No Outgoing E-mail Account", "No Outgoing Email Account"),
	("Ledger Notice", "reason", "In Doubt", "Delivery Unknown"),
	("Ledger Notice", "reason", "Covered by Receipts", "Covered by Payments"),
	("Ledger Notice Item", "withheld", "Covered by Receipts", "Covered by Payments"),
	("Ledger Notice", "reason", "Covered by a Bank Receipt", "Covered by Bank Receipt"),
	("Ledger Notice Item", "withheld", "Covered by a Bank Receipt", "Covered by Bank Receipt"),
	("Ledger Notice", "reason", "Under the Minimum", "Below Minimum Amount"),
	("Ledger Notice Item", "withheld", "Under the Minimum", "Below Minimum Amount"),
	("Ledger Notice", "reason", "Contact Budget", "Contact Limit"),
	("Ledger Notice", "reason", "Too Soon after the Last Message", "Too Soon After Last Notice"),
	("Ledger Notice", "reason", "Outside Hours", "Outside Contact Hours"),
	("Credit Rule", "rule_type", "Grade", "Credit Grade"),
	("Collection Rule", "measure", "Days Since Contact", "Days Since Last Contact"),
	("Collection Rule", "measure", "Follow-up Due", "Follow Up Due"),
	("Follow Up", "outcome", "Will Not Pay", "Refuses to Pay"),
	("Escalation Case", "kind", "Agency", "Collection Agency"),
	("Ledger Notice", "reason", "Blocked", "Dunning Blocked"),
	("Ledger Notice Item", "withheld", "Blocked", "Dunning Blocked"),
	("Ledger Notice", "reason", "Not Delivered", "Delivery Failed"),
)
# Settings are rows of tabSingles.
SETTINGS = (("Collection Settings", "sees", "Own Customers", "Assigned Customers Only"),)
RECORDS = (
	("Credit Rule", "Host Overdue Limit", "ERPNext Overdue Limit"),
	("Collection Rule", "Broken promise", "Broken Promise"),
	("Collection Rule", "Promise due today", "Promise Due Today"),
	("Collection Rule", "Follow-up due", "Follow Up Due"),
	("Collection Rule", "Oldest item over 60 days", "Oldest Item over 60 Days"),
	("Collection Rule", "Oldest item over 30 days", "Oldest Item over 30 Days"),
	("Collection Rule", "First overdue of a large customer", "First Overdue of a Large Customer"),
	("Collection Rule", "Dunned twice or more", "Dunned Twice or More"),
	("Collection Rule", "Limit nearly used", "High Limit Utilisation"),
	("Collection Rule", "Grade D or worse", "Grade D or E"),
	("Collection Rule", "No contact for two weeks", "No Contact for Two Weeks"),
	("Dispute Reason", "Billing error", "Billing Error"),
	("Dispute Reason", "Goods not or only partly delivered", "Goods Not or Partly Delivered"),
	("Dispute Reason", "Price or discount not as agreed", "Price or Discount Not as Agreed"),
	(
		"Dispute Reason",
		"Invoice, order number or proof of delivery missing",
		"Missing Invoice, Order Number or Proof of Delivery",
	),
	("Dispute Reason", "Goods or service faulty", "Faulty Goods or Service"),
	("Dispute Reason", "Another reason", "Other Reason"),
	("Credit Rule", "Grade", "Credit Grade"),
	("Email Template", "Client Ledger: Thanks (en)", "Client Ledger: Payment Acknowledgement (en)"),
	("Email Template", "Client Ledger: Thanks (zh)", "Client Ledger: Payment Acknowledgement (zh)"),
)


def execute() -> None:
	for doctype, field, old, new in VALUES:
		rename_value(doctype, field, old, new)
	for doctype, field, old, new in SETTINGS:
		if frappe.db.get_single_value(doctype, field) == old:
			frappe.db.set_single_value(doctype, field, new, update_modified=False)
	for doctype, old, new in RECORDS:
		if frappe.db.get_value(doctype, old, "name") == old:
			_rename(doctype, old, new)


def _rename(doctype: str, old: str, new: str) -> None:
	"""Rename a record; by way of another name, because MariaDB takes names that differ only in case for the same."""
	if old.lower() == new.lower():
		rename_record(doctype, old, f"{old} (renamed)")
		old = f"{old} (renamed)"
	rename_record(doctype, old, new)
