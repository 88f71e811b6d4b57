"""What brings cash besides open invoices: promises by their record, orders, deliveries, recurring invoices; and what came of them."""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_months, getdate

from client_ledger.collections.promises.reads import reliability_of, stored_promises
from client_ledger.core.forecast.items import CashSource, kept_share
from client_ledger.forecasts import api, making, store
from client_ledger.forecasts.items import items_of, known_since, read_facts, settings_of
from client_ledger.forecasts.lines import read_lines
from client_ledger.forecasts.recurring import planned_days, subscription_days
from client_ledger.forecasts.unbilled import to_bill
from tests.bench import factories as f

from .books import SUNDAY, TODAY

COMPANY = "Cash Sources Company"
RELIABLE, BROKEN, ORDERS, YEN = "Cash Reliable", "Cash Broken", "Cash Orders", "Cash Yen"
pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]


def days(number: int):
	return SUNDAY + timedelta(days=number)


@pytest.fixture(scope="module", autouse=True)
def books():
	f.make_company(COMPANY, "CSC")
	for customer in (RELIABLE, BROKEN, ORDERS):
		f.make_customer(customer)
	f.make_customer(YEN, currency="JPY", companies=[COMPANY])
	for number in range(8):
		posted = days(-200 + 20 * number)
		invoice = f.make_invoice(ORDERS, 100, posted, COMPANY)
		f.make_payment(ORDERS, 100, posted + timedelta(days=33), COMPANY, against=[(invoice, 100)])


def facts(day=SUNDAY):
	return read_facts(COMPANY, day, read_lines(COMPANY, TODAY), settings_of(COMPANY))


def found(source: CashSource, currency="USD", day=SUNDAY):
	return [item for item in items_of(facts(day), currency) if item.source is source]


def promise(customer, invoice, amount, due, status="Open", received=0.0, decided_on=None):
	"""A promise as it is stored: promises of earlier days cannot be taken today."""
	doc = frappe.get_doc(
		{
			"doctype": "Promise to Pay",
			"customer": customer,
			"company": COMPANY,
			"currency": "USD",
			"made_on": days(-20),
			"status": status,
			"amount": amount,
			"base_amount": amount,
			"received": received,
			"first_due": due,
			"next_due": due,
			"last_due": due,
			"decided_on": decided_on,
			"items": [{"voucher_type": "Sales Invoice", "voucher_no": invoice, "amount": amount}],
			"instalments": [{"due_date": due, "amount": amount, "received": received, "status": status}],
		}
	)
	doc.set_new_name()
	doc.db_insert()
	for row in (*doc.items, *doc.instalments):
		row.parent, row.parenttype = doc.name, doc.doctype
		row.set_new_name()
		row.db_insert()
	return doc


class TestPromises:
	def test_a_promise_counts_on_its_day_as_far_as_the_customers_promises_are_kept(self):
		promised, shares = {}, {}
		for customer, status, got in ((RELIABLE, "Kept", 80.0), (BROKEN, "Broken", 0.0)):
			old = f.make_invoice(customer, 80, days(-100), COMPANY)
			for _number in range(3):
				promise(customer, old.name, 80, days(-15), status, got, days(-14))
			invoice = f.make_invoice(customer, 300, days(-60), COMPANY)
			promise(customer, invoice.name, 200, days(17))
			promised[customer] = invoice.name
		items = {item.customer: item for item in found(CashSource.PROMISE)}
		rows = [row for row in stored_promises() if row.company == COMPANY and row.decided_on]
		usual = float(reliability_of(rows).score)
		for customer in (RELIABLE, BROKEN):
			item = items[customer]
			assert (item.reference, item.amount) == (promised[customer], 200)
			own = float(reliability_of([row for row in rows if row.customer == customer]).score)
			shares[customer] = kept_share(own, 3, usual)
			# Day 17 is in the third week: what is not kept comes as the invoice would.
			assert item.shares[2] >= shares[customer] and item.shares[2] < shares[customer] + 0.3
		assert shares[RELIABLE] > shares[BROKEN] + 0.2
		rest = [i for i in found(CashSource.INVOICE) if i.reference in promised.values()]
		assert sorted(item.amount for item in rest) == [100, 100]

	def test_an_instalment_plan_is_laid_over_its_invoices(self):
		first = f.make_invoice(RELIABLE, 100, days(-50), COMPANY)
		second = f.make_invoice(RELIABLE, 100, days(-40), COMPANY)
		doc = promise(RELIABLE, first.name, 100, days(5))
		extra = frappe.get_doc("Promise to Pay", doc.name)
		row = extra.append(
			"items", {"voucher_type": "Sales Invoice", "voucher_no": second.name, "amount": 50}
		)
		part = extra.append("instalments", {"due_date": days(40), "amount": 50, "status": "Open"})
		extra.instalments[0].db_set("amount", 100)
		for one in (row, part):
			one.set_new_name()
			one.db_insert()
		items = {
			i.reference: i for i in found(CashSource.PROMISE) if i.reference in (first.name, second.name)
		}
		assert (items[first.name].amount, items[second.name].amount) == (100, 50)
		assert items[first.name].shares[0] > items[first.name].shares[5]
		assert max(range(13), key=lambda week: items[second.name].shares[week]) == 5


class TestNotBilled:
	def test_an_order_joins_after_the_time_billing_takes(self):
		for number in range(6):
			order = f.make_order(ORDERS, 50, days(-150 + 10 * number), COMPANY)
			f.bill_order(order, days(-150 + 10 * number + 14))
		order = f.make_order(ORDERS, 700, days(-4), COMPANY)
		item = next(i for i in found(CashSource.ORDER) if i.reference == order.name)
		assert item.amount == 700
		# Billed about ten days on, due after thirty, paid three days late: in the sixth or seventh week.
		assert max(range(13), key=lambda week: item.shares[week]) in (5, 6)
		assert sum(item.shares[:3]) < 0.1

	def test_of_an_order_billed_in_part_the_rest_and_as_of_its_day_all_of_it(self):
		order = f.make_order(ORDERS, 400, days(-30), COMPANY)
		invoice = f.bill_order(order, days(-8), submit=False)
		invoice.items[0].rate = 100
		invoice.save()
		invoice.submit()
		terms = read_lines(COMPANY, TODAY).terms

		def amount(day):
			rows = [item for _c, item in to_bill(COMPANY, day, terms).items if item.reference == order.name]
			return rows[0].amount if rows else 0

		assert amount(SUNDAY) == pytest.approx(300)
		assert amount(days(-9)) == pytest.approx(400)
		assert amount(days(-31)) == 0

	def test_a_delivery_without_an_order(self):
		note = f.make_delivery(ORDERS, 250, days(-3), COMPANY)
		item = next(i for i in found(CashSource.DELIVERY) if i.reference == note.name)
		assert item.amount == 250 and sum(item.shares) > 0

	def test_a_document_in_a_third_currency_is_named_and_not_guessed(self):
		f.make_invoice(YEN, 10_000, days(-20), COMPANY)
		order = f.make_order(YEN, 500, days(-3), COMPANY, currency="JPY")
		# As where the customer was billed in pounds before it had an account in yen.
		frappe.db.set_value("Sales Order", order.name, "currency", "GBP")
		there = facts()
		assert order.name in there.left_out
		assert all(item.reference != order.name for items in there.unbilled.values() for item in items)

	def test_an_order_in_dollars_of_who_owes_yen_is_left_out_and_in_yen_counts(self):
		f.make_invoice(YEN, 10_000, days(-20), COMPANY)
		order = f.make_order(YEN, 90_000, days(-3), COMPANY, currency="JPY")
		item = next(i for i in found(CashSource.ORDER, "JPY") if i.reference == order.name)
		assert item.amount == 90_000


class TestRecurring:
	def test_an_auto_repeat_bills_every_month(self):
		invoice = f.make_invoice(ORDERS, 120, days(-20), COMPANY)
		repeat = frappe.get_doc(
			{
				"doctype": "Auto Repeat",
				"reference_doctype": "Sales Invoice",
				"reference_document": invoice.name,
				"frequency": "Monthly",
				"start_date": TODAY,
				"submit_on_creation": 1,
			}
		)
		frappe.db.set_value("DocType", "Sales Invoice", "allow_auto_repeat", 1)
		repeat.insert()
		items = [i for i in found(CashSource.REPEAT) if i.reference.startswith(repeat.name)]
		first = getdate(frappe.db.get_value("Auto Repeat", repeat.name, "next_schedule_date"))
		expected = [d for n in range(4) if (d := getdate(add_months(first, n))) <= days(91)]
		assert [i.reference for i in items] == [f"{repeat.name} {day}" for day in expected]
		assert {i.amount for i in items} == {120}
		assert sum(items[0].shares) > sum(items[-1].shares)

	def test_a_subscription_bills_by_its_plans(self):
		plan = frappe.get_doc(
			{
				"doctype": "Subscription Plan",
				"plan_name": "Cash Plan",
				"item": f.make_item().name,
				"currency": "USD",
				"price_determination": "Fixed Rate",
				"cost": 75,
				"billing_interval": "Month",
				"billing_interval_count": 1,
			}
		).insert()
		doc = frappe.get_doc(
			{
				"doctype": "Subscription",
				"party_type": "Customer",
				"party": ORDERS,
				"company": COMPANY,
				"start_date": TODAY,
				"generate_invoice_at": "End of the current subscription period",
				"plans": [{"plan": plan.name, "qty": 2}],
			}
		).insert()
		items = [i for i in found(CashSource.REPEAT) if i.reference.startswith(doc.name)]
		assert len(items) in (2, 3) and {i.amount for i in items} == {150}
		assert items[0].reference == f"{doc.name} {getdate(doc.current_invoice_end)}"

	def test_days_of_a_schedule(self):
		row = frappe._dict(
			frequency="Weekly", start_date=days(3), next_schedule_date=days(3), end_date=days(20)
		)
		assert list(planned_days(row, SUNDAY, days(91))) == [days(3), days(10), days(17)]
		row = frappe._dict(
			current_invoice_start=days(-10),
			current_invoice_end=days(19),
			generate_invoice_at="Beginning of the current subscription period",
			end_date=None,
		)
		found_days = list(subscription_days(row, ("Day", 30), days(-10), SUNDAY, days(91)))
		assert found_days == [days(20), days(50), days(80)]
		# A period that should have been billed already is billed next.
		assert list(subscription_days(row, ("Day", 30), None, SUNDAY, days(30))) == [days(1), days(20)]
		row.cancel_at_period_end = 1
		assert list(subscription_days(row, ("Day", 30), days(-10), SUNDAY, days(91))) == []


class TestWhatCame:
	def test_of_an_order_known_on_the_day_its_invoice_counts_and_of_others_not(self):
		before = days(-28)
		order = f.make_order(ORDERS, 60, before - timedelta(days=2), COMPANY)
		billed = f.bill_order(order, before + timedelta(days=3))
		later = f.make_invoice(ORDERS, 40, before + timedelta(days=3), COMPANY)
		for invoice, amount in ((billed, 60), (later, 40)):
			f.make_payment(ORDERS, amount, before + timedelta(days=9), COMPANY, against=[(invoice, amount)])
		lines = read_lines(COMPANY, TODAY)
		since = known_since(COMPANY, before)
		assert since[billed.name] == before - timedelta(days=2) and later.name not in since
		of = [line for line in lines.lines["USD"] if line.reference in (billed.name, later.name)]
		came = making.came_of(of, before, lines.parts, since)
		assert came.all[1] == 60 and came.of_invoices == (0.0,) * 13

	def test_of_what_was_paid_at_the_counter_in_part_the_rest_is_owed(self):
		posted = days(-30)
		invoice = f.make_pos_invoice(ORDERS, 100, posted, 40, COMPANY)
		f.make_payment(ORDERS, 60, posted + timedelta(days=9), COMPANY, against=[(invoice, 60)])
		lines = read_lines(COMPANY, TODAY)
		assert lines.parts[invoice.name] == ((posted, 40), (posted + timedelta(days=9), 60))
		of = [line for line in lines.lines["USD"] if line.reference == invoice.name]
		assert making.came_of(of, posted, lines.parts, {}).all[:3] == (0, 60, 0)

	def test_a_credit_note_settles_and_a_cancelled_payment_does_not(self):
		posted = days(-30)
		invoice = f.make_invoice(ORDERS, 100, posted, COMPANY)
		f.make_credit_note(invoice.name, 30, posted + timedelta(days=3))
		f.make_payment(ORDERS, 20, posted + timedelta(days=4), COMPANY, against=[(invoice, 20)]).cancel()
		lines = read_lines(COMPANY, TODAY)
		assert lines.parts[invoice.name] == ((posted + timedelta(days=3), 30),)

	def test_forecasts_with_all_sources_are_kept_and_scored(self):
		f.make_order(ORDERS, 900, days(-40), COMPANY)
		assert making.bring_up_to_date(COMPANY, days(-6), 1e9)
		assert making.bring_up_to_date(COMPANY, TODAY, 1e9)
		(one,) = [
			one
			for one in store.kept_forecasts(COMPANY, "USD")
			if one.day == days(-7) and one.origin == store.WEEKLY
		]
		assert sum(week.expected for week in one.made.weeks) > sum(one.made.plain)


class TestOnAccount:
	def test_what_is_on_account_is_not_expected_again_and_the_page_says_so(self):
		company, customer = "Cash Credit Company", "Cash Credit"
		f.make_company(company, "CCC")
		f.make_customer(customer)
		older = f.make_invoice(customer, 100, days(-40), company, due_date=days(-10))
		newer = f.make_invoice(customer, 100, days(-20), company, due_date=days(10))
		order = f.make_order(customer, 300, days(-3), company)
		assert making.bring_up_to_date(company, SUNDAY - timedelta(days=6), 1e9)

		def owed() -> dict[str, float]:
			there = read_facts(company, SUNDAY, read_lines(company, TODAY), settings_of(company))
			return {item.reference: item.amount for item in items_of(there, "USD")}

		assert owed() == {older.name: 100, newer.name: 100, order.name: 300}
		f.make_payment(customer, 130, days(-2), company=company)
		assert owed() == {newer.name: 70, order.name: 300}
		f.make_payment(customer, 150, days(-1), company=company)
		assert owed() == {order.name: 220}
		assert making.bring_up_to_date(company, TODAY, 1e9)
		page = api.get_forecast(company=company)
		assert page["set_off"] == 280
		assert sum(week["expected"] for week in page["weeks"]) + page["later"] == pytest.approx(220)
