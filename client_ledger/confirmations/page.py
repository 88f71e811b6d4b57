"""What the customer's page shows: the one confirmation of its link, and what was answered. Nothing else is read."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, getdate

from client_ledger.confirmations import letter, rounds
from client_ledger.confirmations.compose import FIELDS, parts_of
from client_ledger.confirmations.files import read_file
from client_ledger.core.confirmations.answers import Answer, ConfirmationStatus, ReplyForm, answers_to
from client_ledger.core.money import as_money
from client_ledger.paper.rows import item_rows
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY, CONFIRMATION_ROUND
from client_ledger.site.language import spoken
from client_ledger.statements.style import site_style

LANGUAGES = {"en": "English", "zh": "中文"}
MOST_ITEMS = 500
REPLY_FIELDS = [
	"name", "answer", "state", "replied_on", "declared_name", "declared_position", "has_balance", "balance", "currency",
	"file_name", "processing", "error", "read_note", "rows_read", "origin",
]  # fmt: skip


def language_of_page(confirmation_language: str | None) -> str:
	"""Return the language of the page: that which was asked for, else the customer's, else the browser's."""
	asked = frappe.form_dict.get("_lang") or confirmation_language or frappe.local.lang or "en"
	return "zh" if str(asked).lower().startswith("zh") else "en"


def read(name: str) -> frappe._dict:
	"""Return the fields of a confirmation that its page and letter show."""
	fields = [*FIELDS, "replied_by", "replied_on", "reply", "status_note"]
	return frappe.db.get_value(BALANCE_CONFIRMATION, name, fields, as_dict=True)


def context(name: str) -> dict[str, Any]:
	"""Return what the page shows of a confirmation, in the language spoken now."""
	one, style = read(name), site_style()
	form = ReplyForm(one.form)
	is_blank = form is ReplyForm.BLANK
	balance = as_money(one.our_balance)
	# Who is asked for its balance is not told ours, not even in the page's source.
	items = [] if is_blank else list(item_rows(parts_of(one).figures, style))
	return {
		"number": one.name,
		"company": one.company,
		"customer_name": one.customer_name or one.customer,
		"currency": one.currency,
		"day": style.day(getdate(one.as_of)),
		"reply_by": style.day(getdate(one.reply_by)) if one.reply_by else "",
		"is_blank": is_blank,
		"balance": "" if is_blank else style.money(abs(balance), one.currency),
		"who_owes": "" if is_blank else letter.who_owes(balance),
		"request": letter.request_of(form, style.day(getdate(one.reply_by)) if one.reply_by else ""),
		"items": [
			{
				"document": item.voucher.name,
				"date": style.day(item.posting_date),
				"due": style.day(item.due_date) if item.due_date else "",
				"open": style.money(item.outstanding, item.currency),
			}
			for item in items[:MOST_ITEMS]
		],
		"more_items": max(len(items) - MOST_ITEMS, 0),
		"answers": [answer.value for answer in answers_to(form)],
		"standing": standing(name),
	}


def standing(name: str) -> dict[str, Any]:
	"""Return what has been answered so far, and what can still be: {"closed", "can_answer", "can_upload", "replies"}."""
	one = read(name)
	status = ConfirmationStatus(one.status)
	closed = _is_closed(one.round) or status in (
		ConfirmationStatus.SETTLED,
		ConfirmationStatus.NO_OBJECTION,
		ConfirmationStatus.NO_REPLY,
	)
	cancelled = status is ConfirmationStatus.CANCELLED
	before = frappe.db.get_value(CONFIRMATION_REPLY, one.reply, "answer") if one.reply else None
	is_open = not closed and not cancelled
	return {
		"closed": bool(closed),
		"cancelled": cancelled,
		"answered": bool(before),
		"can_answer": is_open and not before,
		"can_upload": is_open and before != Answer.CONFIRMED.value,
		"replies": [_reply(row, one.form) for row in _replies(name)],
	}


def _is_closed(round_: str | None) -> bool:
	status = frappe.db.get_value(CONFIRMATION_ROUND, round_, "status") if round_ else None
	return status == rounds.CLOSED


def _replies(name: str) -> list[frappe._dict]:
	return frappe.get_all(
		CONFIRMATION_REPLY, {"confirmation": name}, REPLY_FIELDS, order_by="replied_on desc, name", limit=50
	)


def _reply(row: frappe._dict, form: str) -> dict[str, Any]:
	shows_balance = row.has_balance and row.answer != Answer.CONFIRMED.value
	return {
		"answer": _(row.answer),
		"when": format_datetime(row.replied_on),
		"who": ", ".join(filter(None, (row.declared_name, row.declared_position))),
		"balance": site_style().money(as_money(row.balance), row.currency) if shows_balance else "",
		"counted": row.state == "Counted",
		"state": _(row.state),
		"file": row.file_name or "",
		"processing": row.processing or "",
		"processing_text": _processing(row),
		"error": row.error if row.processing == "Failed" else "",
		"note": row.read_note or "",
	}


def _processing(row: frappe._dict) -> str:
	if row.processing in ("Waiting", "Reading"):
		return _("Your file is being read.")
	if row.processing == "Read":
		return _("Your file was read: {0} lines.").format(row.rows_read)
	if row.processing == "Failed":
		return _("Your file could not be read.")
	return ""


def letter_file(name: str) -> tuple[str, bytes]:
	"""Return the letter of a confirmation as PDF: (name, content). Raises frappe.ValidationError where it cannot be made."""
	one = read(name)
	if one.letter:
		return read_file(BALANCE_CONFIRMATION, name, one.letter)
	with spoken(one.language or frappe.local.lang):
		return f"{name}.pdf", letter.letter_pdf(parts_of(one), frappe.local.lang or "en")
