"""By which cause each input changed since a month ago. The causes of an input add up to its change, whatever they are.

An open item is followed from its amount a month ago to the one of today: billing, credit notes, payments and other entries move the amount
while the calendar stands still; then the month passes, and what that does (an item falls overdue) is mix. Sums over a window gain
what the new month brought, by its cause, and lose what fell out of it: mix.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from client_ledger.core.kpis.formulas import Inputs
from client_ledger.core.kpis.inputs import InputRow, open_inputs, sales_by_month
from client_ledger.core.kpis.rows import Cause, KpiBook, OpenRow, Window
from client_ledger.core.money import ZERO

Deltas = dict[str, Decimal]
# What an open item adds to inputs on a day, given the sales of months.
OpenInputs = Callable[[OpenRow, date, Mapping[date, Decimal]], Iterator[InputRow]]
_MONTHS = ("sales:", "days:")
# The order in which causes move an open item.
_ORDER = (Cause.BILLING, Cause.CREDIT_NOTES, Cause.PAYMENTS, Cause.OTHER)


def causes_of(book: KpiBook, window: Window, before: Inputs, after: Inputs) -> dict[Cause, Deltas]:
	"""Return per cause what it added to each input; what nothing else explains is mix."""
	return with_the_rest(month_causes(book, window), before, after)


def month_causes(
	book: KpiBook, window: Window, inputs_of_item: OpenInputs = open_inputs
) -> dict[Cause, Deltas]:
	"""Return per cause what it added to inputs in the window's last month: of windows of any length the same. Mix is passing time alone.

	inputs_of_item: what an open item adds to.
	"""
	found: dict[Cause, Deltas] = {cause: {} for cause in Cause}
	_of_open_items(found, book, window, inputs_of_item)
	_of_sales(found, book, window)
	_of_payments(found, book, window)
	return found


def with_the_rest(known: Mapping[Cause, Deltas], before: Inputs, after: Inputs) -> dict[Cause, Deltas]:
	"""Return *known* causes with what they leave of the change of each input, as mix."""
	found = {cause: dict(known.get(cause, {})) for cause in Cause}
	mix = found[Cause.MIX]
	# Also what is nothing at both ends: what was billed, and fell due within the month, came and went.
	moved = {name for deltas in found.values() for name in deltas}
	for name in {*before, *after, *moved}:
		explained = sum((deltas.get(name, ZERO) for deltas in found.values()), ZERO)
		if rest := after.get(name, ZERO) - before.get(name, ZERO) - explained:
			# In a count-back a new month comes with its sales: without them there is nothing to count.
			deltas = found[Cause.BILLING] if name.startswith(_MONTHS) else mix
			deltas[name] = deltas.get(name, ZERO) + rest
	return found


def _add(deltas: Deltas, name: str, amount: Decimal) -> None:
	if amount:
		deltas[name] = deltas.get(name, ZERO) + amount


def _of_open_items(
	found: dict[Cause, Deltas], book: KpiBook, window: Window, inputs_of_item: OpenInputs
) -> None:
	eve = window.month_before
	monthly = sales_by_month(book, window.as_of)
	before = _by_item(book.open_on[eve])
	after = _by_item(book.open_on[window.as_of])
	moved = _moves(book, eve, window.as_of)
	passing = _passing(book, window, {key[0] for key in (*before, *after)})
	whole: dict[str, Decimal] = {}
	for key in {*before, *after}:
		whole[key[0]] = whole.get(key[0], ZERO) + _amount(after.get(key)) - _amount(before.get(key))
	for key in sorted({*before, *after, *passing}):
		row = after.get(key) or before.get(key) or passing[key]
		difference = _amount(after.get(key)) - _amount(before.get(key))
		state = _inputs_of(before.get(key), eve, monthly, inputs_of_item)
		amount = _amount(before.get(key))
		for cause, step in _steps(moved.get(key[0], {}), difference, whole.get(key[0], ZERO)):
			amount += step
			now = _inputs_of(row._replace(amount=amount), eve, monthly, inputs_of_item)
			state = _step(found[cause], state, now)


def _passing(book: KpiBook, window: Window, known: set[str]) -> dict[tuple[str, str], OpenRow]:
	"""Return vouchers that came and went within the month: they were billed and paid all the same."""
	return {
		(row.voucher, ""): OpenRow(row.voucher, row.customer, row.posted, row.posted, ZERO)
		for row in book.moves
		if window.month_before < row.posted <= window.as_of and row.voucher not in known
	}


def _by_item(rows: Iterable[OpenRow]) -> dict[tuple[str, str], OpenRow]:
	"""Return rows by voucher and term; several of one are one."""
	found: dict[tuple[str, str], OpenRow] = {}
	for row in rows:
		key = (row.voucher, row.term)
		same = found.get(key)
		found[key] = row._replace(amount=row.amount + same.amount) if same else row
	return found


def _amount(row: OpenRow | None) -> Decimal:
	return row.amount if row else ZERO


def _moves(book: KpiBook, eve: date, as_of: date) -> dict[str, dict[Cause, Decimal]]:
	found: dict[str, dict[Cause, Decimal]] = {}
	for row in book.moves:
		if eve < row.posted <= as_of:
			causes = found.setdefault(row.voucher, {})
			causes[row.cause] = causes.get(row.cause, ZERO) + row.amount
	return found


def _steps(
	moved: Mapping[Cause, Decimal], difference: Decimal, whole: Decimal
) -> list[tuple[Cause, Decimal]]:
	"""Return by how much each cause moved an item, in order. whole: how much its voucher moved; of a term its part of that."""
	share = difference / whole if whole else Decimal(1 if difference == whole else 0)
	steps = [(cause, moved.get(cause, ZERO) * share) for cause in _ORDER[:-1]]
	return [*steps, (Cause.OTHER, difference - sum((amount for _cause, amount in steps), ZERO))]


def _inputs_of(
	row: OpenRow | None, day: date, monthly: Mapping[date, Decimal], inputs_of_item: OpenInputs
) -> Deltas:
	found: Deltas = {}
	if row and row.amount:
		for made in inputs_of_item(row, day, monthly):
			_add(found, made.input, made.amount)
	return found


def _step(deltas: Deltas, before: Deltas, after: Deltas) -> Deltas:
	for name in {*before, *after}:
		_add(deltas, name, after.get(name, ZERO) - before.get(name, ZERO))
	return after


def _of_sales(found: dict[Cause, Deltas], book: KpiBook, window: Window) -> None:
	for row in book.sales:
		if window.month_before < row.posted <= window.as_of:
			cause = Cause.BILLING if row.amount > 0 else Cause.CREDIT_NOTES
			_add(found[cause], "sales", row.amount)
			_add(found[cause], "sales:0", row.amount)


def _of_payments(found: dict[Cause, Deltas], book: KpiBook, window: Window) -> None:
	deltas = found[Cause.PAYMENTS]
	for row in book.invoices:
		day = row.settled_on
		if day and window.month_before < day <= window.as_of:
			late, taken = (day - row.due).days, (day - row.posted).days
			_add(deltas, "paid", row.amount)
			_add(deltas, "paid_times_late", row.amount * late)
			_add(deltas, "paid_times_days", row.amount * taken)
			_add(deltas, "paid_invoices", Decimal(1))
			_add(deltas, "days_late", Decimal(late))
	for row in book.receipts:
		if window.month_before < row.posted <= window.as_of:
			_add(deltas, "received", row.amount)
	for row in book.write_offs:
		if window.month_before < row.posted <= window.as_of:
			_add(found[Cause.OTHER], "written_off", row.amount)
