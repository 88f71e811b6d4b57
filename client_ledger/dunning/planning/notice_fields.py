"""Planned notices as fields of Ledger Notice and its items."""

from datetime import date
from typing import Any

from client_ledger.core.dunning.plan import Notice, NoticeLine, ReasonNotSent, notice_key
from client_ledger.core.outbox.message import Party
from client_ledger.outbox.keys import digest


def amounts_of(notice: Notice) -> dict[str, Any]:
	"""Return the fields of a row that follow from the lines of its notice."""
	lines = notice.lines or tuple(line for line, _reason in notice.withheld)
	return {
		"total": sum(line.amount for line in lines),
		"base_total": sum(line.base for line in lines),
		"oldest_due_date": min((line.key.due_date for line in lines), default=None),
		"level": max((line.level for line in lines), default=0),
	}


def items_of(notice: Notice, today: date) -> list[dict[str, Any]]:
	"""Return the items of a row: what the notice asks for, then what it leaves out and why."""
	currency = notice.party.currency
	asked = [_item(line, None, currency, today) for line in notice.lines]
	return asked + [_item(line, reason, currency, today) for line, reason in notice.withheld]


def _item(line: NoticeLine, reason: ReasonNotSent | None, currency: str, today: date) -> dict[str, Any]:
	return {
		"voucher_type": line.key.voucher.doctype,
		"voucher_no": line.key.voucher.name,
		"due_date": line.key.due_date,
		"days_overdue": max((today - line.key.due_date).days, 0),
		"term": line.term,
		"currency": currency,
		"outstanding": line.amount,
		"base_outstanding": line.base,
		"previous_level": line.previous,
		"level": line.level,
		"due_since": line.due_since,
		"withheld": reason.value if reason else None,
	}


def key_of(party: Party, policy: str, version: int, step: int, as_of: date) -> str:
	"""Return the stored key of a notice."""
	return digest(notice_key(party, policy, version, step, as_of))
