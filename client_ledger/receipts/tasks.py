"""Money without an invoice as somebody's task: assigned once, closed when the money has found its invoice."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, getdate

from client_ledger.collections import assignment
from client_ledger.receipts.statuses import UNKNOWN


def sync(doc: Document) -> None:
	"""Assign a receipt whose invoices nobody knows to its responsible; end the task of any other."""
	before = doc.get_doc_before_save()
	was_open = bool(before and before.status in UNKNOWN)
	is_open = doc.status in UNKNOWN
	if not is_open:
		if was_open:
			assignment.close(doc.doctype, doc.name)
	elif was_open:
		assignment.sync_assignment(doc, _subject(doc), getdate())
	elif doc.responsible and frappe.db.get_value("User", doc.responsible, "enabled"):
		assignment.assign(doc.doctype, doc.name, doc.responsible, _subject(doc), date=getdate())


def _subject(doc: Document) -> str:
	who = doc.customer_name or doc.customer or doc.payer_name or doc.receipt
	return _("Receipt without invoice: {0} of {1}").format(fmt_money(doc.amount, currency=doc.currency), who)
