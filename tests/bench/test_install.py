"""Installing, migrating and uninstalling: harmless when repeated, and nothing of ours is left behind."""

import json
import os
import subprocess
import sys
from typing import NamedTuple

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.installer import install_app, remove_app
from frappe.model.workflow import apply_workflow

from client_ledger.ledger.indexes import INDEXES, drop_indexes, make_indexes
from client_ledger.patches.v0_2 import repair_customer_tabs
from client_ledger.setup import install
from client_ledger.setup.custom_fields import get_custom_fields
from client_ledger.setup.workflows import make_workflows
from tests.bench import factories as f

pytestmark = pytest.mark.every_version

APP = "client_ledger"
# What an app can leave on a site; some exist in one of the two versions only.
KINDS = (
	*("DocType", "Module Def", "Report", "Page", "Print Format", "Workspace", "Web Template", "Role"),
	*(
		"Number Card",
		"Dashboard Chart",
		"Dashboard Chart Source",
		"Dashboard",
		"Workspace Sidebar",
		"Desktop Icon",
	),
	*("Custom Field", "Property Setter", "Client Script", "Custom DocPerm", "List Filter", "Onboarding Step"),
	*("Custom HTML Block", "Workspace Custom Block"),
	*("Scheduled Job Type", "Notification", "Patch Log", "Server Script", "Email Template", "User Type"),
	*(
		"Workflow",
		"Workflow State",
		"Workflow Action Master",
		"Workflow Action",
		"Workflow Action Permitted Role",
	),
)
# In version 16 the name of a scheduled job is random, those of a patch's record and of a row in both.
NAMED_BY = {
	"Scheduled Job Type": "method",
	"Patch Log": "patch",
	"Workspace Custom Block": "custom_block_name",
}
Snapshot = dict[str, set[str]]


@pytest.fixture(scope="module", autouse=True)
def commits(scratch_site):
	"""Every test here changes tables, on the scratch site."""
	frappe.set_user("Administrator")


def snapshot() -> Snapshot:
	"""Return what is on the site: records by kind, tables, indexes, columns and stored single values."""
	frappe.clear_cache()
	found = {
		kind: set(frappe.get_all(kind, pluck=NAMED_BY.get(kind, "name"), order_by="name"))
		for kind in KINDS
		if frappe.db.exists("DocType", kind)
	}
	found["tables"] = set(frappe.db.get_tables(cached=False))
	found["indexes"] = {
		f"{row[0]}.{row[1]}"
		for row in frappe.db.sql(
			"""select distinct table_name, index_name from information_schema.statistics
			where table_schema = database()"""
		)
	}
	found["columns"] = {
		f"{row[0]}.{row[1]}"
		for row in frappe.db.sql(
			"""select table_name, column_name from information_schema.columns
			where table_schema = database() and table_name in ('tabCustomer', 'tabPayment Ledger Entry')"""
		)
	}
	found["singles"] = {row[0] for row in frappe.db.sql("select distinct doctype from tabSingles")}
	found["apps"] = set(frappe.get_installed_apps())
	return found


def differences(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
	"""Return per kind what *after* has that *before* had not (+) or the other way round (-)."""
	return {
		kind: [
			*(f"+{name}" for name in sorted(after[kind] - before[kind])),
			*(f"-{name}" for name in sorted(before[kind] - after[kind])),
		]
		for kind in before
		if before[kind] != after[kind]
	}


def uninstall() -> None:
	remove_app(APP, yes=True, no_backup=True)
	frappe.db.commit()


def bench(*arguments: str) -> str:
	done = subprocess.run(
		[
			*(sys.executable, "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe"),
			*("--site", frappe.local.site, *arguments),
		],
		cwd=os.environ["SITES_PATH"],
		capture_output=True,
		text=True,
		timeout=900,
	)
	assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
	frappe.db.rollback()
	return done.stdout


def test_installing_again_changes_nothing():
	before = snapshot()
	install.set_up()
	install.set_up()
	install_app(APP, force=True)
	frappe.db.commit()
	assert differences(before, snapshot()) == {}


def test_migrating_twice_changes_nothing():
	bench("migrate", "--skip-search-index")
	before = snapshot()
	bench("migrate", "--skip-search-index")
	assert differences(before, snapshot()) == {}


class Removal(NamedTuple):
	"""What a site with things that people made was before it lost the app, without it, and with it again."""

	installed: Snapshot
	used: Snapshot
	bare: Snapshot
	again: Snapshot
	mail: str
	controller: str
	rows: dict[str, list]


@pytest.fixture(scope="module")
def removal(commits) -> Removal:
	"""Uninstall from a site where the app was used, and install again: minutes, so all that is asked of it is noted at once."""
	installed = snapshot()
	controller = f.make_user("install.controller@example.com", ("Credit Controller", "Sales User")).name
	mail = use_it(controller)
	used = snapshot()
	uninstall()
	bare = snapshot()
	rows = {
		"filters": frappe.get_all("List Filter", {"filter_name": "Mine"}),
		"setters": frappe.get_all("Property Setter", {"doc_type": "Client Account"}),
		"mail": frappe.get_all("Email Queue", {"name": mail}, ["sender", "reference_doctype"], as_list=True),
		"actions": frappe.get_all("Workflow Action", {"reference_doctype": "Credit Limit"}),
		"orphans": list(
			set(frappe.get_all("Workflow Action Permitted Role", pluck="parent"))
			- set(frappe.get_all("Workflow Action", pluck="name"))
		),
		"roles": frappe.get_roles(controller),
	}
	frappe.db.set_single_value("Accounts Settings", "credit_controller", None)
	install_app(APP)
	frappe.db.commit()
	return Removal(installed, used, bare, snapshot(), mail, controller, rows)


def use_it(controller: str) -> str:
	"""Make what people make of and around our DocTypes; return the name of the mail among it."""
	settings = frappe.get_doc("Client Ledger Settings")
	settings.ageing_ranges = "10, 20, 30, 40"
	settings.save()
	frappe.get_doc(
		{
			"doctype": "List Filter",
			"reference_doctype": "Client Account",
			"filter_name": "Mine",
			"for_user": "Administrator",
			"filters": "[]",
		}
	).insert()
	mail = frappe.get_doc(
		{
			"doctype": "Email Queue",
			"sender": "office@lantern.example",
			"message": "Subject: A reminder",
			"reference_doctype": "Ledger Notice",
			"reference_name": "gone",
			"status": "Sent",
		}
	).insert()
	customer = f.make_customer("Install Limited").name
	frappe.db.set_single_value("Accounts Settings", "credit_controller", "Credit Controller")
	frappe.db.commit()
	frappe.set_user(controller)
	values = {"customer": customer, "company": f.make_company().name, "amount": 5, "reason": "x"}
	apply_workflow(frappe.get_doc({"doctype": "Credit Limit", **values}).insert(), "Request Approval")
	frappe.set_user("Administrator")
	frappe.db.commit()
	assert frappe.db.count("Workflow Action", {"reference_doctype": "Credit Limit"})
	return mail.name


def test_uninstalling_takes_along_what_people_made_for_our_doctypes(removal: Removal):
	assert differences(removal.installed, removal.used).keys() >= {"Property Setter", "List Filter"}
	assert not removal.rows["filters"] and not removal.rows["setters"]
	assert "Client Account" not in removal.bare["DocType"]
	assert differences(removal.installed, removal.again) == {}


def test_uninstalling_leaves_mails_without_the_document_they_were_about(removal: Removal):
	assert removal.rows["mail"] == (("office@lantern.example", None),)


def test_uninstalling_takes_along_whats_waiting_for_approval_and_leaves_what_others_use(removal: Removal):
	assert not removal.rows["actions"] and not removal.rows["orphans"]
	assert "Credit Manager" not in removal.bare["Role"]
	# The host's own setting names it: its users keep what it gives them there.
	assert "Credit Controller" in removal.bare["Role"]
	assert "Credit Controller" in removal.rows["roles"]


def test_uninstalling_leaves_nothing_and_installing_brings_it_back(removal: Removal):
	installed = snapshot()
	uninstall()
	bare = snapshot()
	left = {
		kind: [name for name in names if "client ledger" in name.lower() or "client_ledger" in name.lower()]
		for kind, names in bare.items()
	}
	assert {kind: names for kind, names in left.items() if names} == {}
	assert not [name for name in bare["indexes"] if ".cl_" in name]
	assert not [name for name in bare["Custom Field"] if "-cl_" in name]
	assert not {"Client Account", "Refresh Mark"} & bare["DocType"]
	# Installing in between has left nothing either.
	assert differences(bare, removal.bare) == {"Role": ["+Credit Controller"]}

	install_app(APP)
	frappe.db.commit()
	added = differences(bare, snapshot())
	assert {"+Credit Controller", "+Credit Manager"} == set(added["Role"])
	workflows = ("Credit Limit Approval", "Credit Grade Override Approval", "Write-off Approval", "Follow Up")
	assert {f"+{name}" for name in workflows} == set(added["Workflow"])
	states = ("Draft", "Pending Approval", "Cancelled", "Open", "In Progress", "Done")
	assert {f"+{state}" for state in states} >= set(added["Workflow State"])
	assert {f"+{APP}"} == set(added["apps"])
	assert {"+client-ledger-overdue"} <= set(added["List Filter"])
	tasks = (
		*("nightly", "catch_up", "dun", "send_statements", "send_confirmations", "check_backups"),
		*("send_digests", "send_to_robots"),
	)
	jobs = {f"+client_ledger.tasks.{name}" for name in tasks}
	assert jobs == set(added["Scheduled Job Type"])
	assert differences(installed, snapshot()) == {}


def test_a_workflow_that_the_site_removed_is_not_made_again():
	frappe.delete_doc("Workflow", "Credit Limit Approval", force=True)
	frappe.db.commit()
	install.set_up()
	assert not frappe.db.exists("Workflow", "Credit Limit Approval")
	frappe.db.delete("Deleted Document", {"deleted_doctype": "Workflow"})
	make_workflows()
	frappe.db.commit()
	assert frappe.db.exists("Workflow", "Credit Limit Approval")


def test_indexes_can_be_dropped_and_made_any_number_of_times():
	for _repeat in range(2):
		drop_indexes()
		assert not any(frappe.db.has_index(f"tab{index.doctype}", index.name) for index in INDEXES)
	for _repeat in range(2):
		make_indexes()
		for index in INDEXES:
			names = (index.name, index.unless) if index.unless else (index.name,)
			assert any(frappe.db.has_index(f"tab{index.doctype}", name) for name in names), index


def test_custom_fields_are_anchored_on_fields_of_this_version():
	for doctype, fields in get_custom_fields().items():
		meta = frappe.get_meta(doctype)
		for field in fields:
			assert meta.has_field(field["insert_after"]), field
			assert field["fieldname"].startswith("cl_")


OUR_TABS = ("cl_ledger", "cl_credit", "cl_dunning", "cl_collections")


def tabs_with_content() -> dict[str, list[str]]:
	"""Return the fields of each tab of the Customer form, in the form's order."""
	frappe.clear_cache(doctype="Customer")
	tabs: dict[str, list[str]] = {"": []}
	for field in frappe.get_meta("Customer").fields:
		if field.fieldtype == "Tab Break":
			tabs[field.fieldname] = []
		else:
			tabs[list(tabs)[-1]].append(field.fieldname)
	return tabs


def assert_tabs_in_order() -> None:
	tabs = tabs_with_content()
	names = list(tabs)
	at = names.index("contact_and_address_tab")
	assert names[at - 4 : at] == [f"{tab}_tab" for tab in OUR_TABS]
	for tab in OUR_TABS:
		assert tabs[f"{tab}_tab"] == [f"{tab}_html"]


def test_our_tabs_stand_before_the_address_tab_each_with_its_content_alone():
	assert_tabs_in_order()


@pytest.mark.parametrize("customised", [False, True])
def test_a_patch_repairs_tabs_anchored_to_a_field_that_is_gone(customised: bool):
	frappe.db.set_value("Custom Field", "Customer-cl_ledger_tab", "insert_after", "no_such_field")
	# Without its anchor, each of our fields went to the end of the form, before those anchored to it.
	names = [name for name, content in tabs_with_content().items() for name in (name, *content) if name]
	broken = [name for name in names if not name.startswith("cl_")]
	broken += [f"{tab}_{kind}" for kind in ("tab", "html") for tab in OUR_TABS]
	if customised:
		make_property_setter("Customer", None, "field_order", json.dumps(broken), "Data", for_doctype=True)
	with pytest.raises(AssertionError):
		assert_tabs_in_order()
	for _repeat in range(2):
		repair_customer_tabs.execute()
		assert_tabs_in_order()
	frappe.db.delete("Property Setter", {"doc_type": "Customer", "property": "field_order"})
	assert_tabs_in_order()


def test_one_account_per_customer_and_company_is_in_the_database():
	assert frappe.db.has_index("tabClient Account", "cl_customer_company")


def test_the_settings_hold_their_defaults():
	stored = frappe.db.get_singles_dict("Client Ledger Settings")
	assert stored["ageing_ranges"] == "30, 60, 90, 120"
	assert int(float(stored["late_tolerance_days"])) == 5
