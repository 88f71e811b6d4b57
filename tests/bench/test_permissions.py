"""Who may see and change client accounts: every role, user permissions, shares, and whoever may not see customers."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from tests.bench import factories as f
from tests.bench.accounts import account, refresh

pytestmark = pytest.mark.one_transaction

ONE, TWO, OTHER_COMPANY = "Permission One", "Permission Two", "Second Ledger Company"
READERS = ("Accounts User", "Accounts Manager", "Sales User", "Sales Manager")
WRITERS = ("Accounts Manager", "Sales Manager")


@pytest.fixture(scope="module", autouse=True)
def accounts():
	"""Two customers with accounts; the first with two companies."""
	f.make_company()
	f.make_company(OTHER_COMPANY)
	for name in (ONE, TWO):
		f.make_invoice(f.make_customer(name).name, 100, add_days(nowdate(), -10))
	f.make_invoice(ONE, 40, add_days(nowdate(), -10), company=OTHER_COMPANY)
	refresh()


def login(name: str, roles: tuple[str, ...], permissions: tuple = ()) -> str:
	user = f.make_user(f"{name}@example.com", roles, permissions).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	return user


def visible() -> set[tuple[str, str]]:
	"""Return the accounts the present user lists, of those made here."""
	rows = frappe.get_list(
		"Client Account",
		filters={"customer": ("in", (ONE, TWO))},
		fields=["customer", "company"],
		order_by="name asc",
	)
	return {(row.customer, row.company) for row in rows}


def may(ptype: str, customer: str, company: str = f.COMPANY) -> bool:
	name = frappe.db.get_value("Client Account", {"customer": customer, "company": company})
	return bool(frappe.get_doc("Client Account", name).has_permission(ptype))


ALL = {(ONE, f.COMPANY), (ONE, OTHER_COMPANY), (TWO, f.COMPANY)}


@pytest.mark.parametrize("role", READERS)
def test_a_role_that_reads_customers_reads_their_accounts(role):
	login(f"reader.{frappe.scrub(role)}", (role,))
	assert visible() == ALL
	assert may("read", ONE) and may("export", ONE) and may("report", ONE)


@pytest.mark.parametrize("role", READERS)
def test_only_managers_write_and_nobody_creates_or_deletes(role):
	login(f"writer.{frappe.scrub(role)}", (role,))
	assert may("write", ONE) == (role in WRITERS)
	assert not may("create", ONE) and not may("delete", ONE)


@pytest.mark.parametrize("role", ["Auditor", "System Manager"])
def test_a_role_that_reads_no_customers_reads_no_accounts(role):
	login(f"no.customers.{frappe.scrub(role)}", (role,))
	assert visible() == set()
	assert not may("read", ONE)


def test_no_role_of_ours_is_needed_and_none_means_nothing():
	login("nobody", ("Stock User",))
	with pytest.raises(frappe.PermissionError):
		visible()


def test_the_administrator_sees_all():
	assert visible() == ALL


def test_a_user_permission_on_a_customer():
	login("one.customer", ("Sales Manager",), [("Customer", ONE)])
	assert visible() == {(ONE, f.COMPANY), (ONE, OTHER_COMPANY)}
	assert may("read", ONE) and not may("read", TWO)


def test_a_user_permission_on_a_company():
	login("one.company", ("Accounts Manager",), [("Company", f.COMPANY)])
	assert visible() == {(ONE, f.COMPANY), (TWO, f.COMPANY)}
	assert may("read", ONE) and not may("read", ONE, OTHER_COMPANY)


def test_a_user_permission_on_a_territory_applies_to_the_account_as_to_its_customer():
	territory = frappe.get_doc(
		{"doctype": "Territory", "territory_name": "Permission Land", "parent_territory": "All Territories"}
	).insert()
	login("one.territory", ("Sales User",), [("Territory", territory.name)])
	assert visible() == set()
	assert not may("read", ONE)


def test_a_customer_shared_with_someone_who_reads_no_others():
	user = login("shared", ("Auditor",))
	frappe.set_user("Administrator")
	frappe.share.add("Customer", TWO, user, read=1)
	frappe.set_user(user)
	assert visible() == {(TWO, f.COMPANY)}
	assert may("read", TWO) and not may("read", ONE)


def test_sending_another_customers_name_opens_nobodys_account():
	name = account(TWO).name
	login("one.customer.sender", ("Sales Manager",), [("Customer", ONE)])
	forged = frappe.get_doc("Client Account", name)
	forged.update({"customer": ONE, "stage": "Legal"})
	with pytest.raises(frappe.PermissionError):
		forged.save()
	assert account(TWO).stage == "Normal"


def test_the_refresh_button_needs_read_permission():
	from client_ledger.client_ledger.doctype.client_account.client_account import refresh as button

	name = account(TWO).name
	login("one.customer.button", ("Sales User",), [("Customer", ONE)])
	with pytest.raises(frappe.PermissionError):
		button(name)


def test_a_manager_changes_the_stage_and_a_user_cannot():
	login("stage.manager", ("Sales Manager",))
	doc = frappe.get_doc("Client Account", {"customer": ONE, "company": f.COMPANY})
	doc.stage = "Reminder"
	doc.save()
	assert account(ONE).stage == "Reminder"
	frappe.set_user("Administrator")
	login("stage.user", ("Sales User",))
	doc = frappe.get_doc("Client Account", doc.name)
	doc.stage = "Legal"
	with pytest.raises(frappe.PermissionError):
		doc.save()


@pytest.mark.parametrize("name", ["Fifty % Off", "100%", "It's 5%s", "Back\\slash %d"])
def test_a_user_of_one_customer_lists_it_whatever_its_name_holds(name):
	from client_ledger.home.api import get_home

	f.make_invoice(f.make_customer(name).name, 70, add_days(nowdate(), -10))
	refresh()
	login("percent.reader", ("Accounts User",), [("Customer", name)])
	for filters in ({}, {"company": f.COMPANY}, {"customer": ("like", "%")}):
		rows = frappe.get_list("Client Account", filters=filters, fields=["customer"], limit_page_length=0)
		assert {row.customer for row in rows} == {name}, filters
	assert frappe.get_list("Credit Assessment Factor", parent_doctype="Credit Assessment") == []
	assert frappe.get_list("Ledger Notice") == []
	(row,) = get_home(f.COMPANY)["figures"][0]["rows"]
	assert row["value"] == 70
	frappe.set_user("Administrator")
	frappe.db.delete("User Permission", {"user": "percent.reader@example.com"})


@pytest.mark.parametrize(
	"text",
	["100%", "%", "a%%b", "it''s 5%", "\\'quoted\\' %", "back\\\\slash %", "\\%like", "none", "\\\\\\%x"],
)
def test_a_condition_without_a_percent_sign_means_the_same(text):
	from client_ledger.site.visible import without_percent

	sql = without_percent(f"'{text}'")
	assert "%" not in sql
	(found,) = frappe.db.sql(f"select {sql} as put_together, '{text}' as written", as_dict=True)
	assert found.put_together == found.written
