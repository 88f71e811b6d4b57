"""A customer that is renamed or merged: everything of it is the surviving one's, and nothing is sent twice."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.collections import disputes
from client_ledger.collections.promises.controller import take_promise
from client_ledger.dunning.planning.notice_writer import plan_customers
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	DUNNING_BLOCK,
	LEDGER_ARCHIVE,
	LEDGER_NOTICE,
	REFRESH_MARK,
)
from tests.bench import factories as f
from tests.bench.accounts import account, check, marked, refresh
from tests.bench.collections.setting import REASON
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notices, work
from tests.bench.dunning.smtp import flush

OLD, NEW = "Merger Elm", "Merger Oak"
OTHER = "Second Test Company"


@pytest.fixture
def two(mailbox):
	"""Two customers that owe, each with a contact of its own, the old one's newer and marked for billing as well."""
	f.make_company(OTHER)
	for name in (NEW, OLD):
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	f.make_invoice(OLD, 7, ago(40), OTHER, due_date=ago(10))
	refresh()
	return mailbox


def everything_of(customer: str) -> dict[str, int]:
	"""Return how many rows of each DocType of the app name a customer."""
	found = {}
	for doctype, fieldname in frappe.get_all(
		"DocField",
		{"options": "Customer", "fieldtype": "Link", "parenttype": "DocType"},
		["parent", "fieldname"],
		as_list=True,
		order_by="parent",
	):
		# A change of name is kept in the archive, which grows by it.
		if frappe.get_meta(doctype).module == "Client Ledger" and doctype != LEDGER_ARCHIVE:
			found[doctype] = found.get(doctype, 0) + frappe.db.count(doctype, {fieldname: customer})
	return {doctype: count for doctype, count in found.items() if count}


def entries_of(customer: str) -> list[int]:
	return [
		frappe.db.count(doctype, {"party_type": "Customer", "party": customer})
		for doctype in ("Payment Ledger Entry", "GL Entry")
	]


def claims_of(customer: str) -> None:
	"""A promise, a dispute, a block, and a limit of a customer."""
	(invoice,) = frappe.get_all(
		"Sales Invoice", {"customer": customer, "company": COMPANY}, pluck="name", order_by="name"
	)
	row = {"voucher_type": "Sales Invoice", "voucher_no": invoice}
	take_promise(
		customer, COMPANY, [{**row, "amount": 40}], [{"due_date": add_days(nowdate(), 3), "amount": 40}]
	)
	disputes.open_dispute(customer, COMPANY, [{**row, "amount": 30}], REASON)
	frappe.get_doc(
		{
			"doctype": DUNNING_BLOCK,
			"customer": customer,
			"reason": "Goodwill",
			"from_date": ago(9),
			"until": ago(1),
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Credit Limit",
			"customer": customer,
			"company": COMPANY,
			"limit_type": "Temporary",
			"amount": 900,
			"valid_from": nowdate(),
			"valid_to": add_days(nowdate(), 9),
			"reason": "Season",
		}
	).insert()


def test_renamed(two):
	make_policy(customers=[OLD, NEW], mode="Approve")
	claims_of(OLD)
	work()
	before, entries = everything_of(OLD), entries_of(OLD)
	assert {"Client Account", "Promise to Pay", "Ledger Dispute", "Credit Limit"} <= before.keys()
	frappe.rename_doc("Customer", OLD, "Merger Ash", force=True)
	assert everything_of("Merger Ash") == before and everything_of(OLD) == {}
	assert entries_of("Merger Ash") == entries and entries_of(OLD) == [0, 0]
	assert marked() >= {"Merger Ash"}
	refresh()
	assert not check(["Merger Ash"]).mismatches
	assert account("Merger Ash").balance == 100


def test_merged_everything_is_the_survivors(two):
	make_policy(customers=[NEW], mode="Approve")
	claims_of(OLD)
	old, new, entries = everything_of(OLD), everything_of(NEW), entries_of(OLD)
	frappe.rename_doc("Customer", OLD, NEW, merge=True, force=True)
	assert everything_of(OLD) == {}
	assert entries_of(OLD) == [0, 0] and entries_of(NEW)[0] >= entries[0]
	found = everything_of(NEW)
	for doctype in old:
		if doctype != CLIENT_ACCOUNT:
			assert found[doctype] == old[doctype] + new.get(doctype, 0), doctype
	for doctype in found:
		if frappe.get_meta(doctype).has_field("customer_name"):
			names = set(frappe.get_all(doctype, {"customer": NEW}, pluck="customer_name"))
			assert names == {NEW}, doctype
	assert NEW in marked()
	refresh()
	assert frappe.db.count(REFRESH_MARK, {"customer": ("in", [OLD, NEW])}) == 0
	assert sorted(frappe.get_all(CLIENT_ACCOUNT, {"customer": NEW}, pluck="company")) == sorted(
		[COMPANY, OTHER]
	)
	assert (account(NEW).balance, account(NEW, OTHER).balance, account(OLD)) == (200, 7, None)
	assert not check([NEW]).mismatches


def test_merged_what_was_planned_is_planned_again_for_the_survivor_and_its_own_contact(two):
	make_policy(customers=[OLD, NEW])
	plan_customers(COMPANY, [OLD, NEW], getdate())
	assert {row.customer for row in open_notices(OLD, NEW)} == {OLD, NEW}
	frappe.db.delete("Dunning Policy Scope", {"customer": OLD})
	frappe.rename_doc("Customer", OLD, NEW, merge=True, force=True)
	assert open_notices(OLD, NEW) == []
	plan_customers(COMPANY, [NEW], getdate())
	(planned,) = open_notices(OLD, NEW)
	assert (planned.customer, planned.customer_name, planned.total) == (NEW, NEW, 200)
	work(0, 11)
	flush()
	assert len(two.to(f"{frappe.scrub(NEW)}@debtor.example")) == 1
	assert two.to(f"{frappe.scrub(OLD)}@debtor.example") == []


def test_merged_after_sending_nothing_is_sent_twice(two):
	make_policy(customers=[OLD, NEW], steps=[{"days": 3}])
	work()
	flush()
	work(0, 11)
	assert len(two.received) == 2
	frappe.db.delete("Dunning Policy Scope", {"customer": OLD})
	frappe.rename_doc("Customer", OLD, NEW, merge=True, force=True)
	for days in (0, 1, 8):
		work(days, 12)
		flush()
	assert len(two.received) == 2
	assert {row.status for row in notices(NEW)} == {"Sent"}


def test_a_customer_without_contacts_gets_those_of_the_merged_one(mailbox):
	make_debtor(NEW, None)
	make_debtor(OLD)
	for name in (NEW, OLD):
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(customers=[NEW])
	frappe.rename_doc("Customer", OLD, NEW, merge=True, force=True)
	work()
	flush()
	assert len(mailbox.to(f"{frappe.scrub(OLD)}@debtor.example")) == 1


def open_notices(*customers: str) -> list[frappe._dict]:
	return frappe.get_all(
		LEDGER_NOTICE,
		{"customer": ("in", customers), "open_key": ("is", "set")},
		["customer", "customer_name", "total", "status"],
		order_by="creation",
	)
