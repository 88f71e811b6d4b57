"""Disputes on a site: just that amount is not chased, and nobody disputes the same money twice."""

from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.collections import disputes
from client_ledger.credit.check.facts import read_facts
from client_ledger.credit.grades.trade import trade_lines
from client_ledger.dunning.planning import plan_facts
from client_ledger.ledger_tab import api
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, REASON, claims, of, overdue, refreshed, row
from tests.bench.dunning.setting import make_policy

TODAY = nowdate()


def dispute(name, *rows, **more):
	return disputes.open_dispute(name, COMPANY, list(rows), REASON, **more)


def test_a_dispute_gets_its_owner_and_due_date_and_shows_on_the_account():
	(one,) = overdue("Disputes One", 500)
	doc = dispute("Disputes One", row(one, 120))
	assert (doc.status, doc.amount, doc.currency) == ("Open", 120, one.currency)
	assert str(doc.due_date) == add_days(TODAY, 7) and doc.responsible == "Administrator"
	account = of("Disputes One")
	assert (account.disputed, account.overdue) == (120, 500)


def test_the_ledger_tab_says_what_is_in_dispute():
	one, two = overdue("Disputes Tab", 500, 300)
	dispute("Disputes Tab", row(one, 120))
	for open_only in (False, True):
		page = api.customer_ledger_page("Disputes Tab", COMPANY, open_only=open_only)
		shown = {line["name"]: line["disputed"] for line in page["lines"]}
		assert shown == {one.name: 120, two.name: 0}
		html = api.customer_ledger_print("Disputes Tab", COMPANY, open_only=open_only)
		assert html.get_data(as_text=True).count("· Disputed") == 1
	earlier = api.customer_ledger_page("Disputes Tab", COMPANY, as_of=add_days(TODAY, -1))
	assert not any(line["disputed"] for line in earlier["lines"])


def test_the_same_money_is_not_disputed_twice():
	(one,) = overdue("Disputes Twice", 500)
	first = dispute("Disputes Twice", row(one, 300))
	with refused(match=rf"Row 1.*{first.name}"):
		dispute("Disputes Twice", row(one, 201))
	dispute("Disputes Twice", row(one, 200))
	with refused(match=r"Row 1.*exceeds the outstanding"):
		dispute("Disputes Twice", row(one, 501))
	with refused(match="Select the"):
		dispute("Disputes Twice")


def test_a_part_is_taken_off_the_reminder_and_all_of_it_stops_it():
	one, two = overdue("Disputes Dunned", 500, 200)
	make_policy("Disputes Policy", customers=["Disputes Dunned"])
	dispute("Disputes Dunned", row(one, 120), row(two))
	facts = plan_facts.read_facts(COMPANY, ["Disputes Dunned"], getdate())
	(notice,) = facts.plan()
	assert (notice.total, [line.key.voucher.name for line in notice.lines]) == (Decimal(380), [one.name])
	assert [reason.value for _line, reason in notice.withheld] == ["Disputed"]


def test_it_is_off_the_hold_and_off_the_statistics_but_not_off_ageing():
	(one,) = overdue("Disputes Held", 500, days=70)
	order = f.make_order("Disputes Held", 10, submit=False)
	assert read_facts(order, locked=False).facts.overdue == 500
	dispute("Disputes Held", row(one))
	facts = read_facts(order, locked=False).facts
	assert (facts.overdue, facts.oldest_days, facts.exposure.total) == (0, 0, 500)
	(line,) = trade_lines(
		COMPANY, getdate(), ["Disputes Held"], disputed=disputes.invoices_in_dispute(COMPANY)
	)
	assert line.disputed
	refreshed("Disputes Held")
	assert of("Disputes Held").bucket_3 == 500


def test_rejected_chasing_resumes_where_it_stood():
	(one,) = overdue("Disputes Rejected", 500)
	doc = dispute("Disputes Rejected", row(one))
	assert [claim.reason.value for claim in claims("Disputes Rejected")] == ["Disputed"]
	disputes.start_review(doc.name)
	with refused(match="Resolution"):
		disputes.settle(doc.name, "Rejected", " ")
	disputes.settle(doc.name, "Rejected", "Delivered as ordered")
	assert not claims("Disputes Rejected") and of("Disputes Rejected").disputed == 0
	with refused(match="already closed"):
		disputes.settle(doc.name, "Accepted", "After all")


def test_a_credit_note_of_the_same_amount_ends_it_and_is_linked():
	(one,) = overdue("Disputes Credited", 500)
	doc = dispute("Disputes Credited", row(one, 120))
	note = f.make_credit_note(one.name, 120)
	doc.reload()
	assert (doc.status, doc.credit_note) == ("Credited", note.name)


def test_a_credit_note_is_linked_by_hand_where_amounts_differ():
	one, two = overdue("Disputes By Hand", 500, 100)
	doc = dispute("Disputes By Hand", row(one, 120))
	note, other = f.make_credit_note(one.name, 100), f.make_credit_note(two.name, 10)
	assert frappe.db.get_value("Ledger Dispute", doc.name, "status") == "Open"
	with refused(match="not part of this dispute"):
		disputes.credit(doc.name, other.name)
	with refused(match="not a submitted credit note"):
		disputes.credit(doc.name, one.name)
	disputes.credit(doc.name, note.name)
	assert frappe.db.get_value("Ledger Dispute", doc.name, "status") == "Credited"


def test_what_is_claimed_stands():
	(one,) = overdue("Disputes Stand", 500)
	doc = dispute("Disputes Stand", row(one, 120))
	doc.items[0].amount = 300
	with pytest.raises(frappe.ValidationError, match="Disputed items cannot be changed"):
		doc.save()
