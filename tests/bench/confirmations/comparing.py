"""Confirmations with an answer, without the round and the letter: what a comparison needs, and no more."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, now_datetime, nowdate
from openpyxl import Workbook

from client_ledger.confirmations import comparison, comparison_rows
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.lines import BookedLine
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY, CONFIRMATION_ROUND
from tests.bench import factories as f
from tests.bench.dunning.setting import make_debtor

COMPANY = f.COMPANY


def ago(days: int) -> str:
	return add_days(nowdate(), -days)


def gl_balance(customer: str, as_of: str, currency: str = f.CURRENCY) -> Decimal:
	"""What the General Ledger says that a customer owes, in the currency of the account."""
	rows = frappe.get_all(
		"GL Entry",
		{
			"party_type": "Customer",
			"party": customer,
			"company": COMPANY,
			"is_cancelled": 0,
			"posting_date": ("<=", as_of),
			"account_currency": currency,
		},
		["debit_in_account_currency", "credit_in_account_currency"],
		limit_page_length=0,
	)
	return sum(
		(as_money(row.debit_in_account_currency) - as_money(row.credit_in_account_currency) for row in rows),
		ZERO,
	)


def make_round(as_of: str) -> str:
	if name := frappe.db.get_value(CONFIRMATION_ROUND, {"company": COMPANY, "as_of": as_of}):
		return name
	doc = frappe.new_doc(CONFIRMATION_ROUND)
	doc.update(
		{
			"title": f"Round {as_of}",
			"company": COMPANY,
			"as_of": as_of,
			"period": "Month",
			"form": "Reply Either Way",
			"reply_by": add_days(nowdate(), 20),
			"sample": "All Customers",
		}
	)
	return doc.insert(ignore_permissions=True).name


def make_confirmation(customer: str, as_of: str | None = None, currency: str = f.CURRENCY) -> Document:
	"""Return a confirmation that has been sent and answered."""
	as_of = as_of or ago(5)
	make_debtor(customer)
	doc = frappe.new_doc(BALANCE_CONFIRMATION)
	doc.update(
		{
			"customer": customer,
			"customer_name": customer,
			"company": COMPANY,
			"currency": currency,
			"round": make_round(as_of),
			"as_of": as_of,
			"form": "Reply Either Way",
			"status": "Awaiting Reply",
			"reply_by": add_days(nowdate(), 20),
			"our_balance": float(gl_balance(customer, as_of, currency)),
			"stated_on": now_datetime(),
			"language": "en",
		}
	)
	doc.flags.by_action = True
	doc.flags.ignore_permissions = True
	return doc.insert()


def reply(confirmation: Document, answer: str = "Ledger Uploaded", **fields: Any) -> Document:
	"""Return an answer to a confirmation, the one that counts."""
	doc = frappe.new_doc(CONFIRMATION_REPLY)
	doc.update(
		{
			"confirmation": confirmation.name,
			"customer": confirmation.customer,
			"customer_name": confirmation.customer_name,
			"company": confirmation.company,
			"currency": confirmation.currency,
			"answer": answer,
			"state": "Counted",
			"replied_on": now_datetime(),
			"declared_name": "Wang Fang",
			"declared_position": "Chief Accountant",
			"origin": "Link",
			**fields,
		}
	)
	doc.flags.by_action = True
	doc.flags.ignore_permissions = True
	doc.insert()
	frappe.db.set_value(
		BALANCE_CONFIRMATION,
		confirmation.name,
		{
			"reply": doc.name,
			"replied_on": doc.replied_on,
			"replied_by": doc.declared_name,
			"replied_position": doc.declared_position,
			"status": "Differences",
		},
	)
	return doc


def upload(
	confirmation: Document, rows: Sequence[Sequence], name: str = "ledger.csv", **fields: Any
) -> Document:
	"""Return an answer with a ledger: (date, number, text, debit, credit), as the customer books it."""
	head = ("Date", "Document No", "Text", "Debit", "Credit")
	if name.endswith(".xlsx"):
		book, file = Workbook(), BytesIO()
		for row in (head, *rows):
			book.active.append([None if cell == "" else cell for cell in row])
		book.save(file)
		content = file.getvalue()
	else:
		content = "\n".join(";".join(str(cell) for cell in row) for row in (head, *rows)).encode()
	answer = reply(confirmation, file_name=name, **fields)
	stored = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{answer.name}-{name}",
			"is_private": 1,
			"content": content,
			"attached_to_doctype": CONFIRMATION_REPLY,
			"attached_to_name": answer.name,
		}
	).insert(ignore_permissions=True)
	frappe.db.set_value(CONFIRMATION_REPLY, answer.name, "file", stored.file_url)
	return answer


def row_of_line(line: BookedLine) -> tuple:
	"""Return a line of a generated ledger as its customer books it: what it owes is a credit."""
	number = line.number or " ".join(line.references)
	amount = f"{abs(line.amount)}"
	return (
		line.date.isoformat(),
		number,
		line.text,
		amount if line.amount < 0 else "",
		amount if line.amount > 0 else "",
	)


def invoice_row(invoice: Document, amount: float | None = None, number: str | None = None) -> tuple:
	"""Return an invoice as the customer books it."""
	value = invoice.grand_total if amount is None else amount
	return (str(invoice.posting_date), number or invoice.name, "Goods", "", value)


def payment_row(day: str | date, amount: float, number: str = "") -> tuple:
	return (str(getdate(day)), number, "Transfer", amount, "")


def compared(confirmation: Document, answer: Document | None = None) -> frappe._dict:
	"""Compare, check the identity against the General Ledger, and return the confirmation's figures."""
	comparison.compare(confirmation.name, answer.name if answer else None)
	confirmation.reload()
	figures = frappe._dict(comparison.figures_of(confirmation))
	part = comparison.stored_part(confirmation)
	assert not part.identity.unexplained
	assert part.identity.ours == gl_balance(
		confirmation.customer, str(confirmation.as_of), confirmation.currency
	)
	return figures


def differences(confirmation: Document) -> list[frappe._dict]:
	return comparison_rows.read(confirmation.name, difference_kind=("is", "set"))


def difference(confirmation: Document, kind: str | None = None, number: str | None = None) -> frappe._dict:
	"""Return the only difference, of a kind or of a number."""
	(found,) = (
		row
		for row in differences(confirmation)
		if kind in (None, row.difference_kind) and number in (None, row.number)
	)
	return found
