"""Lists, counts and sums of rows: of documents that may be listed, and nothing for a customer of the portal."""

from typing import Any

import frappe
import pytest

from tests.bench import factories as f
from tests.bench.doors.http import Answer, ask, call
from tests.bench.doors.records import ONE, OTHER, Records

pytestmark = pytest.mark.one_transaction

ROWS = {
	"Collection Item": ("Ledger Dispute", "Promise to Pay", "Escalation Case", "Write Off Request"),
	"Credit Hold Reason": ("Credit Hold",),
	"Ledger Notice Item": ("Ledger Notice",),
	"Promise Instalment": ("Promise to Pay",),
	"Escalation Task": ("Escalation Case",),
	"Credit Assessment Factor": ("Credit Assessment",),
}
SEES_ALL = ("Accounts Manager", "Sales Manager", "Credit Manager")


def login(name: str, roles: tuple[str, ...], permissions: tuple = ()) -> str:
	frappe.set_user("Administrator")
	user = f.make_user(f"rows.{name}@example.com", roles, permissions).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	return user


def listings(doctype: str, parent: str | None = None) -> dict[str, Answer]:
	"""Every way that a browser lists, counts or adds up a DocType."""
	more: dict[str, Any] = {"parent": parent} if parent else {}
	view = {"doctype": doctype, **({"parent_doctype": parent} if parent else {})}
	field = f"`tab{doctype}`.`name`"
	group = {"doctype": doctype, "current_filters": "[]", "field": "owner"}
	return {
		"list": call("frappe.client.get_list", "GET", doctype=doctype, limit_page_length=0, **more),
		"resource": ask("GET", f"/api/resource/{doctype}", {"limit_page_length": 0, **more}),
		"count": call("frappe.client.get_count", "GET", doctype=doctype, **more),
		"view": call("frappe.desk.reportview.get", "POST", fields=[field], page_length=500, **view),
		"view list": call("frappe.desk.reportview.get_list", "POST", fields=[field], page_length=500, **view),
		"view count": call("frappe.desk.reportview.get_count", "POST", fields=[], filters=[], **view),
		"stats": call(
			"frappe.desk.reportview.get_sidebar_stats",
			"GET",
			stats='["_user_tags"]',
			doctype=doctype,
			filters="[]",
		),
		"group": call("frappe.desk.listview.get_group_by_count", "GET", **group),
	}


def rows_of_mine(child: str, parent: str) -> list[str]:
	"""Return the rows of the documents of *parent* that the one who sees one customer may list."""
	frappe.set_user("rows.one@example.com")
	mine = frappe.get_list(parent, pluck="name", limit_page_length=0)
	frappe.set_user("Administrator")
	found = frappe.get_all(child, {"parent": ("in", mine or [""]), "parenttype": parent}, pluck="name")
	frappe.set_user("rows.one@example.com")
	return found


def told(answer: Answer) -> str:
	return frappe.as_json(answer.data) if answer.data is not None else ""


def number(answer: Answer) -> int:
	found = (answer.data or {}).get("message")
	return found if isinstance(found, int) else 0


@pytest.mark.parametrize(
	("child", "parent"), [(child, parent) for child, parents in ROWS.items() for parent in parents]
)
def test_rows_are_listed_with_their_documents(child: str, parent: str, records: Records):
	frappe.set_user("Administrator")
	rows = {
		customer: frappe.get_all(child, {"parent": names[parent], "parenttype": parent}, pluck="name")
		for customer, names in ((ONE, records.one), (OTHER, records.other))
	}
	if child != "Credit Assessment Factor":
		assert rows[ONE] and rows[OTHER]
	login("all", SEES_ALL)
	everything = listings(child, parent)
	login("one", SEES_ALL, (("Customer", ONE),))
	for way, answer in listings(child, parent).items():
		for name in rows[OTHER]:
			assert f'"{name}"' not in told(answer), (way, child)
		if "count" in way and number(everything[way]):
			mine = frappe.get_list(parent, pluck="name", limit_page_length=0)
			frappe.set_user("Administrator")
			wanted = frappe.db.count(child, {"parent": ("in", mine or [""]), "parenttype": parent})
			# Version 15 counts the rows of all documents that may hold such rows, whichever it is asked for.
			of_all = sum(len(rows_of_mine(child, other)) for other in ROWS[child])
			assert number(answer) in (0, wanted, of_all), (way, number(answer), wanted)
	names = told(listings(child, parent)["list"])
	assert all(f'"{name}"' in names for name in rows[ONE])


def test_a_customer_of_the_portal_counts_nothing(records: Records):
	doctypes = frappe.get_all("DocType", {"module": "Client Ledger", "issingle": 0}, ["name", "istable"])
	user = login("portal", ("Customer",), (("Customer", ONE),))
	frappe.db.set_value("User", user, "user_type", "Website User")
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	for doctype in doctypes:
		for parent in ROWS.get(doctype.name, (None,)):
			for way, answer in listings(doctype.name, parent).items():
				assert answer.status in (403, 404, 417, 500) or not number(answer), (
					doctype.name,
					way,
					answer.data,
				)
				for name in (*records.one.values(), *records.other.values()):
					assert f'"{name}"' not in told(answer), (doctype.name, way)
