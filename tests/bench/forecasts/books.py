"""A company whose cash is forecast, made through ERPNext's documents, and the same written down by hand, for slow oracles."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from frappe.utils import getdate

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.forecast.record import forecast_day
from client_ledger.credit.grades.trade import calendar_of
from tests.bench import factories as f

COMPANY = "Cash Forecast Company"
PROMPT, SLOW, PARTS, EURO = "Cash Prompt", "Cash Slow", "Cash Parts", "Cash Euro"
TODAY = getdate()
SUNDAY = forecast_day(TODAY)
FIRST = SUNDAY - timedelta(days=7 * 44)
TERMS = 30
# Of each customer: days after the due date of each part, and the part's share.
HABITS = {
	PROMPT: ((0, 1.0),),
	SLOW: ((20, 1.0),),
	PARTS: ((5, 0.4), (33, 0.6)),
	EURO: ((10, 1.0),),
}


@dataclass
class Bill:
	"""An invoice as it was written down when it was made. paid: day and amount of each payment."""

	customer: str
	name: str
	posted: date
	due: date
	amount: float
	paid: list[tuple[date, float]] = field(default_factory=list)

	@property
	def settled_on(self) -> date | None:
		"""The day of the payment that left nothing."""
		return max(day for day, _amount in self.paid) if self.left(date.max) == 0 else None

	def left(self, day: date) -> float:
		"""What was open at the end of a day."""
		return round(self.amount - sum(amount for on, amount in self.paid if on <= day), 2)


def make_books() -> list[Bill]:
	"""Make the company and its documents of the last 44 weeks."""
	f.make_company(COMPANY, "CFC")
	for customer in (PROMPT, SLOW, PARTS):
		f.make_customer(customer)
	f.make_customer(EURO, currency="EUR", companies=[COMPANY])
	bills = []
	for place, customer in enumerate(HABITS):
		for number in range(14):
			posted = FIRST + timedelta(days=22 * number + 5 * place)
			if posted <= SUNDAY:
				bills.append(make_bill(customer, posted, 100.0 * (place + 1) + 10 * (number % 4)))
	return bills


def make_bill(customer: str, posted: date, amount: float) -> Bill:
	"""Make an invoice, and its payments as far as their days have come."""
	due = posted + timedelta(days=TERMS)
	doc = f.make_invoice(customer, amount, posted, COMPANY, due_date=due)
	bill = Bill(customer, doc.name, posted, due, amount)
	for late, share in HABITS[customer]:
		day = due + timedelta(days=late)
		if day <= TODAY:
			part = round(amount * share, 2)
			f.make_payment(customer, part, day, COMPANY, against=[(doc, part)])
			bill.paid.append((day, part))
	return bill


def currency_of(bill: Bill) -> str:
	"""Return the currency of the customer's account."""
	return "EUR" if bill.customer == EURO else "USD"


def lines_on(bills: list[Bill], day: date) -> list[TradeLine]:
	"""Return the invoices as they stood at the end of a day, one by one."""
	calendar = calendar_of(COMPANY)
	found = []
	for bill in bills:
		if bill.posted <= day:
			settled = bill.settled_on if bill.settled_on and bill.settled_on <= day else None
			found.append(
				TradeLine(
					*(bill.customer, bill.name, bill.posted, calendar.effective(bill.due), bill.amount),
					settled,
					outstanding=None if settled else bill.left(day),
				)
			)
	return found


def came_after(bills: list[Bill], day: date, currency: str, weeks: int = 13) -> list[float]:
	"""Return what was paid in each week after a day of the invoices open on it, payment by payment."""
	came = [0.0] * weeks
	for bill in bills:
		if bill.posted <= day and bill.left(day) > 0 and currency_of(bill) == currency:
			for on, amount in bill.paid:
				for week in range(weeks):
					first = day + timedelta(days=1 + 7 * week)
					if first <= on < first + timedelta(days=7):
						came[week] += amount
	return came


def sundays(first: date, last: date) -> Iterator[date]:
	"""Yield Sundays, in order."""
	day = first
	while day <= last:
		yield day
		day += timedelta(days=7)
