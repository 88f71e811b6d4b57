"""Promises on a site: refused where nobody could keep them, decided by the money that came."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.collections import account_sync, worklist
from client_ledger.collections.promises.controller import cancel_promise, take_promise
from client_ledger.collections.promises.settle import settle_promises
from tests.bench import factories as f
from tests.bench.collections.setting import COMPANY, ago, claims, of, overdue, refreshed, row

TODAY = nowdate()


def promise(name, invoices, *parts, **more):
	parts = parts or ((add_days(TODAY, 3), sum(invoice.grand_total for invoice in invoices)),)
	return take_promise(
		name,
		COMPANY,
		[row(invoice) for invoice in invoices],
		[{"due_date": day, "amount": amount} for day, amount in parts],
		**more,
	)


def test_a_promise_is_filled_in_and_shown_on_the_account():
	(one,) = overdue("Promises One", 500)
	doc = promise("Promises One", [one])
	assert (doc.status, doc.amount, doc.currency, doc.grace_days, doc.tolerance) == (
		"Open",
		500,
		one.currency,
		2,
		1,
	)
	account = of("Promises One")
	assert (account.promised, str(account.next_promise_on)) == (500, add_days(TODAY, 3))
	assert worklist.of_customer("Promises One", COMPANY)["off"] == "Promise Open"


@pytest.mark.parametrize(
	("parts", "text"),
	[
		(((ago(1), 500),), "in the past"),
		(((add_days(TODAY, 3), 300),), "must match"),
		(((add_days(TODAY, 9), 200), (add_days(TODAY, 3), 300)), "must be after"),
		(((add_days(TODAY, 3), -500),), "greater than 0"),
	],
)
def test_a_plan_that_cannot_be_kept_is_refused(parts, text):
	(one,) = overdue("Promises Bad", 500)
	with pytest.raises(frappe.ValidationError, match=text):
		promise("Promises Bad", [one], *parts)


def test_items_are_checked_against_the_ledger():
	(one,) = overdue("Promises Items", 500)
	(other,) = overdue("Promises Other", 100)
	with pytest.raises(frappe.ValidationError, match=r"Row 1.*is not an open item"):
		promise("Promises Items", [other], (add_days(TODAY, 3), 100))
	with pytest.raises(frappe.ValidationError, match=r"Row 1.*exceeds the outstanding"):
		take_promise(
			"Promises Items", COMPANY, [row(one, 600)], [{"due_date": add_days(TODAY, 3), "amount": 600}]
		)
	with pytest.raises(frappe.ValidationError, match=r"Row 2.*more than once"):
		promise("Promises Items", [one, one], (add_days(TODAY, 3), 1000))
	with pytest.raises(frappe.ValidationError, match="Select the"):
		take_promise("Promises Items", COMPANY, [], [{"due_date": add_days(TODAY, 3), "amount": 600}])
	promise("Promises Items", [one])
	with pytest.raises(frappe.ValidationError, match="already covered"):
		promise("Promises Items", [one])


def test_kept_by_a_payment_and_broken_again_when_it_is_taken_back():
	(one,) = overdue("Promises Kept", 500)
	doc = promise("Promises Kept", [one])
	payment = f.pay(one, TODAY)
	assert settle_promises(["Promises Kept"]) == []
	assert frappe.db.get_value("Promise to Pay", doc.name, ["status", "received"]) == ("Kept", 500)
	payment.cancel()
	settle_promises(["Promises Kept"])
	assert frappe.db.get_value("Promise to Pay", doc.name, ["status", "received"]) == ("Open", 0)


def test_money_on_account_counts_once():
	one, two = overdue("Promises Account", 300, 300)
	first, second = promise("Promises Account", [one]), promise("Promises Account", [two])
	f.make_payment("Promises Account", 300)
	settle_promises(["Promises Account"])
	statuses = {
		name: frappe.db.get_value("Promise to Pay", name, "status") for name in (first.name, second.name)
	}
	assert statuses == {first.name: "Kept", second.name: "Open"}


def test_what_was_there_before_the_promise_does_not_keep_it():
	(one,) = overdue("Promises Before", 500)
	f.pay(one, TODAY, 200)
	refreshed("Promises Before")
	doc = promise("Promises Before", [one], (add_days(TODAY, 3), 300))
	settle_promises(["Promises Before"])
	assert frappe.db.get_value("Promise to Pay", doc.name, ["status", "received"]) == ("Open", 0)


@pytest.mark.parametrize(
	("paid", "status"), [(0, "Broken"), (200, "Partly Kept"), (496, "Kept"), (500, "Kept")]
)
def test_decided_after_the_days_of_grace(paid, status):
	name = f"Promises Due {paid}"
	(one,) = overdue(name, 500)
	doc = promise(name, [one])
	if paid:
		f.pay(one, TODAY, paid)
	day = getdate(add_days(TODAY, 3))
	settle_promises([name], getdate(add_days(day, 2)))
	assert frappe.db.get_value("Promise to Pay", doc.name, "status") == (
		"Kept" if status == "Kept" else "Open"
	)
	failed = settle_promises([name], getdate(add_days(day, 3)))
	assert frappe.db.get_value("Promise to Pay", doc.name, "status") == status
	assert failed == ([doc.name] if status in ("Broken", "Partly Kept") else [])


def test_credited_instead_of_paid_is_held_against_nobody():
	(one,) = overdue("Promises Credited", 500)
	doc = promise("Promises Credited", [one])
	f.make_credit_note(one.name)
	settle_promises(["Promises Credited"], getdate(add_days(TODAY, 30)))
	assert frappe.db.get_value("Promise to Pay", doc.name, "status") == "Settled by Other Means"


def test_an_instalment_plan_breaks_with_its_first_missed_part():
	(one,) = overdue("Promises Plan", 600)
	doc = promise("Promises Plan", [one], (add_days(TODAY, 1), 200), (add_days(TODAY, 10), 400))
	f.pay(one, TODAY, 200)
	settle_promises(["Promises Plan"], getdate(add_days(TODAY, 5)))
	doc.reload()
	assert [part.status for part in doc.instalments] == ["Kept", "Open"] and doc.status == "Open"
	assert str(doc.next_due) == add_days(TODAY, 10)
	settle_promises(["Promises Plan"], getdate(add_days(TODAY, 13)))
	doc.reload()
	assert (doc.status, doc.missing) == ("Partly Kept", 400)
	account_sync.sync_accounts(["Promises Plan"])
	account = of("Promises Plan")
	assert (account.broken_promises, account.promises_over) == (
		1,
		1,
	) and 0 < account.promise_reliability < 100


def test_what_is_promised_is_not_dunned_meanwhile():
	one, _two = overdue("Promises Dunned", 300, 400)
	promise("Promises Dunned", [one])
	found = [claim for claim in claims("Promises Dunned") if claim.voucher]
	assert [(claim.voucher.name, claim.reason.value) for claim in found] == [(one.name, "Promised")]
	assert str(found[0].until) == add_days(TODAY, 5)


def test_a_promise_stands_and_is_cancelled_with_a_reason():
	(one,) = overdue("Promises Stand", 500)
	doc = promise("Promises Stand", [one])
	doc.grace_days = 9
	with pytest.raises(frappe.ValidationError, match="recorded promise cannot be changed"):
		doc.save()
	with pytest.raises(frappe.ValidationError, match="Enter a reason"):
		cancel_promise(doc.name, " ")
	cancel_promise(doc.name, "They paid another invoice")
	assert frappe.db.get_value("Promise to Pay", doc.name, "status") == "Cancelled"
	assert of("Promises Stand").promised == 0
	with pytest.raises(frappe.ValidationError, match="Only an open promise"):
		cancel_promise(doc.name, "Again")
