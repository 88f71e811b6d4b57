"""Nobody sees another's: every function of the portal, found by itself, is tried with ids and links that are not the visitor's."""

import inspect
import random
from collections.abc import Callable

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.guest_links import links
from client_ledger.portal import access
from tests.bench import factories as f
from tests.bench.doors.http import Answer, call
from tests.bench.doors.test_fuzz import SEED, is_answered, mutated
from tests.bench.portal.papers import sent_confirmation, sent_statement
from tests.bench.portal.setting import (
	ADA,
	BOB,
	COMPANY,
	SECOND,
	as_user,
	forget_counts,
	make_account,
	make_link,
	make_portal_user,
	name_of,
	row,
	switch,
	told,
)
from tests.permissions import requirements_of, whitelisted

FUNCTIONS = {
	path: function
	for path, function in whitelisted().items()
	if any(isinstance(one, access.PortalRight) for one in requirements_of(function) or ())
}
ACTIONS = {path for path, function in FUNCTIONS.items() if requirements_of(function)[0].acts}
REFUSED = 403
BAD_REQUESTS = 15


def test_every_function_a_guest_may_call_goes_through_the_one_place():
	of_package = [path for path in whitelisted() if path.startswith("client_ledger.portal.api.")]
	assert sorted(FUNCTIONS) == sorted(of_package) and len(FUNCTIONS) >= 11
	for path in whitelisted():
		if ".portal." in path and path not in FUNCTIONS:
			assert whitelisted()[path] not in frappe.guest_methods, path
	assert {path for path, one in FUNCTIONS.items() if method(one) == "POST"} == ACTIONS


def method(function: Callable) -> str:
	(found,) = frappe.allowed_http_methods_for_whitelisted_func[function]
	return found


def good(portal, customer: str, path: str) -> dict:
	"""Return arguments that are fine for the user of *customer*."""
	invoice = portal.invoices[customer][0]
	names = {
		"customer": customer,
		"company": COMPANY,
		"name": named(portal, customer, path),
		"items": [row(invoice, 10 if "dispute" in path else invoice.outstanding_amount)],
		"reason": frappe.get_all("Dispute Reason", {"enabled": 1}, pluck="name", order_by="name")[0],
		"details": "Not ours",
		"day": add_days(nowdate(), 3),
		"notes": "New number",
		"file_format": "xlsx",
		"amount": 10,
		"currency": "USD",
		"reference": "T-1",
		"find": "SINV",
	}
	if path.endswith(".paid"):
		names["day"] = nowdate()
	return {name: names[name] for name in inspect.signature(FUNCTIONS[path]).parameters if name in names}


def named(portal, customer: str, path: str) -> str:
	if "confirmation" in path:
		return portal.confirmations[customer]
	return portal.statements[customer] if "statement" in path else portal.invoices[customer][0].name


def send(user: str, path: str, **sent: object) -> Answer:
	with as_user(user):
		return call(path, method(FUNCTIONS[path]), **sent)


@pytest.fixture
def portal(portal):
	"""With a statement and a confirmation of each customer that were sent."""
	portal.statements = {name: sent_statement(name) for name in (ADA, BOB)}
	portal.confirmations = {name: sent_confirmation(name) for name in (ADA, BOB)}
	return portal


@pytest.mark.parametrize("path", sorted(FUNCTIONS))
def test_what_is_ones_own_answers_and_what_is_anothers_does_not(portal, path):
	mine = good(portal, ADA, path)
	words = {
		BOB,
		portal.statements[BOB],
		portal.confirmations[BOB],
		*(one.name for one in portal.invoices[BOB]),
	}
	answer = send(portal.ada, path, **mine)
	if not path.endswith("pay_online"):
		assert answer.status == 200, answer
	assert not any(word in frappe.as_json(answer.data or {}) for word in words)
	for user in (portal.bob, portal.stranger, "Guest"):
		refused = send(user, path, **mine)
		assert refused.status == REFUSED, (user, refused)
		assert ADA not in refused.text.replace(user, "")
	colleague = f.make_user("clerk@portal.example", ("Accounts Manager", "Sales Manager")).name
	assert send(colleague, path, **mine).status == REFUSED
	# One's own customer with another's documents, and with those of a company that is not theirs.
	for swapped in (
		{"name": good(portal, BOB, path).get("name")},
		{"items": good(portal, BOB, path).get("items")},
	):
		if set(swapped) & set(mine):
			refused = send(portal.ada, path, **{**mine, **swapped})
			assert refused.status in (REFUSED, 417), refused
	for company in (SECOND, "No Such Company", "%"):
		assert send(portal.ada, path, **{**mine, "company": company}).status == REFUSED
	for customer in ("No Such Customer", "%", ADA.lower() + "x"):
		assert send(portal.ada, path, **{**mine, "customer": customer}).status == REFUSED


def bad_links(good_link: str) -> dict[str, str]:
	"""Return links that open nothing, by what is wrong with them."""
	expired = make_link(ADA, recipient="expired@x.example")
	frappe.db.set_value("Guest Link", name_of(expired), "expires_on", add_days(nowdate(), -1))
	revoked = make_link(ADA, recipient="revoked@x.example")
	links.revoke(name_of(revoked), "test")
	foreign = links.issue(
		links.CONFIRMATION,
		"Customer",
		ADA,
		ADA,
		COMPANY,
		getdate(add_days(nowdate(), 9)),
		"foreign@x.example",
	)
	other = make_link(BOB)
	last = good_link[-1]
	return {
		"altered": good_link[:-1] + ("A" if last != "A" else "B"),
		"another's name, one's own signature": name_of(other) + good_link[good_link.index("-") :],
		"no link": "x",
		"not text": "\u0001",
		"expired": expired,
		"revoked": revoked,
		"of another page": links.url(foreign).partition("link=")[2],
	}


@pytest.mark.parametrize("path", sorted(FUNCTIONS))
def test_links_open_their_own_account_to_readers_alone(portal, path):
	mine = good(portal, ADA, path)
	answer = send("Guest", path, **mine, link=portal.link)
	assert answer.status == (REFUSED if path in ACTIONS else 200), answer
	if path in ACTIONS:
		assert "Log in" in answer.text
	# A link is no login: who is logged in and uses one only reads, and only what the link is for.
	for user in ("Guest", portal.bob, portal.stranger):
		refused = send(user, path, **good(portal, BOB, path), link=portal.link)
		assert refused.status == REFUSED, (user, refused)
		assert BOB not in refused.text
	for wrong, link in bad_links(portal.link).items():
		for user in ("Guest", portal.ada):
			refused = send(user, path, **{**mine, "link": link})
			assert refused.status in (REFUSED, 417), (wrong, refused)
			assert "Ask" in refused.text or "ask" in refused.text or refused.status == 417, (
				wrong,
				refused.text,
			)
		forget_counts()


@pytest.mark.parametrize("path", sorted(FUNCTIONS))
def test_a_bad_request_is_answered_in_words(portal, path):
	chance, fine = random.Random(f"{SEED}|{path}"), good(portal, ADA, path)
	wanted = list(inspect.signature(FUNCTIONS[path]).parameters)
	for _number in range(BAD_REQUESTS):
		sent = dict(fine)
		for name in chance.sample(wanted, chance.randint(1, 2)):
			sent[name] = mutated(chance, sent.get(name))
		answer = send(portal.ada, path, **sent)
		assert is_answered(answer), (sent, answer.text[:300], answer.trace[-700:])
		assert BOB not in frappe.as_json(answer.data or {})
		forget_counts()


@pytest.mark.parametrize("path", sorted(FUNCTIONS))
def test_where_the_portal_is_off_nothing_answers(portal, path):
	mine = good(portal, ADA, path)
	switch(COMPANY, on=False)
	assert send(portal.ada, path, **mine).status == REFUSED
	assert send("Guest", path, **mine, link=portal.link).status == REFUSED


def test_who_guesses_links_has_to_wait(portal):
	answers = [
		send("Guest", "client_ledger.portal.api.get_overview", link=f"{'a' * 20}-{'b' * 32}")
		for _ in range(25)
	]
	assert answers[0].status == REFUSED and answers[-1].status == 429


def test_a_user_of_two_customers_chooses_and_one_of_two_companies_too(portal):
	f.make_company(SECOND)
	switch(SECOND)
	(invoice,) = make_account(ADA, 33, company=SECOND)
	both = make_portal_user("both@portal.example", ADA, BOB)
	with as_user(both):
		accounts = [(one["customer"], one["company"]) for one in access.accounts_of(both)]
	assert accounts == [(ADA, COMPANY), (ADA, SECOND), (BOB, COMPANY)]
	for customer, company in accounts:
		shown = told(both, "get_overview", customer=customer, company=company)
		assert (shown["customer"], shown["company"]) == (customer, company)
	assert [
		one["voucher_no"] for one in told(both, "get_overview", customer=ADA, company=SECOND)["items"]
	] == [invoice.name]
	# An invoice of the other company is not among the papers of this one.
	refused = send(
		both, "client_ledger.portal.api.invoice_file", name=invoice.name, customer=ADA, company=COMPANY
	)
	assert refused.status == REFUSED
	# A link is for one company.
	refused = send("Guest", "client_ledger.portal.api.get_overview", company=SECOND, link=portal.link)
	assert refused.status == REFUSED


def test_contacts_made_by_colleagues_let_in_and_those_made_by_oneself_do_not(portal):
	user = make_portal_user("contact@portal.example")
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Own",
			"user": user,
			"email_ids": [{"email_id": user, "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": ADA}],
		}
	)
	with as_user(user):
		contact.insert(ignore_permissions=True)
	assert access.customers_of(user) == []
	made = frappe.copy_doc(contact)
	made.owner = None
	made.insert()
	assert made.user == user
	assert access.customers_of(user) == [ADA]
	# Somebody who works here is no customer by a contact.
	frappe.db.set_value("User", user, "user_type", "System User")
	frappe.clear_cache(user=user)
	assert access.customers_of(user) == []


def test_without_the_role_customer_nobody_is_one(portal):
	frappe.get_doc("User", portal.ada).remove_roles("Customer")
	frappe.clear_cache(user=portal.ada)
	assert send(portal.ada, "client_ledger.portal.api.get_overview").status == REFUSED


def test_no_doctype_and_no_file_is_open_to_a_portal_user(portal):
	doctypes = frappe.get_all("DocType", {"module": "Client Ledger"}, pluck="name")
	with as_user(portal.ada):
		for doctype in doctypes:
			assert not frappe.has_permission(doctype, "read"), doctype
		for name in frappe.get_all("File", {"attached_to_doctype": "Customer Statement"}, pluck="name"):
			assert not frappe.get_doc("File", name).has_permission("read")
