"""Simulated days with payments, outages and kills: what arrived is what going through the days by hand gives."""

import random
from collections import defaultdict
from datetime import date

import frappe
from frappe.utils import getdate

from client_ledger.dunning import runs
from tests.bench import factories as f
from tests.bench.dunning.setting import ago, at, make_debtor, make_policy, notices
from tests.bench.dunning.smtp import flush
from tests.bench.dunning.test_killed import hours_pass, mailbox, process  # noqa: F401
from tests.unit.dunning.oracle import Bill, Rules, run

DAYS = 14
CUSTOMERS = 10
OUTAGE = {4, 5, 6, 7, 8}
KILLS = {1: "while_planning", 2: "while_sending", 3: "after_planning", 9: "between_batches"}
TEMPLATES = (
	"Client Ledger: Reminder (en)",
	"Client Ledger: Second Reminder (en)",
	"Client Ledger: Final Notice (en)",
)
SUBJECTS = ("a reminder about", "second reminder", "final notice")
STEPS = ((2, 0, 0), (5, 2, 0), (9, 3, 0))


def day(number: int) -> date:
	return getdate(at(number))


def make_bills(rng: random.Random, name: str) -> list[Bill]:
	"""Bill a customer twice, due around today."""
	found = []
	for _i in range(2):
		due, amount = rng.randint(-6, 6), rng.randint(50, 500)
		invoice = f.make_invoice(name, amount, ago(40), due_date=day(due))
		found.append(Bill(invoice.name, getdate(ago(40)), day(due), [(getdate(ago(40)), amount)]))
	return found


def test_a_fortnight(mailbox):  # noqa: F811
	rng = random.Random(7)
	frappe.db.delete("Dunning Run")
	names = [f"Fortnight {i}" for i in range(CUSTOMERS)]
	bills: dict[str, list[Bill]] = {}
	for name in names:
		make_debtor(name)
		bills[name] = make_bills(rng, name)
	steps = [
		{"days": days, "wait_days": wait, "email_template": template}
		for (days, wait, _minimum), template in zip(STEPS, TEMPLATES, strict=True)
	]
	make_policy("Fortnight", steps, customers=names)
	# Who pays what on which day, in the morning before anything is sent.
	payments = defaultdict(list)
	for name in rng.sample(names, 6):
		payments[rng.randint(1, DAYS - 1)].append((name, rng.choice(bills[name])))
	frappe.db.commit()
	mailbox.reset()

	for number in range(DAYS):
		for name, bill in payments[number]:
			invoice = frappe.get_doc("Sales Invoice", bill.name)
			f.make_payment(name, invoice.grand_total, day(number), against=[(invoice, invoice.grand_total)])
			bill.open_from.append((day(number), 0))
		frappe.db.commit()
		if number in OUTAGE:
			continue
		if number in KILLS:
			assert process(KILLS[number], at(number, 9)) in (0, -9)
			hours_pass()
		for hour in (13, 14):
			runs.work(at(number, hour), in_process=True)
			flush()
			frappe.db.commit()
	runs.work(at(DAYS - 1, 20), in_process=True)
	frappe.db.commit()

	expected, arrived = {}, {}
	worked = [day(number) for number in range(DAYS) if number not in OUTAGE]
	for name in names:
		expected[name] = [step for _day, step, _bills in run(bills[name], Rules(list(STEPS)), worked)]
		messages = mailbox.to(f"{frappe.scrub(name)}@debtor.example")
		arrived[name] = [
			1 + next(i for i, words in enumerate(SUBJECTS) if words in message["Subject"])
			for message in messages
		]
	assert arrived == expected
	assert sum(len(found) for found in arrived.values()) > CUSTOMERS
	assert not [n for name in names for n in notices(name, status="Failed")]
	# What the outage cost is on record, each with the day it would have been.
	lost = [n for name in names for n in notices(name, reason="Superseded") if not n.items]
	assert lost and all(day(3) < n.as_of < day(9) for n in lost)
	frappe.db.set_value("Dunning Policy", "Fortnight", "mode", "Off")
	frappe.db.commit()
