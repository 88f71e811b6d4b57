"""A year of monthly statements with outages, kills and a faulty mail server: each due customer has each statement once.

CLIENT_LEDGER_SEED chooses other accidents and ledgers, CLIENT_LEDGER_STATEMENT_CUSTOMERS how many customers there are.
"""

import os
import random
from collections import Counter
from datetime import date

import frappe
from frappe.utils import add_days, add_months, flt, fmt_money, get_datetime, get_first_day, getdate, nowdate

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox import decisions
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE, STATEMENT_RUN
from tests.bench import factories as f
from tests.bench.dunning import killed, smtp
from tests.bench.dunning.setting import make_debtor
from tests.bench.dunning.test_killed import a_quarter_of_an_hour_passes, finish, mailbox  # noqa: F401
from tests.bench.statements.setting import make_schedule

SEED = int(os.environ.get("CLIENT_LEDGER_SEED", "20261128"))
CUSTOMERS = int(os.environ.get("CLIENT_LEDGER_STATEMENT_CUSTOMERS", "3"))
MONTHS = 12
STAGES = (
	"none", "none", "statements_written", "some_statements", "while_sending", "before_smtp", "data_noted", "in_smtp",
	"noted", "queue_only",
)  # fmt: skip


def closings() -> list[date]:
	"""Return the last days of the past twelve months, the oldest first."""
	first = get_first_day(nowdate())
	return [
		getdate(add_days(get_first_day(add_months(first, -back)), -1)) for back in range(MONTHS - 1, -1, -1)
	]


def make_ledger(rng: random.Random, name: str, days: list[date]) -> None:
	"""Make a year of bills and payments of one customer."""
	make_debtor(name)
	for day in days:
		invoice = f.make_invoice(name, rng.randint(100, 90_000) / 100, add_days(day, -rng.randint(0, 27)))
		if rng.random() < 0.7:
			paid = flt(invoice.grand_total if rng.random() < 0.6 else invoice.grand_total / 2, 2)
			f.make_payment(name, paid, add_days(day, rng.randint(0, 20)), against=[(invoice, paid)])


def by_general_ledger(customer: str, as_of: date) -> float:
	"""Return the balance by the General Ledger, which the statement never reads."""
	entry = frappe.qb.DocType("GL Entry")
	total = frappe.query_builder.functions.Sum(entry.debit - entry.credit)
	query = (
		frappe.qb.from_(entry)
		.select(total)
		.where((entry.party == customer) & (entry.posting_date <= as_of) & (entry.is_cancelled == 0))
	)
	return flt(query.run()[0][0], 2)


def test_a_year_of_statements_goes_out_once(mailbox):  # noqa: F811
	rng = random.Random(SEED)
	days = closings()
	names = [f"Year {SEED} {number}" for number in range(CUSTOMERS)]
	for name in names:
		make_ledger(rng, name, days)
	make_schedule(f"Year {SEED}", tuple(names), starts_on=days[0], include_zero=1)
	frappe.db.commit()
	mailbox.reset()
	written: Counter[str] = Counter()

	def fault(address: str) -> str | None:
		written[address] += 1
		return rng.choice(smtp.FAULTS) if rng.random() < 0.25 else None

	mailbox.fault = fault
	for day in days:
		if rng.random() < 0.4:
			# An outage: nothing runs in this month.
			continue
		for hour in (8, 9):
			stage = rng.choice(STAGES)
			finish(killed.start(frappe.local.site, stage, f"{add_days(day, 1)} {hour:02d}:00:00"))
			lost_runs_are_taken_up()
			a_quarter_of_an_hour_passes()
	mailbox.fault = smtp.no_fault
	for hour in (10, 14, 18, 22):
		finish(killed.start(frappe.local.site, "none", f"{nowdate()} {hour:02d}:00:00"))
		lost_runs_are_taken_up()
		a_quarter_of_an_hour_passes()
	frappe.db.commit()
	rows = frappe.get_all(CUSTOMER_STATEMENT, {"customer": ("in", names)}, "*", order_by="customer, as_of")
	due = {(name, day) for name in names for day in days if moved(name, day)}
	assert Counter((row.customer, row.as_of) for row in rows) == Counter(dict.fromkeys(due, 1))
	arrived = received(mailbox, names, days)
	assert max(arrived.values()) == 1
	for row in rows:
		reason = frappe.db.get_value(LEDGER_NOTICE, row.notice, "reason")
		assert row.status == "Sent" or reason == "Delivery Unknown", (
			row.customer,
			row.as_of,
			row.status,
			reason,
		)
		if row.status == "Sent":
			assert arrived[row.customer, row.as_of] == 1
		assert flt(row.closing, 2) == by_general_ledger(row.customer, row.as_of)
		assert StatementFigures.from_json(row.figures).content_hash() == row.content_hash
	for run in frappe.get_all(STATEMENT_RUN, {"schedule": f"Year {SEED}"}, ["status", "planned"]):
		assert run.status == "Done"
	doubtful = [row.notice for row in rows if row.status != "Sent"]
	assert len(decisions.confirm_arrived(doubtful)) == len(doubtful)


def moved(name: str, day: date) -> bool:
	"""Return whether a customer is due a statement: it owes something, or something moved in the month."""
	since = get_first_day(day)
	filters = {"party": name, "posting_date": ("between", (since, day)), "is_cancelled": 0}
	return bool(by_general_ledger(name, day)) or bool(frappe.db.exists("GL Entry", filters))


def lost_runs_are_taken_up() -> None:
	"""Have runs that are being planned have begun three hours earlier: one whose worker died is taken up after one."""
	frappe.db.commit()
	for run in frappe.get_all(STATEMENT_RUN, {"status": "Planning"}, ["name", "started_on"]):
		earlier = frappe.utils.add_to_date(get_datetime(run.started_on), hours=-3)
		frappe.db.set_value(STATEMENT_RUN, run.name, "started_on", earlier, update_modified=False)
	frappe.db.commit()


def received(mailbox: smtp.Mailbox, names: list[str], days: list[date]) -> Counter:  # noqa: F811
	"""Return how many mails arrived per customer and closing day, each with that day's balance in it."""
	found: Counter = Counter()
	for name in names:
		for message in mailbox.to(f"{frappe.scrub(name)}@debtor.example"):
			(day,) = [day for day in days if frappe.utils.formatdate(day) in message["Subject"]]
			assert fmt_money(by_general_ledger(name, day), currency="USD") in smtp.html(message)
			found[name, day] += 1
	return found
