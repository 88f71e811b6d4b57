"""Cash by week of a company in a store, per currency, with the record its own history gives.

settlements, in batches -> lines in their currency -> record of past forecasts
open items, unbilled orders -> items -> forecast -> scenarios
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from client_ledger.core.credit.cash import WEEKS
from client_ledger.core.credit.histogram import HistogramSettings, Lateness, learn
from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.credit.payment_replay import sample
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.entries import ReceivableAccount
from client_ledger.core.forecast import scenarios
from client_ledger.core.forecast.forecast import CurrencyForecast, corrected_totals, make_forecast
from client_ledger.core.forecast.items import (
	CashItem,
	CashSource,
	ItemBuilder,
	UnbilledItem,
	after_credits,
	billing_lag,
	credits_of,
	open_lines,
	unbilled_after_credits,
)
from client_ledger.core.forecast.past import past_record
from client_ledger.core.open_items import OpenItem
from client_ledger.core.settlement import Settlement
from client_ledger.ledger.reader import UnbilledDelivery, UnbilledOrder

# Invoices of a currency that a report's record is made of, about.
TESTED = 8_000
# Days that the scenario "everybody pays later" is shown for.
DELAY_DAYS = 14
_USUAL_TERMS = 30


@dataclass(frozen=True, slots=True)
class Scenario:
	"""What would come per week if. customer: who would not pay; days: how much later everybody would."""

	name: str
	weeks: list[float]
	customer: str = ""
	days: int = 0


@dataclass(frozen=True, slots=True)
class CashByWeek:
	"""The forecast of one currency, and what would be if. tested, invoices: how many its record looked at, of how many."""

	currency: str
	forecast: CurrencyForecast
	scenarios: list[Scenario]
	tested: int
	invoices: int


# Customer, day of the order or delivery, day of its first invoice (None: not billed).
Billed = tuple[str, date, date | None]


@dataclass(frozen=True, slots=True)
class NotBilled:
	"""What of a company is delivered without an order and not billed, and how long orders and deliveries took to be billed."""

	currency: str
	deliveries: Sequence[UnbilledDelivery]
	order_lags: Sequence[Billed]
	delivery_lags: Sequence[Billed]


@dataclass(slots=True)
class Forecaster:
	"""add() settlements in batches, account() for each customer with what is open of it, then forecasts()."""

	as_of: date
	accounts: Mapping[str, ReceivableAccount]
	settings: HistogramSettings = field(default_factory=lambda: Scorecard().settings.histogram())
	_lines: dict[str, list[TradeLine]] = field(default_factory=dict)
	_owed: dict[str, list[TradeLine]] = field(default_factory=dict)
	_orders: list[UnbilledOrder] = field(default_factory=list)
	_unbilled: list[tuple[str, UnbilledItem]] = field(default_factory=list)
	_lags: dict[CashSource, Lateness] = field(default_factory=dict)
	_grades: dict[str, str] = field(default_factory=dict)
	# Per currency and customer, what invoices have left of what is on account.
	_credits: dict[str, dict[str, float]] = field(default_factory=dict)
	# Per customer its latest invoice's day, and the days of its terms.
	_terms: dict[str, tuple[date, int]] = field(default_factory=dict)

	def add(self, settled: Iterable[Settlement]) -> None:
		"""Take in how invoices were paid, each in the currency of its account."""
		for one in settled:
			currency = self.accounts[one.key.account].currency
			invoice = one.invoice
			due = BUSINESS_DAYS.effective(invoice.due_date or invoice.posting_date)
			terms = (invoice.posting_date, (due - invoice.posting_date).days)
			self._terms[one.key.customer] = max(terms, self._terms.get(one.key.customer, terms))
			left = float(one.outstanding) if one.settled_on is None else None
			self._lines.setdefault(currency, []).append(
				TradeLine(
					*(one.key.customer, invoice.name, invoice.posting_date, due, float(invoice.amount)),
					one.settled_on,
					outstanding=left,
				)
			)

	def account(
		self, customer: str, grade: str, items: Sequence[OpenItem], orders: Sequence[UnbilledOrder]
	) -> None:
		"""Take in what is open of a customer, and what it ordered that is not billed."""
		self._grades[customer] = grade
		self._orders += orders
		lines, credits = open_lines(items, BUSINESS_DAYS.effective), credits_of(items)
		for currency in {*lines, *credits}:
			rest, left = after_credits(lines.get(currency, ()), credits.get(currency, {}))
			self._owed.setdefault(currency, []).extend(rest)
			self._credits.setdefault(currency, {}).update(left)

	def forecasts(self, not_billed: NotBilled) -> list[CashByWeek]:
		"""Return the forecast of each currency in which anything is owed, ordered or delivered."""
		lateness = learn(
			(line for lines in self._lines.values() for line in lines), self.as_of, self.settings
		)
		for source, lags in (
			(CashSource.ORDER, not_billed.order_lags),
			(CashSource.DELIVERY, not_billed.delivery_lags),
		):
			self._lags[source] = learn(billing_lag(lags), self.as_of, self.settings)
		self._unbilled = self._to_bill(not_billed)
		currencies = {
			*(currency for currency, lines in self._owed.items() if lines),
			*(currency for currency, _item in self._unbilled),
		}
		return [self._forecast(currency, lateness) for currency in sorted(currencies)]

	def _to_bill(self, not_billed: NotBilled) -> list[tuple[str, UnbilledItem]]:
		"""Return orders and deliveries that are not billed, each with its currency."""
		rows = [
			(
				order.currency,
				order.customer,
				order.name,
				order.unbilled,
				order.transaction_date,
				CashSource.ORDER,
			)
			for order in self._orders
		]
		rows += [
			(
				not_billed.currency,
				note.customer,
				note.name,
				note.base_unbilled,
				note.posting_date,
				CashSource.DELIVERY,
			)
			for note in not_billed.deliveries
		]
		found = []
		for currency, customer, name, amount, day, source in rows:
			if amount > 0 and day <= self.as_of:
				terms = self._terms.get(customer, (None, _USUAL_TERMS))[1]
				found.append((currency, UnbilledItem(customer, name, float(amount), day, terms, source)))
		return found

	def _forecast(self, currency: str, lateness: Lateness) -> CashByWeek:
		lines = self._lines.get(currency, [])
		tested = sample(lines, TESTED)
		record = past_record(tested, self.as_of, self.settings)
		items = self._items(currency, ItemBuilder(lateness, self.as_of, WEEKS))
		forecast = make_forecast(items, self.as_of, record)
		return CashByWeek(
			currency,
			forecast,
			self._scenarios(currency, items, forecast, lateness),
			len(tested),
			len(lines),
		)

	def _items(self, currency: str, builder: ItemBuilder) -> list[CashItem]:
		owed = [builder.of_line(line) for line in self._owed.get(currency, ())]
		unbilled = unbilled_after_credits(
			(item for own, item in self._unbilled if own == currency), self._credits.get(currency, {})
		)
		return [*owed, *(builder.of_unbilled(item, self._lags[item.source]) for item in unbilled)]

	def _scenarios(
		self,
		currency: str,
		items: Sequence[CashItem],
		forecast: CurrencyForecast,
		lateness: Lateness,
	) -> list[Scenario]:
		"""Return what would come if the largest customer did not pay, if everybody paid later, and as a grade worse."""

		def weeks(changed: Iterable[CashItem]) -> list[float]:
			expected = [week.expected for week in forecast.weeks]
			return scenarios.no_more_than(expected, corrected_totals(changed, forecast.correction))

		largest = _largest(items)
		spread = scenarios.a_grade_worse(lateness, self._grades, Scorecard().grades)
		worse = self._items(currency, ItemBuilder(lateness, self.as_of, WEEKS, spread))
		return [
			Scenario("without", weeks(scenarios.without_customer(items, largest)), largest),
			Scenario("later", weeks(scenarios.later(items, DELAY_DAYS)), days=DELAY_DAYS),
			Scenario("worse", weeks(worse)),
		]


def _largest(items: Iterable[CashItem]) -> str:
	"""Return the customer from whom most is expected within the weeks."""
	sums: dict[str, float] = {}
	for item in items:
		sums[item.customer] = sums.get(item.customer, 0.0) + item.amount * sum(item.shares)
	return max(sorted(sums), key=lambda customer: sums[customer], default="")


def read_not_billed(
	connection: sqlite3.Connection, company: str, currency: str, deliveries: Sequence[UnbilledDelivery]
) -> NotBilled:
	"""Return what of a company in a store is not billed. currency: the company's."""
	orders = """
select so.customer, so.transaction_date, min(si.posting_date)
from `tabSales Order` so
left join `tabSales Invoice Item` item on item.sales_order = so.name and item.docstatus = 1
left join `tabSales Invoice` si on si.name = item.parent and si.docstatus = 1
where so.company = ? and so.docstatus = 1 group by so.name order by so.name"""
	notes = """
select dn.customer, dn.posting_date, min(si.posting_date)
from `tabDelivery Note` dn
join `tabDelivery Note Item` line on line.parent = dn.name
left join `tabSales Invoice Item` item on item.dn_detail = line.name and item.docstatus = 1
left join `tabSales Invoice` si on si.name = item.parent and si.docstatus = 1
where dn.company = ? and dn.docstatus = 1 group by dn.name order by dn.name"""
	return NotBilled(currency, deliveries, *(_lags(connection, sql, company) for sql in (orders, notes)))


def _lags(connection: sqlite3.Connection, sql: str, company: str) -> list[Billed]:
	return [
		(customer, date.fromisoformat(made), date.fromisoformat(billed) if billed else None)
		for customer, made, billed in connection.execute(sql, (company,))
	]
