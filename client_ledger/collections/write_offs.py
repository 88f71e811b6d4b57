"""Write-offs on a site: requested by one person, approved by another, posted as ERPNext's own journal entry."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from client_ledger.collections import cases
from client_ledger.collections import items as open_items
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.site.doctypes import ESCALATION_CASE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

JOURNAL = "Journal Entry"


def prepare(doc: Document) -> None:
	"""Check a request and fill it in. Raises frappe.ValidationError with what to change."""
	open_items.fill_in(doc)
	open_items.total(doc)
	company = frappe.get_cached_doc("Company", doc.company)
	doc.write_off_account = doc.write_off_account or company.write_off_account
	doc.cost_center = doc.cost_center or company.cost_center
	if not doc.write_off_account:
		frappe.throw(
			filled(
				_("{0} has no write-off account. Select one here or set it in the company."),
				bold(doc.company),
			)
		)
	for field, doctype in (("write_off_account", "Account"), ("cost_center", "Cost Center")):
		if doc.get(field) and frappe.get_cached_value(doctype, doc.get(field), "company") != doc.company:
			frappe.throw(filled(_("{0} does not belong to company {1}."), bold(doc.get(field)), doc.company))
	if getdate(doc.posting_date) > getdate():
		frappe.throw(filled(_("{0} cannot be in the future."), _("Posting Date")))


def post(doc: Document) -> str:
	"""Post the journal entry of an approved request; return its name. Posts once, whoever submits it when."""
	if frappe.db.get_value(doc.doctype, doc.name, "journal_entry", for_update=True):
		frappe.throw(filled(_("{0} has already been posted."), bold(doc.name)))
	found = open_items.open_items(doc.customer, doc.company)
	journal = frappe.new_doc(JOURNAL)
	journal.update(
		{
			"voucher_type": "Write Off Entry",
			"company": doc.company,
			"posting_date": doc.posting_date,
			"user_remark": f"{doc.name}: {doc.reason}",
			"multi_currency": int(
				doc.currency != frappe.get_cached_value("Company", doc.company, "default_currency")
			),
		}
	)
	total = ZERO
	for row in doc.items:
		left = as_money(flt(row.amount))
		for item in open_items.matching(open_items.key_of(row), found):
			part = min(left, item.outstanding)
			if part > 0:
				total += _credit(journal, item, part, doc)
				left -= part
	journal.append(
		"accounts",
		{
			"account": doc.write_off_account,
			"cost_center": doc.cost_center,
			"debit_in_account_currency": float(total),
			"debit": float(total),
			"exchange_rate": 1,
		},
	)
	journal.flags.ignore_permissions = True
	journal.insert()
	journal.submit()
	return journal.name


def _credit(journal: Document, item: OpenItem, part: Decimal, doc: Document) -> Decimal:
	"""Add the line that clears a part of an item; return it in company currency."""
	rate = item.base_outstanding / item.outstanding
	base = as_money(flt(float(part * rate), 2))
	journal.append(
		"accounts",
		{
			"account": item.account,
			"party_type": "Customer",
			"party": doc.customer,
			"account_currency": item.currency,
			"exchange_rate": float(rate),
			"credit_in_account_currency": float(part),
			"credit": float(base),
			"cost_center": doc.cost_center,
			"reference_type": item.voucher.doctype,
			"reference_name": item.voucher.name,
			"reference_due_date": item.due_date if item.term else None,
		},
	)
	return base


def posted(doc: Document) -> None:
	"""Link the journal entry, and end the case it was for."""
	doc.db_set("journal_entry", post(doc))
	if doc.escalation_case:
		frappe.db.set_value(ESCALATION_CASE, doc.escalation_case, "write_off", doc.name)
		if frappe.db.get_value(ESCALATION_CASE, doc.escalation_case, "status") in cases.LIVE:
			case = frappe.get_doc(ESCALATION_CASE, doc.escalation_case)
			case.flags.ignore_permissions = True
			case.update({"status": cases.WRITTEN_OFF, "closed_on": getdate()})
			by_action(case).save()


def take_back(doc: Document) -> None:
	"""Cancel the journal entry of a request that is cancelled."""
	if doc.journal_entry and frappe.db.get_value(JOURNAL, doc.journal_entry, "docstatus") == 1:
		journal = frappe.get_doc(JOURNAL, doc.journal_entry)
		journal.flags.ignore_permissions = True
		journal.cancel()
