"""The replay on a site's own ledger: by payment term, as the open items of every day were; and it writes nothing."""

from datetime import timedelta

import frappe
from frappe.utils import getdate

from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.dunning.replay import replay
from client_ledger.core.money import ZERO
from client_ledger.dunning.planning import replay as replaying
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, work

NAME = "Replay Ada"
TERMS = ((20, 50), (50, 30), (65, 20))


def past() -> list:
	return replaying.past_items_of(site_ledger(), COMPANY, getdate(), [NAME])


def books() -> None:
	"""Invoices in terms: paid by term, paid without one, credited, paid too much, and one due as a whole."""
	make_debtor(NAME)
	f.make_terms_template("Replay Terms", [(20, 50), (50, 50)], allocate=True)
	by_term = f.make_invoice(NAME, 1000, ago(90), template="Replay Terms")
	f.make_payment(NAME, 300, ago(60), against=[(by_term, 300, by_term.payment_schedule[1].payment_term)])
	plain = f.make_invoice(NAME, 400, ago(80), terms=TERMS)
	f.make_payment(NAME, 250, ago(40), against=[(plain, 250)])
	credited = f.make_invoice(NAME, 600, ago(80), terms=TERMS)
	f.make_credit_note(credited.name, 100, ago(50))
	f.make_payment(NAME, 500, ago(10), against=[(credited, 500)])
	whole = f.make_invoice(NAME, 70, ago(75), due_date=ago(45))
	f.make_payment(NAME, 70, ago(30), against=[(whole, 70)])


def test_what_was_open_of_each_term_is_what_the_open_items_of_every_day_are(mailbox):
	books()
	items = past()
	ledger = site_ledger()
	for days in range(95, -1, -5):
		day = getdate(ago(days))
		owed: dict = {}
		for item in ledger.open_items(Scope((COMPANY,), (NAME,)), day):
			if not item.is_credit:
				key = (item.voucher.name, item.due_date)
				owed[key] = owed.get(key, ZERO) + item.outstanding
		then = {(i.key.voucher.name, i.key.due_date): i.open_on(day)[0] for i in items if i.posted <= day}
		assert {key: amount for key, amount in then.items() if amount} == owed, day


def test_each_term_is_reminded_of_when_it_is_due(mailbox):
	make_debtor(NAME)
	f.make_invoice(NAME, 100, ago(60), terms=((20, 60), (50, 40)))
	policy = Policy("Once", 1, (Step(1, 3),))
	found = replay(past(), policy, getdate(ago(60)), getdate())
	assert [(m.day, [float(line.amount) for line in m.lines]) for m in found.messages] == [
		(getdate(ago(37)), [60.0]),
		(getdate(ago(7)), [40.0]),
	]


def test_planning_asks_for_the_terms_that_are_due(mailbox):
	make_debtor(NAME)
	f.make_invoice(NAME, 100, ago(40), terms=((20, 60), (50, 40)))
	make_policy(customers=[NAME], steps=[{"days": 3}])
	work()
	row = notice(NAME)
	assert row.total == 60
	assert [(getdate(item.due_date), item.outstanding) for item in row.items] == [(getdate(ago(20)), 60)]


def test_it_reads_only(mailbox):
	books()
	make_policy(customers=[NAME])
	before = {t: frappe.db.count(t) for t in ("Ledger Notice", "Communication", "Email Queue", "Dunning")}
	found = replaying.compare("Test Policy", COMPANY, 12, None)
	assert found["policy"]["messages"]
	assert (getdate(found["until"]) - getdate(found["since"])) >= timedelta(days=364)
	assert before == {t: frappe.db.count(t) for t in before}


def test_some_customers_at_a_time_give_all_of_them(mailbox):
	names = [f"Replay {i}" for i in range(3)]
	for name in names:
		make_debtor(name)
		f.make_invoice(name, 100, ago(60), due_date=ago(30))
	make_policy(customers=names)
	whole = replaying.compare("Test Policy", COMPANY, 2, None)
	assert whole["next"] is None and whole["read"] == frappe.db.count("Customer")
	parts, after = [], None
	while not parts or after:
		parts.append(replaying.compare("Test Policy", COMPANY, 2, None, after, 2))
		after = parts[-1]["next"]
	for which in ("policy", "against"):
		for figure in ("messages", "customers", "paid_anyway"):
			assert sum(part[which][figure] for part in parts) == whole[which][figure]
	assert whole["against"]["customers"] == 3
