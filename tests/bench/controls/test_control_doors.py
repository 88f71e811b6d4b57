"""Doors by which a control could be silenced or a finding done away with: lists, imports, renaming, sharing, customised forms."""

import frappe
import pytest
from frappe.client import delete as delete_document
from frappe.client import set_value
from frappe.core.doctype.data_import.importer import Importer
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.model.rename_doc import update_document_title
from frappe.share import add_docshare as share_with

from client_ledger.controls import api, preview, switching
from client_ledger.site.arguments import BadArgument
from tests.bench import factories as f
from tests.bench.controls.made_books import (
	BOSS,
	CHIEF,
	MAKER,
	MadeBooks,
	as_user,
	findings,
	make_people,
	night,
	patched,
)

CODE, OTHER = "unallocated_receipt", "number_gap"
CLERK = "controls.shared@example.com"


@pytest.fixture
def books(monkeypatch):
	make_people()
	books = patched(monkeypatch, MadeBooks())
	books.receipt("RC-1", 50, 700)
	night(CODE)
	# Lists and imports roll back what failed, and with it what this test has made.
	real = frappe.db.rollback
	monkeypatch.setattr(
		frappe.db,
		"rollback",
		lambda save_point=None, **_more: real(save_point=save_point) if save_point else None,
	)
	frappe.db.set_value("Control Finding", {"control": CODE}, "people", MAKER)
	return books


def state():
	control = frappe.get_doc("Ledger Control", CODE)
	(row,) = findings()
	return (
		(control.enabled, control.parameters[0].value, [one.company for one in control.off_in], control.responsible_role),
		(row.name, row.status, row.resolution, row.due_date, row.responsible_role),
	)  # fmt: skip


def tried(user, work):
	"""Do what is to be refused; whatever is raised, nothing has changed."""
	before = state()
	try:
		as_user(user, work)
	except Exception as error:
		assert isinstance(
			error, frappe.ValidationError | frappe.PermissionError | frappe.DoesNotExistError
		), error
	frappe.clear_messages()
	assert state() == before


def test_neither_lists_nor_names_nor_rows_lead_past_the_actions(books):
	(finding,) = findings()
	row = {"doctype": "Ledger Control Company", "parenttype": "Ledger Control", "parent": CODE}
	row |= {"parentfield": "off_in", "company": f.COMPANY, "reason": "None of it"}
	for user in (MAKER, CHIEF, BOSS):
		for doctype, name, values in (
			("Ledger Control", CODE, {"enabled": 0}),
			("Ledger Control", CODE, {"preview": "{}", "history": "[]"}),
			("Ledger Control", CODE, {"off_in": [row]}),
			("Control Finding", finding.name, {"status": "Gone"}),
			("Control Finding", finding.name, {"status": "Accepted", "resolution": "It is well"}),
			("Control Finding", finding.name, {"due_date": "2099-01-01"}),
			("Control Finding", finding.name, {"people": "", "person": ""}),
		):
			tried(user, lambda doctype=doctype, name=name, values=values: set_value(doctype, name, values))
			tried(
				user,
				lambda doctype=doctype, name=name, values=values: submit_cancel_or_update_docs(
					doctype, frappe.as_json([name]), "update", frappe.as_json(values)
				),
			)
		tried(user, lambda: frappe.get_doc(row).insert())
		for doctype, name in (("Ledger Control", CODE), ("Control Finding", finding.name)):
			tried(user, lambda doctype=doctype, name=name: delete_document(doctype, name))
			tried(
				user,
				lambda doctype=doctype, name=name: update_document_title(
					doctype=doctype, docname=name, name="hidden"
				),
			)
	for force in (False, True):
		tried(
			"Administrator", lambda force=force: frappe.rename_doc("Ledger Control", CODE, "x", force=force)
		)
		tried(
			"Administrator",
			lambda force=force: frappe.rename_doc("Ledger Control", CODE, OTHER, merge=True, force=force),
		)
		tried(
			"Administrator",
			lambda force=force: frappe.rename_doc("Control Finding", finding.name, "x", force=force),
		)
		tried(
			"Administrator",
			lambda force=force: frappe.delete_doc("Control Finding", finding.name, force=force),
		)
	run = frappe.db.get_value("Control Run", {"control": CODE})
	tried("Administrator", lambda: frappe.delete_doc("Control Run", run, force=True))
	assert frappe.db.exists("Control Run", run)


def test_a_customised_form_and_an_import_change_nothing(books):
	for doctype, field in (
		("Ledger Control", "enabled"),
		("Ledger Control", "off_in"),
		("Control Finding", "status"),
	):
		make_property_setter(doctype, field, "read_only", 0, "Check", validate_fields_for_doctype=False)
	for doctype in ("Ledger Control", "Control Finding"):
		make_property_setter(
			doctype, None, "allow_import", 1, "Check", for_doctype=True, validate_fields_for_doctype=False
		)
		frappe.clear_cache(doctype=doctype)
	(finding,) = findings()
	for user in (MAKER, CHIEF):
		tried(user, lambda: set_value("Ledger Control", CODE, {"enabled": 0}))
		tried(user, lambda: set_value("Control Finding", finding.name, {"status": "Resolved"}))
		tried(user, lambda: imported("Ledger Control", f"name,enabled\n{CODE},0\n"))
		tried(user, lambda: imported("Control Finding", f"name,status\n{finding.name},Gone\n"))


def imported(doctype, text):
	file = {"doctype": "File", "file_name": "doors.csv", "content": text, "is_private": 1}
	file = frappe.get_doc(file).insert(ignore_permissions=True)
	job = {"doctype": "Data Import", "reference_doctype": doctype, "import_file": file.file_url}
	job = frappe.get_doc({**job, "import_type": "Update Existing Records"}).insert(ignore_permissions=True)
	Importer(doctype, data_import=job).import_data()


def test_a_finding_shared_or_owned_by_nobody_is_still_looked_at(books):
	(finding,) = findings()
	f.make_user(CLERK, ("Accounts User",))
	share_with(
		"Control Finding",
		finding.name,
		CLERK,
		read=1,
		write=1,
		share=1,
		flags={"ignore_share_permission": True},
	)
	share_with("Ledger Control", CODE, CLERK, read=1, write=1, flags={"ignore_share_permission": True})
	tried(CLERK, lambda: api.close_findings([finding.name], "Resolved", "It is well"))
	tried(CLERK, lambda: api.switch_off_control(CODE, "It is well"))
	frappe.db.set_value("Control Finding", finding.name, "responsible", BOSS)
	with pytest.raises(frappe.PermissionError, match="it is about"):
		as_user(MAKER, lambda: set_value("Control Finding", finding.name, "responsible", ""))
	as_user(CHIEF, lambda: set_value("Control Finding", finding.name, "responsible", ""))
	assert findings()[0].responsible_role == "Credit Manager", "with nobody named it is the role's"
	for role in ("", "No Such Role"):
		tried(CHIEF, lambda role=role: set_value("Ledger Control", CODE, "responsible_role", role))
	frappe.get_doc({"doctype": "Role", "role_name": "Held by Nobody"}).insert()
	with pytest.raises(frappe.ValidationError, match="nobody who can log in has the role"):
		as_user(CHIEF, lambda: set_value("Ledger Control", CODE, "responsible_role", "Held by Nobody"))


@pytest.mark.parametrize(
	"value",
	[0, -1, "-30", 1e308, "1e999999", "9" * 5000, "nan", float("inf"), True, [30], {"a": 1}, "thirty", "30; 40", 30.5],
)  # fmt: skip
def test_parameters_that_are_none(books, value):
	tried(CHIEF, lambda: api.preview_control(CODE, {"days": value}))
	tried(CHIEF, lambda: api.set_control_parameters(CODE, {"days": value}, "It is well"))
	with pytest.raises((frappe.PermissionError, BadArgument)):
		as_user(CHIEF, lambda: api.set_control_parameters(CODE, {"days": value}, "It is well"))


def test_what_is_no_set_of_parameters_does_not_mean_as_shipped(books):
	preview.make(CODE, {"days": 46})
	as_user(CHIEF, lambda: switching.set_parameters(CODE, {"days": 46}, "The bank takes six weeks"))
	for values in ("thirty", "[1, 2]", [["days", 3]], 7):
		with pytest.raises(BadArgument):
			as_user(CHIEF, lambda values=values: api.set_control_parameters(CODE, values, "It is well"))
	assert frappe.get_doc("Ledger Control", CODE).parameters[0].value == 46


def test_a_threshold_beyond_everything_is_blind_though_the_shipped_one_finds_nothing(books):
	code = "write_off_split"
	row = frappe.copy_doc(frappe.get_doc("Control Finding", findings()[0].name))
	row.update({"control": code, "unique_key": "split", "people": "", "person": None})
	row.flags.ignore_links = True
	row.insert(ignore_permissions=True)
	row.db_set("last_found", frappe.utils.now_datetime())
	# A threshold that finds something; then one beyond everything, and none at all.
	frappe.db.set_value("Ledger Control Parameter", {"parent": code, "parameter": "threshold"}, "value", 1000)
	for values in ({"threshold": 1_000_000_000}, {}):
		preview.make(code, values)
		with pytest.raises(frappe.PermissionError, match="would be blind"):
			as_user(CHIEF, lambda values=values: switching.set_parameters(code, values, "It is well"))
