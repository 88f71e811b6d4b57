"""The inputs of all formulas, each the sum of rows: what is summed here is what a drill-down shows, and what is stored.

An input has a name; some have a place behind a colon: sales:0 is the newest month, aged:31-60 a bucket, owed:Ada a customer.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.flows import months_before
from client_ledger.core.kpis.rows import KpiBook, OpenRow, Window
from client_ledger.core.money import ZERO

# Months that the count-back looks at, at most.
MONTHS_BACK = 24
AT_RISK_AFTER = 90
BUCKETS = ("0", "1-30", "31-60", "61-90", "90+")
_BOUNDS = (0, 30, 60, 90)


class InputRow(NamedTuple):
	"""What a row adds to an input. amount: money, days, or a count, as the input is."""

	input: str
	voucher: str
	customer: str
	day: date
	amount: Decimal
	term: str = ""


def bucket(due: date, as_of: date) -> str:
	"""Return the ageing bucket of an item: "0" while it is not past due."""
	days = (as_of - due).days
	return next((name for name, bound in zip(BUCKETS, _BOUNDS, strict=False) if days <= bound), BUCKETS[-1])


def input_rows(book: KpiBook, window: Window) -> Iterator[InputRow]:
	"""Yield every row of every input. Raises KeyError where the book does not say what was open on a day that is needed."""
	monthly = sales_by_month(book, window.as_of)
	for row in book.open_on[window.as_of]:
		yield from open_inputs(row, window.as_of, monthly)
	for row in book.open_on[window.eve]:
		if row.amount > 0:
			yield InputRow("opening", row.voucher, row.customer, row.due, row.amount, row.term)
	yield from _rolls(book.open_on[window.month_before], book.open_on[window.as_of], window)
	yield from _sales(book, window)
	yield from _paid(book, window)
	yield from _others(book, window)


def open_inputs(row: OpenRow, as_of: date, monthly: Mapping[date, Decimal]) -> Iterator[InputRow]:
	"""Yield what an open item adds to inputs. monthly: credit sales per month, for its days of sales outstanding."""

	def of(name: str, amount: Decimal) -> InputRow:
		return InputRow(name, row.voucher, row.customer, row.due, amount, row.term)

	if row.amount < 0:
		yield of("unallocated", -row.amount)
		return
	yield of("receivable", row.amount)
	yield of(f"owed:{row.customer}", row.amount)
	name = bucket(row.due, as_of)
	yield of("current" if name == "0" else "overdue", row.amount)
	yield of(f"aged:{name}", row.amount)
	if row.disputed:
		yield of("disputed", min(row.disputed, row.amount))
	sales = monthly.get(row.posted.replace(day=1), ZERO)
	if sales > 0:
		days = max((as_of - row.posted).days, 0)
		# These count from the invoice, so that is their day.
		yield of("outstanding_days", days * row.amount / sales)._replace(day=row.posted)
		yield of("outstanding_counted", row.amount)._replace(day=row.posted)


def sales_by_month(book: KpiBook, as_of: date) -> dict[date, Decimal]:
	"""Return net credit sales per month (by its first day) up to a day."""
	found: dict[date, Decimal] = {}
	for row in book.sales:
		if row.posted <= as_of:
			month = row.posted.replace(day=1)
			found[month] = found.get(month, ZERO) + row.amount
	return found


def _sales(book: KpiBook, window: Window) -> Iterator[InputRow]:
	places = {months_before(window.as_of, place): place for place in range(MONTHS_BACK)}
	for row in book.sales:
		if row.posted > window.as_of:
			continue
		if window.holds(row.posted):
			yield InputRow("sales", row.voucher, row.customer, row.posted, row.amount)
		place = places.get(row.posted.replace(day=1))
		if place is not None:
			yield InputRow(f"sales:{place}", row.voucher, row.customer, row.posted, row.amount)


def _paid(book: KpiBook, window: Window) -> Iterator[InputRow]:
	for row in book.invoices:
		at_risk_on = row.due + timedelta(days=AT_RISK_AFTER)
		if window.holds(at_risk_on) and row.posted <= window.as_of:
			yield InputRow("cohort", row.voucher, row.customer, row.due, row.amount)
			if row.settled_on is None or row.settled_on > at_risk_on:
				yield InputRow("cohort_unpaid", row.voucher, row.customer, row.due, row.amount)
		if row.settled_on is None or not window.holds(row.settled_on):
			continue
		late, taken = (row.settled_on - row.due).days, (row.settled_on - row.posted).days
		for name, amount in (
			("paid", row.amount),
			("paid_times_late", row.amount * late),
			("paid_times_days", row.amount * taken),
			("paid_invoices", Decimal(1)),
			("days_late", Decimal(late)),
		):
			yield InputRow(name, row.voucher, row.customer, row.settled_on, amount)


def _rolls(before: Iterable[OpenRow], after: Iterable[OpenRow], window: Window) -> Iterator[InputRow]:
	"""Yield what was in each bucket a month ago, and what of it is in a later one now."""
	left = {(row.voucher, row.term): row for row in after if row.amount > 0}
	for row in before:
		if row.amount <= 0:
			continue
		was = bucket(row.due, window.month_before)
		yield InputRow(f"rolling:{was}", row.voucher, row.customer, row.due, row.amount, row.term)
		now = left.get((row.voucher, row.term))
		if now and BUCKETS.index(bucket(now.due, window.as_of)) > BUCKETS.index(was):
			rolled = min(now.amount, row.amount)
			yield InputRow(f"rolled:{was}", row.voucher, row.customer, row.due, rolled, row.term)


def _others(book: KpiBook, window: Window) -> Iterator[InputRow]:
	for name, rows in (
		("received", book.receipts),
		("written_off", book.write_offs),
		("cost", book.costs or ()),
	):
		for row in rows:
			if window.holds(row.posted):
				yield InputRow(name, row.voucher, row.customer, row.posted, row.amount)
	for row in book.promises:
		if window.holds(row.decided_on):
			yield InputRow("promises", row.voucher, row.customer, row.decided_on, Decimal(1))
			if row.is_kept:
				yield InputRow("promises_kept", row.voucher, row.customer, row.decided_on, Decimal(1))
	for row in book.disputes:
		if row.closed and window.holds(row.closed):
			days = Decimal((row.closed - row.opened).days)
			yield InputRow("disputes", row.voucher, row.customer, row.closed, Decimal(1))
			yield InputRow("dispute_days", row.voucher, row.customer, row.closed, days)


def calendar(window: Window) -> dict[str, Decimal]:
	"""Return the inputs that no row makes: days and months of the window, and days of each month back."""
	found = {"days": Decimal(window.days), "months": Decimal(window.months)}
	end = window.as_of
	for place in range(MONTHS_BACK):
		first = months_before(window.as_of, place)
		found[f"days:{place}"] = Decimal((end - first).days + 1)
		end = first - timedelta(days=1)
	return found


def summed(rows: Iterable[InputRow], window: Window) -> dict[str, Decimal]:
	"""Return the inputs of a window."""
	found = calendar(window)
	for row in rows:
		found[row.input] = found.get(row.input, ZERO) + row.amount
	return found


def inputs(book: KpiBook, window: Window) -> dict[str, Decimal]:
	"""Return the inputs of a book; one that no row adds to is not in it, and counts as 0."""
	return summed(input_rows(book, window), window)
