"""Formal reminders: ERPNext's own Dunning, submitted, with the fee and interest of the step."""

import frappe
from erpnext.accounts.doctype.dunning.dunning import get_dunning_letter_text
from frappe import _
from frappe.utils import flt

from client_ledger.core.dunning.plan import Notice
from client_ledger.dunning.letters.charges import DunningRow, dunning_rows
from client_ledger.dunning.sending.dunning_message import DunningMessage

SAVEPOINT = "cl_dunning"


def make_dunning(message: DunningMessage) -> str | None:
	"""Make and submit ERPNext's Dunning for a formal notice; return its name, None where it has no invoice for it.

	ERPNext's Dunning holds invoices in one currency, which an account's currency need not be.
	"""
	rows = dunning_rows(message.notice, message.day)
	if not rows:
		return None
	dunning = frappe.new_doc("Dunning")
	dunning.update(
		{
			"customer": message.row.customer,
			"customer_name": message.customer.customer_name,
			"company": message.row.company,
			"posting_date": message.day,
			"currency": message.row.currency,
			"conversion_rate": _rate(message.notice),
			# Of a type, ERPNext would fetch the fee again where there is none.
			"dunning_type": None if message.row.waive_charges else message.charges.dunning_type,
			"dunning_fee": flt(message.charges.fee),
			"rate_of_interest": 0 if message.row.waive_charges else flt(message.charges.rate),
			"language": message.letter.language if message.letter else None,
			"status": "Unresolved",
		}
	)
	for row in rows:
		dunning.append("overdue_payments", _overdue_payment(row))
	if message.charges.dunning_type:
		kind = frappe.get_cached_doc("Dunning Type", message.charges.dunning_type)
		dunning.income_account, dunning.cost_center = kind.income_account, kind.cost_center
		text = get_dunning_letter_text(kind.name, dunning.as_dict(), dunning.language)
		dunning.update({key: text[key] for key in ("body_text", "closing_text") if text.get(key)})
	dunning.flags.ignore_permissions = True
	dunning.insert()
	dunning.submit()
	if message.row.waive_charges:
		text = _("Fee and interest were waived: {0}").format(message.row.waive_reason)
		dunning.add_comment("Info", text)
	return dunning.name


def withdraw(name: str) -> bool:
	"""Cancel the Dunning of a mail that did not leave; return False where it cannot be: something refers to it."""
	dunning = frappe.get_doc("Dunning", name)
	if dunning.docstatus != 1:
		return True
	dunning.flags.ignore_permissions = True
	frappe.db.savepoint(SAVEPOINT)
	try:
		dunning.cancel()
	except frappe.LinkExistsError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return False
	return True


def _overdue_payment(row: DunningRow) -> dict:
	"""Return the row of a Dunning for a line; what is on account is taken off, as in the letter."""
	return {
		"sales_invoice": row.line.key.voucher.name,
		"payment_schedule": row.schedule.name,
		"payment_term": row.schedule.payment_term,
		"due_date": row.schedule.due_date,
		"invoice_portion": row.schedule.invoice_portion,
		"payment_amount": row.schedule.payment_amount,
		"paid_amount": row.schedule.paid_amount,
		"outstanding": flt(row.line.to_pay),
	}


def _rate(notice: Notice) -> float:
	"""Return company currency per unit of the notice's, by its own amounts."""
	amount = sum(line.amount for line in notice.lines)
	return float(sum(line.base for line in notice.lines) / amount) if amount else 1.0
