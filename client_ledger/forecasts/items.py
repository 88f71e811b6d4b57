"""The items of a forecast made at the end of a day: open invoices, promises, what is not billed yet, what will be billed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import HistogramSettings, Lateness, learn
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.forecast import scenarios
from client_ledger.core.forecast.items import (
	CashItem,
	CashSource,
	ItemBuilder,
	PromisedPart,
	UnbilledItem,
	after_credits,
	billing_lag,
	credits_of,
	open_lines,
	unbilled_after_credits,
)
from client_ledger.credit.grades.in_force import UNRATED
from client_ledger.credit.grades.scorecards import active_scorecard
from client_ledger.credit.grades.trade import CUSTOMERS_AT_ONCE, calendar_of, customers_of
from client_ledger.forecasts.lines import CompanyLines
from client_ledger.forecasts.promised import Promises, lay_over, read_promises
from client_ledger.forecasts.recurring import repeat_lags, to_repeat
from client_ledger.forecasts.unbilled import LAGS_SINCE, Billed, delivery_lags, order_lags, to_bill
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import CLIENT_ACCOUNT

# Days to billing before there is any history of it.
_USUAL_LAGS = {
	CashSource.ORDER: (3, 7, 14, 21, 28),
	CashSource.DELIVERY: (1, 3, 7, 7, 14),
	CashSource.REPEAT: (0, 0, 0, 0, 0),
}


@dataclass(slots=True)
class DayFacts:
	"""What was known at the end of a day, per currency. owed: after what customers have on account was taken off the oldest; credits:
	what that left; set_off: all that was taken. left_out: documents whose amount in the customer's currency is not known."""

	day: date
	lateness: Lateness
	owed: dict[str, list[TradeLine]]
	promises: Promises
	unbilled: dict[str, list[UnbilledItem]] = field(default_factory=dict)
	lags: dict[CashSource, Lateness] = field(default_factory=dict)
	left_out: list[str] = field(default_factory=list)
	grades: Mapping[str, str] = field(default_factory=dict)
	scale: Sequence[str] = ()
	credits: dict[str, dict[str, float]] = field(default_factory=dict)
	set_off: dict[str, float] = field(default_factory=dict)

	@property
	def currencies(self) -> set[str]:
		"""The currencies in which something may come."""
		return {*self.owed, *self.unbilled}


def settings_of(company: str) -> HistogramSettings:
	"""Return how lateness is learnt in *company*: by its scorecard, as its grades are."""
	site = active_scorecard(company)
	return (site.scorecard if site else Scorecard()).settings.histogram()


def read_facts(company: str, day: date, lines: CompanyLines, settings: HistogramSettings) -> DayFacts:
	"""Return what was known of *company* at the end of *day*. lines: its invoices, as they are by now."""
	lateness = learn(lines.all, day, settings)
	found = DayFacts(day, lateness, {}, read_promises(company, day))
	_read_owed(found, company)
	terms = lines.terms
	for read in (to_bill, to_repeat):
		there = read(company, day, terms)
		found.left_out += there.left_out
		for currency, item in there.items:
			found.unbilled.setdefault(currency, []).append(item)
	_set_off_unbilled(found)
	for source, lags in (
		(CashSource.ORDER, order_lags),
		(CashSource.DELIVERY, delivery_lags),
		(CashSource.REPEAT, repeat_lags),
	):
		needed = any(item.source is source for items in found.unbilled.values() for item in items)
		if needed:
			found.lags[source] = learn(
				billing_lag(_with_usual(lags(company, day), source, day)), day, settings
			)
	found.grades, found.scale = _grades(company)
	return found


def _with_usual(lags: list[Billed], source: CashSource, day: date) -> list[Billed]:
	"""Return how long billing took; where nothing was ever billed, what is usual beside what waits."""
	if any(billed for _customer, _made, billed in lags):
		return lags
	made = day - timedelta(days=LAGS_SINCE // 2)
	return [*lags, *(("", made, made + timedelta(days=days)) for days in _USUAL_LAGS[source])]


def _read_owed(facts: DayFacts, company: str) -> None:
	"""Read what was owed, an item per payment term and currency, less what its customer had on account."""
	ledger, calendar = site_ledger(), calendar_of(company)
	for customers in chunks(customers_of(company), CUSTOMERS_AT_ONCE):
		items = ledger.open_items(Scope((company,), tuple(customers)), facts.day)
		lines, credits = open_lines(items, calendar.effective), credits_of(items)
		for currency in {*lines, *credits}:
			own = credits.get(currency, {})
			rest, left = after_credits(lines.get(currency, ()), own)
			facts.owed.setdefault(currency, []).extend(rest)
			facts.credits.setdefault(currency, {}).update(left)
			_add_set_off(facts, currency, sum(own.values()) - sum(left.values()))


def _set_off_unbilled(facts: DayFacts) -> None:
	"""Take what invoices have left of credits off what is yet to be billed."""
	for currency, left in facts.credits.items():
		before = facts.unbilled.get(currency, ())
		if left and before:
			rest = unbilled_after_credits(before, left)
			facts.unbilled[currency] = rest
			amounts = (sum(item.amount for item in items) for items in (before, rest))
			_add_set_off(facts, currency, next(amounts) - next(amounts))


def _add_set_off(facts: DayFacts, currency: str, amount: float) -> None:
	facts.set_off[currency] = facts.set_off.get(currency, 0.0) + amount


def _grades(company: str) -> tuple[dict[str, str], list[str]]:
	"""Return the grade of each customer, and the grades from the best to the worst."""
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "credit_grade": ("not in", ("", UNRATED))},
		["customer", "credit_grade"],
		order_by="customer",
	)
	scale = frappe.get_all("Credit Grade", {"name": ("!=", UNRATED)}, pluck="name", order_by="sequence")
	return {row.customer: row.credit_grade for row in rows if row.credit_grade}, scale


def items_of(facts: DayFacts, currency: str, worse: bool = False) -> list[CashItem]:
	"""Return what may come in *currency*. worse: where everybody pays as customers a grade below do."""
	spread = {"spread": scenarios.a_grade_worse(facts.lateness, facts.grades, facts.scale)} if worse else {}
	builder = ItemBuilder(facts.lateness, facts.day, WEEKS, **spread)
	rest, parts = lay_over(facts.owed.get(currency, ()), facts.promises.running.get(currency, ()), facts.day)
	items = [builder.of_line(line) for line in rest]
	items += [builder.of_promise(part, kept_of(facts, part)) for part in parts]
	return [
		*items,
		*(builder.of_unbilled(item, facts.lags[item.source]) for item in facts.unbilled.get(currency, ())),
	]


def kept_of(facts: DayFacts, part: PromisedPart) -> float:
	"""Return how far a promise is relied on."""
	return facts.promises.share(str(part.customer))


def known_since(company: str, since: date) -> dict[str, date]:
	"""Return of the invoices posted after *since* since when what they bill was known: the day of the order, of the delivery, or
	of the agreement to bill again."""
	invoice, item = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	found: dict[str, date] = {}
	for link, doctype, dated in (
		("sales_order", "Sales Order", "transaction_date"),
		("delivery_note", "Delivery Note", "posting_date"),
	):
		document = frappe.qb.DocType(doctype)
		rows = (
			frappe.qb.from_(invoice)
			.join(item)
			.on(item.parent == invoice.name)
			.join(document)
			.on(document.name == item[link])
			.select(invoice.name, document[dated])
			.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.posting_date > since))
			.run()
		)
		_earliest(found, rows)
	for link, doctype in (("auto_repeat", "Auto Repeat"), ("subscription", "Subscription")):
		document = frappe.qb.DocType(doctype)
		rows = (
			frappe.qb.from_(invoice)
			.join(document)
			.on(document.name == invoice[link])
			.select(invoice.name, document.creation)
			.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.posting_date > since))
			.run()
		)
		_earliest(found, rows)
	return found


def _earliest(found: dict[str, date], rows: Sequence[tuple]) -> None:
	for name, day in rows:
		day = getdate(day)
		found[name] = min(day, found.get(name, day))
