"""Planned notices as fields of Ledger Notice and its items."""

from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.amount_due import Credit
from client_ledger.core.dunning.plan import ListedItem, Notice, NoticeLine, notice_key
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.outbox.message import Party
from client_ledger.dunning.letters.template_values import Charges
from client_ledger.outbox.keys import digest

# Items of a row that are no step of its own: what else is overdue, and what is on account (negative).
LISTED = marked("No Step Due")
ON_ACCOUNT = marked("On Account")


def amounts_of(notice: Notice) -> dict[str, Any]:
	"""Return the fields of a row that follow from the lines of its notice."""
	lines = notice.lines or tuple(line for line, _reason in notice.withheld)
	amounts = (notice.items_total, notice.total, notice.base_total)
	if not notice.due:
		amount = sum(line.amount for line in lines)
		amounts = (amount, amount, sum(line.base for line in lines))
	return {
		"items_total": amounts[0],
		"on_account": sum(credit.amount for credit in notice.credits),
		"total": amounts[1],
		"base_total": amounts[2],
		"oldest_due_date": min((item.key.due_date for item in (*lines, *notice.listed)), default=None),
		"level": max((line.level for line in lines), default=0),
	}


def trial_fields(notice: Notice) -> dict[str, str | None]:
	"""Return the fields of a row that say of which trial of a step it is, and in which arm its customer."""
	found = notice.variation
	return {"trial": found and found.trial.code, "trial_arm": found and found.arm.value}


def items_of(notice: Notice, today: date) -> list[dict[str, Any]]:
	"""Return the items of a row: what the notice asks for and what is on account, then what it leaves out and why."""
	currency = notice.party.currency
	return [
		*(_line(line, None, currency, today) for line in notice.lines),
		*(_listed(item, currency, today) for item in notice.listed),
		*(_credit(credit, currency) for credit in notice.credits if credit.voucher),
		*(_line(line, reason.value, currency, today) for line, reason in notice.withheld),
	]


def figures_of(notice: Notice, charges: Charges, today: date) -> str:
	"""Return a digest of all amounts that the letter of a notice names, and of the documents they are of."""
	items = [
		f"{item['voucher_no']} {item['due_date']} {item['outstanding']:.2f} {item['withheld'] or ''}"
		for item in items_of(notice, today)
	]
	amounts = (notice.items_total, notice.total, charges.fee, charges.interest)
	return digest("|".join([*items, *(f"{amount:.2f}" for amount in amounts)]))


def _row(voucher: Voucher, currency: str, outstanding: Decimal, **more: Any) -> dict[str, Any]:
	return {
		"voucher_type": voucher.doctype,
		"voucher_no": voucher.name,
		"due_date": None,
		"days_overdue": 0,
		"term": None,
		"currency": currency,
		"outstanding": outstanding,
		"base_outstanding": ZERO,
		"previous_level": 0,
		"level": 0,
		"due_since": None,
		"withheld": None,
		**more,
	}


def _credit(credit: Credit, currency: str) -> dict[str, Any]:
	return _row(credit.voucher, currency, -credit.amount, due_date=credit.posting_date, withheld=ON_ACCOUNT)


def _item(
	item: NoticeLine | ListedItem, currency: str, today: date, previous: int, **more: Any
) -> dict[str, Any]:
	"""Return an item at its level. previous: the level it had before."""
	return _row(
		item.key.voucher,
		currency,
		item.amount,
		due_date=item.key.due_date,
		days_overdue=max((today - item.key.due_date).days, 0),
		term=item.term,
		base_outstanding=item.base,
		previous_level=previous,
		level=item.level,
		**more,
	)


def _listed(item: ListedItem, currency: str, today: date) -> dict[str, Any]:
	return _item(item, currency, today, item.level, withheld=LISTED)


def _line(line: NoticeLine, withheld: str | None, currency: str, today: date) -> dict[str, Any]:
	return _item(line, currency, today, line.previous, due_since=line.due_since, withheld=withheld)


def key_of(party: Party, policy: str, version: int, step: int, as_of: date) -> str:
	"""Return the stored key of a notice."""
	return digest(notice_key(party, policy, version, step, as_of))
