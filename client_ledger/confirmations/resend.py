"""An invoice that the customer says it does not have, sent again with proof of delivery: a message of the outbox, sent once.

row -> Ledger Notice of kind Document with its invoices -> PDFs by ERPNext's print formats: invoice, delivery note and what is
attached to that (a signed slip, a photo) -> mail. What went along is kept as private files of the message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, formatdate, getdate, now_datetime

from client_ledger.confirmations import resend_files, step_status
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Budget, Circumstances, Verdict, can_send
from client_ledger.outbox import dispatch, notice_rows
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.outbox.outgoing import Letter, Outgoing, Prepared, SendDecision, Unrenderable, Withheld
from client_ledger.site.contacts import Customer, read_customers
from client_ledger.site.doctypes import LEDGER_NOTICE, LEDGER_NOTICE_ITEM
from client_ledger.site.language import site_language, spoken
from client_ledger.statements.style import site_style

DOCUMENT = "Document"
TEMPLATE = "client_ledger/templates/document_notice.html"
SUPERSEDED = Verdict(WithholdReason.SUPERSEDED)
NEVER_SENT = (NoticeStatus.SKIPPED.value, NoticeStatus.CANCELLED.value)


def order(confirmation: Document, invoices: Sequence[str], line: str) -> str:
	"""Have invoices sent again because of a line; return the notice's name, that of the one there is already where there is.

	It goes out by the workers after this transaction. One that did not go out for good may be followed by another.
	"""
	told = f"{DOCUMENT}|{confirmation.name}|{line}|{'|'.join(sorted(invoices))}"
	place, key = 1, digest(told)
	while found := frappe.db.get_value(LEDGER_NOTICE, {"notice_key": key}, ["name", "status"], as_dict=True):
		if found.status not in NEVER_SENT:
			return found.name
		place += 1
		key = digest(f"{told}|{place}")
	now = now_datetime()
	name = frappe.generate_hash(length=10)
	items = [_item(invoice) for invoice in invoices]
	row = {
		"name": name,
		"kind": DOCUMENT,
		"confirmation": confirmation.name,
		"customer": confirmation.customer,
		"customer_name": confirmation.customer_name,
		"company": confirmation.company,
		"currency": confirmation.currency,
		"total": sum(item["outstanding"] for item in items),
		"base_total": sum(item["base_outstanding"] for item in items),
		"status": NoticeStatus.APPROVED.value,
		"channel": Channel.EMAIL.value,
		"step_name": DOCUMENT,
		"as_of": getdate(confirmation.as_of),
		"planned_on": now,
		"approved_on": now,
		"approved_by": frappe.session.user,
		"notice_key": key,
		"open_key": open_key((DOCUMENT, key)),
	}
	notice_rows.insert([row], {name: items})
	frappe.db.after_commit.add(lambda: dispatch.send_in_ranges([name], now))
	return name


def _item(invoice: str) -> dict[str, Any]:
	fields = ["due_date", "party_account_currency", "currency", "outstanding_amount", "conversion_rate"]
	row = frappe.db.get_value("Sales Invoice", invoice, fields, as_dict=True)
	rate = flt(row.conversion_rate) if row.party_account_currency == row.currency else 1
	return {
		"voucher_type": "Sales Invoice",
		"voucher_no": invoice,
		"due_date": row.due_date,
		"currency": row.party_account_currency or row.currency,
		"outstanding": flt(row.outstanding_amount),
		"base_outstanding": flt(row.outstanding_amount) * (rate or 1),
	}


@dataclass(frozen=True, kw_only=True)
class DocumentMessage(Outgoing):
	"""Documents that may go out. invoices: those that are still submitted."""

	invoices: tuple[str, ...]


class DocumentNotices(NoticeKind[DocumentMessage]):
	"""Invoices sent again with proof of delivery."""

	def decide(self, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what becomes of *rows*: an invoice that was cancelled meanwhile is not sent."""
		people = read_customers(sorted({row.customer for row in rows}))
		for row in rows:
			customer, invoices = people.get(row.customer), _submitted(row.name)
			if not customer or not invoices:
				yield Withheld(row, SUPERSEDED)
				continue
			verdict = can_send(Channel.EMAIL, _circumstances(customer), aware(self.now))
			if not verdict.sends:
				yield Withheld(row, verdict)
				continue
			try:
				yield self._written(row, customer, invoices)
			except Exception as error:
				yield Unrenderable(row, error)

	def _written(self, row: NoticeRow, customer: Customer, invoices: tuple[str, ...]) -> DocumentMessage:
		return DocumentMessage(
			row=row,
			channel=Channel.EMAIL,
			letter=_letter(row, customer, invoices),
			day=self.day(row, self.now),
			now=self.now,
			recipient=customer.addressee.email,
			invoices=invoices,
		)

	def prepare(self, outgoing: DocumentMessage) -> Prepared:
		"""Make the PDFs that go along; what is attached to a delivery note goes as it is."""
		made = resend_files.make(outgoing.row.name, outgoing.invoices, outgoing.letter.language)
		return Prepared({}, [{"fid": fid} for fid in made])

	def taken_back(self, row: NoticeRow) -> Mapping[str, Any]:
		"""Delete the files of a message that did not leave."""
		resend_files.delete(row.name)
		return {}

	def preview(self, row: NoticeRow) -> dict[str, Any]:
		"""Return the mail as it would read now."""
		customer = read_customers([row.customer])[row.customer]
		letter = _letter(row, customer, _submitted(row.name))
		return {
			"subject": letter.subject,
			"message": letter.html,
			"to": customer.addressee.email,
			"language": letter.language,
			"step": DOCUMENT,
			"fee": 0,
			"interest": 0,
		}

	@classmethod
	def recipient_key(cls, row: Mapping[str, Any]) -> tuple[str, ...]:
		"""Documents wait for nobody: each goes out once, beside whatever else the customer gets."""
		return DOCUMENT, row["notice_key"] or row["name"]


def _submitted(notice: str) -> tuple[str, ...]:
	names = frappe.get_all(
		LEDGER_NOTICE_ITEM,
		{"parent": notice, "parenttype": LEDGER_NOTICE},
		pluck="voucher_no",
		order_by="idx",
	)
	found = set(
		frappe.get_all("Sales Invoice", {"name": ("in", names or [""]), "docstatus": 1}, pluck="name")
	)
	return tuple(name for name in names if name in found)


def _circumstances(customer: Customer) -> Circumstances:
	# A person sends it, about something that the customer itself has asked: who has unsubscribed gets it nevertheless.
	return Circumstances(
		hours=Hours(),
		budget=Budget(),
		has_address=bool(customer.addressee.email),
		disabled=customer.disabled,
	)


def _letter(row: NoticeRow, customer: Customer, invoices: Sequence[str]) -> Letter:
	language = customer.language or site_language()
	with spoken(language):
		style = site_style()
		subject = _("Documents that are missing in your ledger: {0}").format(", ".join(invoices))
		fields = ["name", "posting_date", "due_date", "grand_total", "currency", "is_return"]
		found = frappe.get_all(
			"Sales Invoice", {"name": ("in", list(invoices))}, fields, order_by="posting_date, name"
		)
		html = frappe.get_template(TEMPLATE).render(
			{
				"greeting": _("Dear {0},").format(customer.addressee.full_name or customer.customer_name),
				"company": row.company,
				"as_of": formatdate(row.as_of),
				"documents": [
					{
						"name": one.name,
						"label": _("Credit Note") if one.is_return else _("Invoice"),
						"date": style.day(one.posting_date),
						"amount": style.money(one.grand_total, one.currency),
						"deliveries": ", ".join(resend_files.deliveries_of(one.name)),
					}
					for one in found
				],
			}
		)
	return Letter(subject[:140], html, language)


def mirror(notice: str) -> None:
	"""End the differences that a document sent again was the step of. Called in the transaction that changes the message."""
	row = frappe.db.get_value(LEDGER_NOTICE, notice, ["kind", "status"], as_dict=True)
	if row and row.kind == DOCUMENT and row.status == NoticeStatus.SENT.value:
		step_status.document_changed(LEDGER_NOTICE, notice)
