"""What each customer added to the inputs of a month, kept as a text beside the month's rows: whoever sees some customers only gets the
figures of those, calculated from their own sums, and nothing of anybody else's is in them.

rows of a month -> a line per customer -> text that is kept -> the lines of some customers, added up -> MonthFigures of these

Every input is a sum over customers but the days outstanding, which are divided by the sales of all who are counted: of them it is kept what
they are made of, by month of the invoice.
"""

import base64
import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from client_ledger.core.flows import months_before
from client_ledger.core.kpis.definitions import DEFINITIONS
from client_ledger.core.kpis.inputs import MONTHS_BACK, InputRow, bucket, calendar, open_inputs
from client_ledger.core.kpis.measure import MeasuredKpis, Tie, calculate
from client_ledger.core.kpis.months import MonthFigures, month_figures
from client_ledger.core.kpis.movement import Deltas, month_causes, with_the_rest
from client_ledger.core.kpis.rows import Cause, KpiBook, OpenRow, Window
from client_ledger.core.money import ZERO

# Days times amount, and amount, of the open items of an invoice's month: what days outstanding are made of.
_DAYS, _AMOUNT = "open_days:", "open_amount:"
_MADE_OF_OTHERS = ("owed:", "outstanding_")
# What no cause is told of.
_NOT_CAUSED = ("owed:", "aged:")
# Between the figures of a customer's line, which hold none: JSON writes it otherwise.
_TAB = "\t"
Causes = dict[Cause, Deltas]


@dataclass(slots=True)
class CustomerSums:
	"""What customers added to the inputs of a month. owed, owed_by: what each owes, and what each cause added to that. causes: None where
	they were not kept. unrated: their vouchers in a currency without a rate. has_costs: whether any time was logged, of whomever."""

	inputs: Deltas = field(default_factory=dict)
	owed: Deltas = field(default_factory=dict)
	causes: Causes | None = None
	owed_by: Causes = field(default_factory=dict)
	unrated: set[str] = field(default_factory=set)
	has_costs: bool = True


def kept_sums(book: KpiBook, window: Window, rows: Iterable[InputRow]) -> str:
	"""Return the text to keep of a month. rows: all of its inputs. Raises ValueError for a longer window."""
	if window.months != 1:
		raise ValueError(f"months are kept one by one, and this is {window}")
	inputs: dict[str, Deltas] = {}
	for row in rows:
		if not row.input.startswith(_MADE_OF_OTHERS):
			_add(inputs.setdefault(row.customer, {}), row.input, row.amount)
	for row in book.open_on[window.as_of]:
		if row.amount > 0:
			for made in _days_inputs(row, window.as_of):
				_add(inputs.setdefault(row.customer, {}), made.input, made.amount)
	causes = {
		customer: month_causes(part, window, _open_inputs)
		for customer, part in book.by(lambda name: name).items()
	}
	unrated: dict[str, list[str]] = {}
	for voucher, customer in book.unrated:
		unrated.setdefault(customer, []).append(voucher)
	return _as_text(inputs, causes, unrated, book.costs is not None)


def _open_inputs(row: OpenRow, as_of: date, _monthly: Mapping[date, Decimal]) -> Iterator[InputRow]:
	"""Yield what an open item adds, its days outstanding by month and not divided yet."""
	for made in open_inputs(row, as_of, {}):
		if not made.input.startswith(_NOT_CAUSED):
			yield made
	if row.amount >= 0:
		yield from _days_inputs(row, as_of)


def _days_inputs(row: OpenRow, as_of: date) -> Iterator[InputRow]:
	month = row.posted.strftime("%Y-%m")
	days = max((as_of - row.posted).days, 0)
	for name, amount in ((_DAYS, days * row.amount), (_AMOUNT, row.amount)):
		yield InputRow(f"{name}{month}", row.voucher, row.customer, row.due, amount, row.term)


def sums_of_rows(
	rows: Iterable[InputRow],
	as_of: date,
	sales: Mapping[int, Mapping[str, Decimal]],
	whole_sales: Mapping[int, Decimal],
	unrated: Mapping[str, list[str]],
	has_costs: bool,
) -> str:
	"""Return the text of a month that was stored before such texts were, out of its rows: without causes.

	sales: of each month back by customer, as far as they are stored; whole_sales: those of the company, which its days outstanding were
	divided by.
	"""
	inputs: dict[str, Deltas] = {}
	for row in rows:
		own = inputs.setdefault(row.customer, {})
		if row.input.startswith("outstanding_"):
			place = months_between(row.day, as_of)
			month, whole = row.day.strftime("%Y-%m"), whole_sales.get(place, ZERO)
			is_days = row.input == "outstanding_days"
			_add(
				own, f"{_DAYS if is_days else _AMOUNT}{month}", row.amount * whole if is_days else row.amount
			)
			continue
		_add(own, row.input, row.amount)
		if row.input == "receivable":
			_add(own, f"aged:{bucket(row.day, as_of)}", row.amount)
	for place, by_customer in sales.items():
		for customer, amount in by_customer.items():
			_add(inputs.setdefault(customer, {}), f"sales:{place}", amount)
	return _as_text(inputs, None, unrated, has_costs)


def months_between(day: date, as_of: date) -> int:
	"""Return how many months before that of *as_of* a day's month is."""
	return (as_of.year - day.year) * 12 + as_of.month - day.month


def _as_text(
	inputs: Mapping[str, Deltas],
	causes: Mapping[str, Causes] | None,
	unrated: Mapping[str, list[str]],
	has_costs: bool,
) -> str:
	"""Return a line about all, and one per customer: name and figures, so that only those that are asked for are taken apart."""
	lines = [_plain({"has_causes": causes is not None, "has_costs": has_costs})]
	for customer in sorted({*inputs, *(causes or {}), *unrated}):
		moved = {
			cause.name: texts
			for cause, deltas in (causes or {}).get(customer, {}).items()
			if (texts := _texts(deltas))
		}
		figures = (_texts(inputs.get(customer, {})), sorted(unrated.get(customer, ())), moved)
		lines.append(_TAB.join([_plain(customer)[1:-1], *map(_plain, figures)]))
	return base64.b64encode(gzip.compress("\n".join(lines).encode(), mtime=0)).decode("ascii")


def _plain(values: object) -> str:
	return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _texts(amounts: Deltas) -> dict[str, str]:
	return {name: str(amount) for name, amount in sorted(amounts.items()) if amount}


def add_up(
	text: str, part_of: Callable[[str], str | None], with_causes: bool = True
) -> dict[str, CustomerSums]:
	"""Return the sums of customers by part. part_of: which part a customer belongs to, None for one that is not to be counted.

	with_causes: only the newest month of a window needs them. Raises ValueError for a text that was not kept by this module.
	"""
	try:
		head, *lines = gzip.decompress(base64.b64decode(text, validate=True)).decode().split("\n")
		about = json.loads(head)
		found: dict[str, CustomerSums] = {}
		for line in lines:
			name, _tab, figures = line.partition(_TAB)
			customer = json.loads(f'"{name}"') if "\\" in name else name
			part = part_of(customer)
			if part is None:
				continue
			if part not in found:
				causes: Causes | None = {} if about["has_causes"] else None
				found[part] = CustomerSums(causes=causes, has_costs=about["has_costs"])
			inputs, unrated, moved = figures.split(_TAB)
			_take(found[part], customer, json.loads(inputs), json.loads(unrated))
			if with_causes and about["has_causes"]:
				_take_causes(found[part], customer, json.loads(moved))
	except (OSError, EOFError, KeyError, TypeError, ArithmeticError) as error:
		raise ValueError(f"these are no sums of customers: {error}") from error
	return found


def _take(sums: CustomerSums, customer: str, inputs: Mapping[str, str], unrated: Iterable[str]) -> None:
	found = sums.inputs
	for name, amount in inputs.items():
		found[name] = found.get(name, ZERO) + Decimal(amount)
	if "receivable" in inputs:
		sums.owed[f"owed:{customer}"] = Decimal(inputs["receivable"])
	sums.unrated.update(unrated)


def _take_causes(sums: CustomerSums, customer: str, causes: Mapping[str, Mapping[str, str]]) -> None:
	for key, deltas in causes.items():
		moved = sums.causes.setdefault(Cause[key], {})
		for name, amount in deltas.items():
			_add(moved, name, Decimal(amount))
		if "receivable" in deltas:
			sums.owed_by.setdefault(Cause[key], {})[f"owed:{customer}"] = Decimal(deltas["receivable"])


def figures_of(
	sums: CustomerSums, as_of: date, before: CustomerSums | None = None, values_only: bool = False
) -> MonthFigures:
	"""Return the figures of a month of some customers. before: their sums of the month before, for the changes; None where there are none.

	values_only: without changes, also where *before* is given.
	"""
	window = Window(as_of, 1)
	found = _inputs_of(sums, window)
	was = None if before is None or values_only else _inputs_of(before, window.before)
	causes = with_the_rest(_causes_of(sums, found, as_of), was, found) if was is not None else {}
	unrated = tuple(sorted(sums.unrated))
	kpis = tuple(
		calculate(definition, found, was, causes, unrated, sums.has_costs) for definition in DEFINITIONS
	)
	# No balance of a part is told by the General Ledger.
	measured = MeasuredKpis(window, kpis, (), Tie(ZERO, None), _causes_of(sums, found, as_of))
	return month_figures(measured, found, sums.has_costs)


def _inputs_of(sums: CustomerSums, window: Window) -> Deltas:
	"""Return the inputs as formulas take them."""
	found = {**calendar(window), **sums.owed}
	for name, amount in _divided(sums.inputs, sums.inputs, window.as_of).items():
		found[name] = amount
	return found


def _causes_of(sums: CustomerSums, inputs: Deltas, as_of: date) -> Causes:
	found: Causes = {}
	for cause, deltas in (sums.causes or {}).items():
		moved = _divided(deltas, inputs, as_of) | sums.owed_by.get(cause, {})
		if "sales" in moved:
			moved["sales:0"] = moved["sales"]
		found[cause] = moved
	return found


def _divided(amounts: Deltas, inputs: Deltas, as_of: date) -> Deltas:
	"""Return amounts with their days outstanding divided by the sales of the month; a month without sales does not count."""
	found: Deltas = {}
	for name, amount in amounts.items():
		kind, colon, month = name.partition(":")
		if kind + colon not in (_DAYS, _AMOUNT):
			_add(found, name, amount)
			continue
		sales = inputs.get(f"sales:{months_between(date.fromisoformat(f'{month}-01'), as_of)}", ZERO)
		if sales > 0:
			is_days = kind + colon == _DAYS
			_add(
				found,
				"outstanding_days" if is_days else "outstanding_counted",
				amount / sales if is_days else amount,
			)
	return found


def months_known(as_of: date, stored: Iterable[date]) -> dict[int, date]:
	"""Return which of the stored month ends are how many months back, as far as a count-back looks."""
	firsts = {months_before(as_of, place): place for place in range(MONTHS_BACK)}
	return {firsts[day.replace(day=1)]: day for day in stored if day.replace(day=1) in firsts}


def _add(deltas: Deltas, name: str, amount: Decimal) -> None:
	deltas[name] = deltas.get(name, ZERO) + amount
