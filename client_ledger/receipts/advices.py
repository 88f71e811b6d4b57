"""Payments that customers announce: recorded, waited for, matched with their money, followed up where it does not come."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_fullname, getdate, now_datetime

from client_ledger.collections import announced, follow_ups
from client_ledger.core.money import as_money
from client_ledger.core.receipts.announced import OPEN_STATUSES, AdviceStatus
from client_ledger.receipts import advice_rows
from client_ledger.site.doctypes import COLLECTION_SETTINGS, REMITTANCE_ADVICE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.refresh_queue import mark_stale

ANNOUNCED, NOT_RECEIVED = AdviceStatus.ANNOUNCED.value, AdviceStatus.NOT_RECEIVED.value
WITHDRAWN = AdviceStatus.WITHDRAWN.value
SHOWN = 50


def announce(
	customer: str,
	company: str,
	currency: str,
	amount: Decimal | float,
	payment_date: date | str,
	reference: str = "",
	invoices: Mapping[str, Decimal | float | None] | None = None,
	declared_by: str = "",
) -> str:
	"""Record a payment that a customer announces; return the Remittance Advice's name.

	invoices: what is paid of each, in *currency*; nothing for all that is open of one. Without invoices those due first
	are taken. It asks for no permission: the caller has to. Raises frappe.ValidationError with what to change.
	"""
	doc = frappe.new_doc(REMITTANCE_ADVICE)
	doc.update(
		{
			"customer": customer,
			"company": company,
			"currency": currency,
			"amount": float(amount),
			"payment_date": payment_date,
			"reference": reference,
			"declared_by": (declared_by or "")[:140],
		}
	)
	for name, part in (invoices or {}).items():
		doc.append("invoices", {"sales_invoice": name, "amount": float(part or 0)})
	doc.flags.ignore_permissions = True
	return by_action(doc).insert(ignore_permissions=True).name


def withdraw(name: str, why: str = "") -> None:
	"""Take an announced payment back: reminders go on. Raises frappe.ValidationError once its money is there."""
	doc = frappe.get_doc(REMITTANCE_ADVICE, name, for_update=True)
	if doc.status not in (ANNOUNCED, NOT_RECEIVED):
		frappe.throw(filled(_("{0} is {1} and cannot be withdrawn."), bold(name), _(doc.status)))
	doc.update({"status": WITHDRAWN, "withdrawn_why": why or None, "pause_until": None})
	_save(doc)
	if doc.follow_up:
		follow_ups.withdraw(doc.follow_up, _("The announced payment was withdrawn."))


def of_customer(customer: str, company: str) -> list[dict]:
	"""Return what a customer has announced to a company, the newest first. It asks for no permission: the caller has to.

	Each: name, currency, amount, payment_date, reference, status, pause_until, received, matched_on, announced_on, declared_by,
	and invoices [{sales_invoice, amount}], those the customer has named.
	"""
	rows = frappe.get_all(
		REMITTANCE_ADVICE,
		{"customer": customer, "company": company},
		["name", "currency", "amount", "payment_date", "reference", "status", "pause_until", "received", "matched_on",
		 "announced_on", "declared_by"],
		order_by="announced_on desc, name desc",
		limit_page_length=SHOWN,
	)  # fmt: skip
	advice_rows.add_lines(rows)
	return [
		{
			**{name: value for name, value in row.items() if name != "lines"},
			"payment_date": str(row.payment_date),
			"announced_on": str(row.announced_on),
			"pause_until": str(row.pause_until) if row.pause_until else None,
			"matched_on": str(row.matched_on) if row.matched_on else None,
			"invoices": [
				{"sales_invoice": line.sales_invoice, "amount": line.amount}
				for line in row.lines
				if not line.is_assumed
			],
		}
		for row in rows
	]


def prepare(doc: Document) -> None:
	"""Check a new announced payment and fill it in. Raises frappe.ValidationError with what to change."""
	today = getdate()
	frappe.db.get_value("Customer", doc.customer, "name", for_update=True)
	advice_rows.check_payment(doc, today)
	advice_rows.fill_in(doc)
	days = cint(frappe.get_cached_doc(COLLECTION_SETTINGS).advice_days)
	doc.update(
		{
			"status": ANNOUNCED,
			"announced_on": now_datetime(),
			"declared_by": doc.declared_by or get_fullname(),
			"responsible": doc.responsible
			or follow_ups.collector_of(doc.customer, doc.company)
			or fallback_responsible(),
			"pause_until": advice_rows.pause_end(doc, today, days),
			"received": 0,
		}
	)


def fallback_responsible() -> str | None:
	"""Return who looks after receipts where no collector is known."""
	return frappe.get_cached_doc(COLLECTION_SETTINGS).receipts_responsible or None


def running_total(customer: str, company: str) -> Decimal:
	"""Return what a customer has announced that has not come yet, whatever its currency may be."""
	rows = announced.stored([customer], (ANNOUNCED,))
	return sum((as_money(row.amount) for row in rows if row.company == company), Decimal(0))


def check_unchanged(doc: Document) -> None:
	"""Refuse that what was announced is changed. Raises frappe.ValidationError."""
	before = doc.get_doc_before_save()
	if before and advice_rows.said(before) != advice_rows.said(doc):
		frappe.throw(
			_("An announced payment cannot be changed. Withdraw it and record what the customer says now.")
		)


def _save(doc: Document) -> None:
	doc.flags.ignore_permissions = True
	by_action(doc).save(ignore_permissions=True)
	mark_stale([doc.customer])


def open_statuses() -> list[str]:
	"""Return the statuses of which something may still become."""
	return [status.value for status in OPEN_STATUSES]
