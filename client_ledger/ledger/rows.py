"""Rows of the queries as the core's facts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from client_ledger.core.entries import Entry, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.terms import Term


def as_date(value: date | str | None) -> date | None:
	"""Return a database's date (a date, or ISO text on SQLite) as a date."""
	if value is None or value == "":
		return None
	if isinstance(value, str):
		return date.fromisoformat(value[:10])
	return value


def as_entry(row: Sequence) -> Entry:
	"""Return a row with the columns of an entry as an entry."""
	return Entry(
		as_date(row[0]),
		row[1],
		row[2],
		Voucher(row[3], row[4]),
		Voucher(row[5], row[6]),
		as_money(row[7]),
		as_money(row[8]),
	)


def as_term(row: Sequence, paid_later: Decimal) -> Term:
	"""Build a term; what was paid for it after the as-of date (in account currency) is not paid yet."""
	name, due_date, amounts = row[2], as_date(row[1]), [as_money(value) for value in row[3:8]]
	amount, base_amount, paid, base_paid, discount = amounts
	currency, account_currency, rate = row[8], row[9], as_money(row[10]) or Decimal(1)
	paid, base_paid = paid + discount, base_paid + discount * rate
	if currency != account_currency:
		amount, paid = base_amount, base_paid
	share = min(paid_later / paid, Decimal(1)) if paid else ZERO
	return Term(due_date, name, amount, base_amount, paid * (1 - share), base_paid * (1 - share))
