"""A guest link opens its page for one subject until it ends; what was done through it is on record; guessing is stopped."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.guest_links import limits, links
from tests.bench import factories as f

pytestmark = [pytest.mark.every_version]
CUSTOMER, COMPANY = "Link Customer", f.COMPANY


@pytest.fixture(autouse=True)
def visitor():
	f.make_customer(CUSTOMER)
	frappe.local.request_ip = frappe.generate_hash(length=12)


def make_link(purpose=links.CONFIRMATION, days=10, **given) -> str:
	subject = {
		"reference_doctype": "Customer",
		"reference_name": CUSTOMER,
		"customer": CUSTOMER,
		"company": COMPANY,
	}
	return links.issue(purpose, expires_on=getdate(add_days(nowdate(), days)), **{**subject, **given})


def token(name: str) -> str:
	return links.url(name).split("link=")[1]


def events(name: str) -> list[str]:
	return frappe.get_all("Guest Link Event", {"link": name}, pluck="event", order_by="occurred_on")


def test_a_link_opens_its_subject_and_the_visit_is_noted_once():
	name = make_link()
	opened = links.opened_by(token(name), links.CONFIRMATION)
	assert (opened.reference_name, opened.customer, opened.company) == (CUSTOMER, CUSTOMER, COMPANY)
	for _visit in range(3):
		links.note_opening(opened)
	assert events(name) == ["Opened"]
	assert frappe.db.get_value("Guest Link", name, "opened") == 1
	assert "/balance-confirmation?link=" in links.url(name) and links.url(name, "zh").endswith("_lang=zh")


def test_there_is_one_valid_link_for_a_subject_and_recipient():
	name = make_link(days=5)
	assert make_link(days=20) == name
	assert frappe.db.get_value("Guest Link", name, "expires_on") == getdate(add_days(nowdate(), 20))
	assert make_link(days=1) == name
	assert frappe.db.get_value("Guest Link", name, "expires_on") == getdate(add_days(nowdate(), 20))
	assert make_link(recipient="someone@else.example") != name
	links.revoke(name, "Sent to the wrong person")
	assert make_link() != name


@pytest.mark.parametrize(
	"how", ["expired", "revoked", "for another page", "altered", "none", "of a deleted link"]
)
def test_what_is_not_valid_opens_nothing(how):
	name = make_link(days=-1 if how == "expired" else 10)
	given, purpose = token(name), links.CONFIRMATION
	if how == "revoked":
		links.revoke(name)
	if how == "for another page":
		purpose = links.PORTAL
	if how == "altered":
		given = given[:-1] + ("A" if given[-1] != "A" else "B")
	if how == "none":
		given = None
	if how == "of a deleted link":
		links.delete_of({"customer": CUSTOMER})
	with pytest.raises(links.LinkRefused) as refusal:
		links.opened_by(given, purpose)
	words = {"expired": "expired", "revoked": "withdrawn"}
	assert words.get(how, "not valid") in str(refusal.value)


def test_who_guesses_is_stopped_and_others_are_not():
	name = make_link()
	for _guess in range(links.MOST_WRONG):
		with pytest.raises(links.LinkRefused):
			links.opened_by("a1b2c3d4e5-" + "A" * 32, links.CONFIRMATION)
	with pytest.raises(limits.TooManyTries):
		links.opened_by(token(name), links.CONFIRMATION)
	frappe.local.request_ip = frappe.generate_hash(length=12)
	assert links.opened_by(token(name), links.CONFIRMATION).name == name


def test_who_opened_and_answered_is_on_record_and_nobody_changes_it():
	name = make_link()
	links.record(name, "Answered", "Confirmed", "Lin Yue", "Chief Accountant")
	row = frappe.get_last_doc("Guest Link Event", {"link": name})
	assert (row.declared_name, row.declared_position, row.detail) == (
		"Lin Yue",
		"Chief Accountant",
		"Confirmed",
	)
	row.declared_name = "Somebody Else"
	with pytest.raises(frappe.PermissionError):
		row.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Guest Link Event", row.name)
	link = frappe.get_doc("Guest Link", name)
	link.customer = f.make_customer("Link Customer Other").name
	with pytest.raises(frappe.PermissionError):
		link.save(ignore_permissions=True)


def test_links_go_with_their_customer():
	customer = f.make_customer("Link Customer Leaving").name
	name = make_link(reference_name=customer, customer=customer)
	links.record(name, "Answered")
	frappe.delete_doc("Customer", customer)
	assert not frappe.db.exists("Guest Link", name) and not events(name)
