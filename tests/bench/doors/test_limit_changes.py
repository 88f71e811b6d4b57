"""Where checks hold, no seller lifts a limit: by the form, REST, an import, a row by itself, the group or the company."""

from functools import partial

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.credit.limits.effective import effective_limit
from client_ledger.patches.v0_2 import approve_references_in_force, turn_on_limit_approval
from tests.bench import factories as f
from tests.bench.doors import http
from tests.bench.doors.http import ask

pytestmark = pytest.mark.one_transaction

# What a request wrote stays until the test has looked.
put, post, delete = (partial(way, keep=True) for way in (http.put, http.post, http.delete))

NAME, SETTINGS = "Limit Door", "Client Ledger Settings"
EVERY_SELLING_ROLE = (
	"Sales User", "Sales Manager", "Sales Master Manager", "Accounts User", "Accounts Manager", "Stock User",
	"Credit Controller", "System Manager",
)  # fmt: skip


def checks(mode: str, by_approval: int = 1) -> None:
	frappe.db.set_single_value(SETTINGS, {"credit_checks": mode, "limits_by_approval": by_approval})
	frappe.clear_document_cache(SETTINGS, SETTINGS)


@pytest.fixture(scope="module", autouse=True)
def customer() -> None:
	f.make_company()
	checks("Warn")
	doc = f.make_customer(NAME)
	doc.append("credit_limits", {"company": f.COMPANY, "credit_limit": 100})
	doc.save()
	group = frappe.get_doc("Customer Group", doc.customer_group)
	group.append("credit_limits", {"company": f.COMPANY, "credit_limit": 50})
	group.save()
	other = frappe.get_doc(
		{
			"doctype": "Customer Group",
			"customer_group_name": "Generous Door",
			"parent_customer_group": "All Customer Groups",
			"credit_limits": [{"company": f.COMPANY, "credit_limit": 10**6}],
		}
	).insert()
	assert other.name


@pytest.fixture(params=["Sales User", "Sales Manager", EVERY_SELLING_ROLE], ids=str)
def seller(request: pytest.FixtureRequest) -> str:
	frappe.set_user("Administrator")
	checks("Hold")
	roles = (request.param,) if isinstance(request.param, str) else request.param
	name = "".join(word[0] for role in roles for word in role.split()).lower()
	user = f.make_user(f"limit.{name}@example.com", roles).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	return user


def limits() -> tuple:
	"""What counts for the customer now, and its rows."""
	rows = frappe.get_all(
		"Customer Credit Limit",
		{"parent": ("in", [NAME, frappe.db.get_value("Customer", NAME, "customer_group")])},
		["parent", "company", "credit_limit", "bypass_credit_limit_check"],
		order_by="name",
	)
	company = frappe.db.get_value("Company", f.COMPANY, "credit_limit")
	return effective_limit(NAME, f.COMPANY, frappe.utils.getdate()).amount, rows, company


def test_the_default_is_on():
	assert frappe.get_meta(SETTINGS).get_field("limits_by_approval").default == "1"


def test_nobody_lifts_a_limit_alone(seller: str):
	before = limits()
	row = frappe.db.get_value("Customer Credit Limit", {"parent": NAME}, "name")
	group = frappe.db.get_value("Customer", NAME, "customer_group")
	of_group = frappe.db.get_value("Customer Credit Limit", {"parent": group}, "name")
	limit = {"company": f.COMPANY, "credit_limit": 10**6}
	place = {"parent": NAME, "parenttype": "Customer", "parentfield": "credit_limits"}
	set_value = {"doctype": "Customer Credit Limit", "fieldname": "credit_limit", "value": 10**6}
	ways = {
		"table": lambda: put("Customer", NAME, credit_limits=[limit]),
		"row of the table": lambda: put("Customer", NAME, credit_limits=[{**limit, "name": row}]),
		"bypass": lambda: put(
			"Customer",
			NAME,
			credit_limits=[
				{"name": row, "company": f.COMPANY, "credit_limit": 100, "bypass_credit_limit_check": 1}
			],
		),
		"no row": lambda: put("Customer", NAME, credit_limits=[]),
		"the row itself": lambda: put("Customer Credit Limit", row, credit_limit=10**6),
		"bypass of the row": lambda: put("Customer Credit Limit", row, bypass_credit_limit_check=1),
		"a new row": lambda: post(
			"Customer Credit Limit", **place, **{**limit, "company": "Second Test Company"}
		),
		"deleted": lambda: delete("Customer Credit Limit", row),
		"set_value": lambda: ask(
			"POST", "/api/method/frappe.client.set_value", {**set_value, "name": row}, keep=True
		),
		"group": lambda: put("Customer", NAME, customer_group="Generous Door"),
		"table of the group": lambda: put("Customer Group", group, credit_limits=[limit]),
		"row of the group": lambda: put("Customer Credit Limit", of_group, credit_limit=10**6),
		"company": lambda: put("Company", f.COMPANY, credit_limit=10**6),
		"internal": lambda: put("Customer", NAME, is_internal_customer=1, represents_company=f.COMPANY),
		"import": lambda: _imported(limit),
		"reference": lambda: post(
			"Credit Reference",
			customer=NAME,
			company=f.COMPANY,
			reference_type="Credit Insurance",
			provider="X",
			limit_effect="Raise",
			amount=10**6,
			valid_to=add_days(nowdate(), 9),
		),
	}
	for way, do in ways.items():
		frappe.db.savepoint("way")
		answer = do()
		assert limits() == before, way
		assert answer.status in (403, 404, 417) or way == "reference", (way, answer.status, answer.text)
		frappe.db.rollback(save_point="way")


def _imported(limit: dict):
	frappe.flags.in_import = True
	try:
		return put("Customer", NAME, credit_limits=[limit])
	finally:
		frappe.flags.in_import = False


def test_a_new_customer_brings_no_limit(seller: str):
	frappe.db.savepoint("new")
	answer = post(
		"Customer",
		customer_name="Limit Door New",
		customer_group="Commercial",
		credit_limits=[{"company": f.COMPANY, "credit_limit": 10**6}],
	)
	assert answer.status in (403, 417)
	frappe.db.rollback(save_point="new")


def test_what_is_not_a_limit_is_still_changed(seller: str):
	frappe.db.savepoint("details")
	answer = put("Customer", NAME, customer_details="Anything else")
	assert answer.status == (200 if frappe.has_permission("Customer", "write") else 403)
	frappe.db.rollback(save_point="details")


@pytest.mark.parametrize(("mode", "by_approval"), [("Warn", 1), ("Off", 1), ("Hold", 0)])
def test_elsewhere_limits_are_typed_in(mode: str, by_approval: int):
	checks(mode, by_approval)
	frappe.db.savepoint("typed")
	doc = frappe.get_doc("Customer", NAME)
	doc.credit_limits[0].credit_limit = 120
	doc.save()
	frappe.db.rollback(save_point="typed")
	frappe.clear_document_cache("Customer", NAME)


@pytest.mark.parametrize(("mode", "wanted"), [("Hold", 1), ("Warn", 0)])
def test_the_patch_turns_it_on_where_checks_hold(mode: str, wanted: int):
	checks(mode, 0)
	turn_on_limit_approval.execute()
	turn_on_limit_approval.execute()
	assert frappe.db.get_single_value(SETTINGS, "limits_by_approval") == wanted


def test_the_patch_keeps_references_in_force():
	checks("Warn")
	values = {"doctype": "Credit Reference", "customer": NAME, "company": f.COMPANY, "provider": "X"}
	doc = frappe.get_doc(
		{
			**values,
			"reference_type": "Credit Insurance",
			"limit_effect": "Raise",
			"amount": 7,
			"valid_to": add_days(nowdate(), 9),
		}
	).insert()
	frappe.db.set_value("Credit Reference", doc.name, "approval_status", "Not Required")
	before = effective_limit(NAME, f.COMPANY, frappe.utils.getdate()).amount
	approve_references_in_force.execute()
	assert effective_limit(NAME, f.COMPANY, frappe.utils.getdate()).amount == before + 7
