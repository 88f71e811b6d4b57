"""Write-offs on a site: requested by one person, approved by another, posted as ERPNext's own journal entry."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from client_ledger.collections import cases
from client_ledger.collections import items as open_items
from client_ledger.collections.write_off_lines import WriteOffBook, WriteOffLine
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.site.doctypes import ESCALATION_CASE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

JOURNAL = "Journal Entry"
# Amounts are zero up to this.
_NOTHING = Decimal("0.005")


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
	total, book = ZERO, WriteOffBook(doc.customer, doc.company)
	for row in doc.items:
		left = as_money(flt(row.amount))
		for item in open_items.matching(open_items.key_of(row), found):
			for line in book.lines(item, min(left, item.outstanding)):
				total += _credit(journal, line, item, doc)
				left -= line.amount
		if left:
			_throw_elsewhere(row.voucher_no)
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
	_check_cleared(doc, found)
	return journal.name


def _check_cleared(doc: Document, before: Sequence[OpenItem]) -> None:
	"""Raise frappe.ValidationError unless the ledger shows each voucher less what was written off of it."""
	after = open_items.open_items(doc.customer, doc.company)
	for voucher in {open_items.key_of(row).voucher for row in doc.items}:
		was, left = (
			sum((item.outstanding for item in items if item.voucher == voucher), ZERO)
			for items in (before, after)
		)
		rows = [row for row in doc.items if open_items.key_of(row).voucher == voucher]
		if abs(was - left - sum(as_money(flt(row.amount)) for row in rows)) >= _NOTHING:
			_throw_elsewhere(voucher.name)


def _throw_elsewhere(name: str) -> NoReturn:
	frappe.throw(
		filled(
			_(
				"{0} cannot be written off by itself: other entries moved it to another account together with other"
				" items. Reconcile it in Payment Reconciliation first, or write off all of what was moved."
			),
			bold(name),
		)
	)


def _credit(journal: Document, line: WriteOffLine, item: OpenItem, doc: Document) -> Decimal:
	"""Add the line that clears a part of an item; return it in company currency."""
	base = as_money(flt(float(line.amount * line.rate), 2))
	is_itself = line.voucher == item.voucher
	journal.append(
		"accounts",
		{
			"account": line.account,
			"party_type": "Customer",
			"party": doc.customer,
			"account_currency": item.currency,
			"exchange_rate": float(line.rate),
			"credit_in_account_currency": float(line.amount),
			"credit": float(base),
			"cost_center": doc.cost_center,
			"reference_type": line.voucher.doctype,
			"reference_name": line.voucher.name,
			"reference_due_date": item.due_date if item.term and is_itself else None,
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
