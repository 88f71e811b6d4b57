"""Every field of every DocType over REST as every role: what actions own stays as it is, in documents and in rows.

The table says what may be changed by hand, and by hand it was written.
"""

import json
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.collections import cases, disputes
from client_ledger.credit.limits import references
from client_ledger.outbox.keys import digest
from client_ledger.site.doctypes import DUNNING_RUN
from client_ledger.site.documents import LedgerDocument, owned_fields
from tests.bench import factories as f
from tests.bench.doors.http import ask, call, delete, post, put
from tests.bench.doors.records import COMPANY, ONE, Records

pytestmark = pytest.mark.one_transaction

# What of a document that exists may change by REST, whoever asks. Other fields never do; a document that is not here, not at all.
CHANGED_BY_HAND: dict[str, set[str]] = {
	"Archive Anchor": set(),
	"Archive Chain": set(),
	"Backup Check": set(),
	"Balance Confirmation": {"responsible"},
	"Client Account": {"stage", "account_manager"},
	"Confirmation Reply": set(),
	"Confirmation Round": {
		"title", "company", "period", "as_of", "form", "reply_by", "reply_to", "sample", "customer_group", "only_currency",
		"minimum_balance", "include_zero", "customers", "introduction", "letter_language", "print_without_email",
		"email_account", "attach_pdf", "first_reminder", "remind_every", "most_reminders", "link_days",
	},
	"Control Finding": {"responsible"},
	"Control Run": set(),
	"Credit Assessment": set(),
	"Credit Grade Override": {"customer", "company", "grade", "valid_from", "valid_to", "reason"},
	"Credit Hold": set(),
	"Credit Limit": {"customer", "company", "limit_type", "amount", "valid_from", "valid_to", "reason"},
	"Credit Reference": {
		"customer", "company", "reference_type", "provider", "reference_number", "rating", "grade_cap", "valid_from",
		"valid_to", "limit_effect", "amount", "currency", "notes", "attachment",
	},
	"Credit Reservation": set(),
	"Customer Statement": set(),
	"Credit Snapshot": set(),
	"Dunning Block": {"customer", "for_company", "sales_invoice", "reason", "from_date", "until", "lifted", "details"},
	"Dunning Run": {"company", "as_of", "policy"},
	"Duty Conflict": set(),
	"Duty Mitigation": {"user", "duty_rule", "valid_from", "valid_until", "reason", "reviewer"},
	"Early Warning": set(),
	"Escalation Case": {"customer", "company", "kind", "agency", "responsible", "notes", "checklist", "fees", "items"},
	"Follow Up": {
		"customer", "company", "subject", "channel", "responsible", "due_date", "priority", "contact", "outcome",
		"next_date", "notes", "items",
	},
	"Cash Forecast": set(),
	"Group Robot": {
		"title", "service", "enabled", "for_company", "language", "address", "secret", "keyword", "sends", "weekday",
		"minimum_severity", "with_amounts",
	},
	"Guest Link": set(),
	"Guest Link Event": set(),
	"KPI Month End": set(),
	"KPI Rows": set(),
	"Ledger Archive": set(),
	"Ledger Dispute": {"reason", "responsible", "due_date", "contact", "details"},
	"Ledger Notice": {"waive_charges", "waive_reason"},
	"Payer Name": {"customer", "payer_name", "payer_account"},
	"Procedure Reading": set(),
	"Procedure Version": set(),
	"Promise to Pay": {"channel", "contact", "notes"},
	"Receivables Check List": set(),
	"Receipt Proposal": {"responsible"},
	"Reconciliation Line": set(),
	"Remittance Advice": {"responsible"},
	"Refresh Mark": set(),
	"Robot Delivery": set(),
	"Statement Run": set(),
	"Step Trial": {"title", "company", "policy", "step", "share", "days", "channel", "since", "until", "reason"},
	"Trial Assignment": set(),
	"Warning Digest": {
		"user", "enabled", "frequency", "weekday", "hour", "warnings_of", "minimum_severity", "by_email", "on_desk",
	},
	"Warning Digest Issue": set(),
	"Warning Setup": set(),
	"Write Off Request": {
		"customer", "company", "posting_date", "write_off_account", "cost_center", "escalation_case", "items", "reason",
	},
}  # fmt: skip
# What is the document's own figure or state although the form fills it in: computed again, never taken.
COMPUTED = {"customer_name", "amended_from", "workflow_state"}
# Rows, and which of their fields change with their document.
ROWS: dict[str, dict[str, set[str]]] = {
	"Escalation Case": {
		"checklist": {"task", "done"},
		"fees": {"date", "description", "amount", "purchase_invoice"},
	},
	"Cash Forecast": {"weeks": set()},
	"Credit Hold": {"reasons": set()},
	"Confirmation Reply": {"lines": set()},
	"Control Finding": {"documents": set()},
	"Confirmation Round": {"customers": {"customer", "reason"}},
	"Ledger Archive": {"files": set()},
	"Ledger Notice": {"items": set()},
	"Ledger Dispute": {"items": set()},
	"Promise to Pay": {"items": set(), "instalments": set()},
	"Receivables Check List": {"checks": set()},
	"Receipt Proposal": {"items": set()},
	"Remittance Advice": {"invoices": set()},
	"Credit Assessment": {"factors": set()},
}
ROLES = (
	"Accounts Manager", "Accounts User", "Sales Manager", "Sales User", "Credit Manager", "Credit Controller",
	"Auditor", "System Manager", "Stock User", "Customer",
)  # fmt: skip
EVERYBODY = (*ROLES[:-1],)
CONFIGURED = (
	"Client Ledger Settings", "Collection Rule", "Collection Settings", "Collector Team", "Credit Grade", "Credit Rule",
	"Credit Scorecard", "Dispute Reason", "Dunning Policy", "Dunning Settings", "Duty", "Duty Rule",
	"Ledger Control", "Payment Pattern", "Procedure", "Statement Schedule", "Warning Signal",
)  # fmt: skip


def other(df: Any, value: Any) -> Any:
	"""Another value of a field, which would matter."""
	if df.fieldtype in ("Currency", "Float", "Percent", "Int"):
		return (value or 0) + 1000
	if df.fieldtype == "Check":
		return 0 if value else 1
	if df.fieldtype == "Date":
		return str(getdate(add_days(value or nowdate(), 1)))
	if df.fieldtype == "Datetime":
		return f"{add_days(nowdate(), -3)} 10:00:00"
	if df.fieldtype == "Select":
		return next((one for one in (df.options or "").split("\n") if one and one != value), "x")
	if df.fieldtype == "Link":
		return frappe.db.get_value(df.options, {"name": ("!=", value or "")}, order_by="name") or "none"
	return "forged"


def stored(doctype: str, name: str) -> dict[str, Any]:
	return json.loads(frappe.get_doc(doctype, name).as_json()) if frappe.db.exists(doctype, name) else {}


def login(role: str | tuple[str, ...]) -> None:
	frappe.set_user("Administrator")
	roles = (role,) if isinstance(role, str) else role
	name = "".join(word[:3] for word in frappe.scrub("_".join(roles)).split("_"))
	user = f.make_user(f"doors.{name}@example.com", roles).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)


def test_every_doctype_is_in_the_table(records: Records):
	rows = frappe.get_all("DocType", {"module": "Client Ledger"}, ["name", "istable", "issingle"])
	assert {row.name for row in rows if not row.istable} == {*CHANGED_BY_HAND, *CONFIGURED}
	for row in rows:
		assert issubclass(
			frappe.get_meta(row.name) and frappe.model.base_document.get_controller(row.name), LedgerDocument
		)
	for doctype, fields in CHANGED_BY_HAND.items():
		owned = {df.fieldname for df in owned_fields(doctype)}
		assert not owned & fields, (doctype, owned & fields)


@pytest.mark.parametrize("role", [*ROLES, EVERYBODY], ids=str)
@pytest.mark.parametrize("doctype", sorted(CHANGED_BY_HAND))
def test_a_field_changes_only_where_the_table_says(doctype: str, role: Any, records: Records):
	name = records.one[doctype]
	before = stored(doctype, name)
	login(role)
	values = {
		df.fieldname: other(df, before.get(df.fieldname))
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype not in frappe.model.no_value_fields and not df.get("is_virtual")
	}
	may_write = frappe.has_permission(doctype, "write", name)
	changed, faults = set(), []
	# Who may write nothing is asked once, with everything.
	for sent in [{field: value} for field, value in values.items()] if may_write else [values]:
		frappe.db.savepoint("field")
		answer = ask("PUT", f"/api/resource/{doctype}/{name}", sent, keep=True)
		after = stored(doctype, name)
		changed |= {field for field in sent if before.get(field) != after.get(field)}
		if answer.status >= 500:
			faults.append((sent, answer.text[-600:]))
		frappe.db.rollback(save_point="field")
	assert may_write or not changed
	assert not faults
	assert changed - COMPUTED <= CHANGED_BY_HAND[doctype], changed - CHANGED_BY_HAND[doctype]


@pytest.mark.parametrize("doctype", sorted(ROWS))
def test_a_row_changes_only_with_its_document_and_where_the_table_says(doctype: str, records: Records):
	name = records.one[doctype]
	login(EVERYBODY)
	for table, allowed in ROWS[doctype].items():
		child = frappe.get_meta(doctype).get_field(table).options
		rows = stored(doctype, name)[table]
		assert rows or doctype == "Credit Assessment", table
		for row in rows[:1]:
			for df in frappe.get_meta(child).fields:
				if df.fieldtype in frappe.model.no_value_fields or df.get("is_virtual"):
					continue
				value = other(df, row.get(df.fieldname))
				for way in ("row", "document", "set_value"):
					frappe.db.savepoint("field")
					if way == "row":
						answer = ask(
							"PUT", f"/api/resource/{child}/{row['name']}", {df.fieldname: value}, keep=True
						)
					elif way == "document":
						sent = [
							{**one, df.fieldname: value} if one["name"] == row["name"] else one
							for one in rows
						]
						answer = ask("PUT", f"/api/resource/{doctype}/{name}", {table: sent}, keep=True)
					else:
						args = {
							"doctype": child,
							"name": row["name"],
							"fieldname": df.fieldname,
							"value": value,
						}
						answer = ask("POST", "/api/method/frappe.client.set_value", args, keep=True)
					after = next(
						(one for one in stored(doctype, name)[table] if one["name"] == row["name"]), {}
					)
					moved = after.get(df.fieldname) != row.get(df.fieldname)
					assert answer.status < 500, (child, df.fieldname, way, answer.trace[-600:])
					assert not moved or (df.fieldname in allowed and way != "row"), (child, df.fieldname, way)
					frappe.db.rollback(save_point="field")
			assert delete(child, row["name"]).status in (403, 404, 417)


def test_a_new_document_begins_at_the_beginning(records: Records):
	"""Whatever is sent with it: by REST, by an import, as an amendment."""
	login(EVERYBODY)
	due = add_days(nowdate(), 3)
	item = {"voucher_type": "Sales Invoice", "voucher_no": records.invoices[ONE][4].name}
	base = {"customer": ONE, "company": COMPANY, "items": [{**item, "amount": 10, "base_amount": 9999}]}
	sent = {
		"Ledger Dispute": {
			**base, "reason": "Price or Discount Not as Agreed", "currency": f.CURRENCY, "status": "Rejected",
			"amount": 1e6, "resolved_by": "Administrator", "resolved_on": nowdate(), "resolution": "x",
		},
		"Promise to Pay": {
			**base, "currency": f.CURRENCY, "status": "Kept", "received": 1e6, "decided_on": nowdate(),
			"instalments": [{"due_date": due, "amount": 10, "status": "Kept", "received": 10, "paid_on": nowdate()}],
		},
		"Dunning Run": {
			"company": COMPANY, "as_of": nowdate(), "origin": "Schedule", "status": "Planned", "planned": 7,
			"run_key": digest(f"{COMPANY}|{nowdate()}"),
		},
		"Credit Reference": {
			"customer": ONE, "company": COMPANY, "reference_type": "Credit Insurance", "provider": "X", "valid_to": due,
			"limit_effect": "Raise", "amount": 9, "approval_status": "Approved", "approved_by": "Administrator",
		},
		"Follow Up": {
			"customer": ONE, "company": COMPANY, "subject": "Call", "source_key": "forged", "done_on": nowdate(),
			"promise": records.one["Promise to Pay"], "communication": None,
		},
	}  # fmt: skip
	wanted = {
		"Ledger Dispute": {"status": "Open", "amount": 10, "resolved_by": None, "resolution": None},
		"Promise to Pay": {"status": "Open", "received": 0, "decided_on": None},
		"Dunning Run": {"origin": "User", "status": "New", "planned": 0, "run_key": None},
		"Credit Reference": {"approval_status": "Pending Approval", "approved_by": None},
		"Follow Up": {"source_key": None, "done_on": None, "promise": None},
	}
	for doctype, values in sent.items():
		for importing in (False, True):
			frappe.db.savepoint("new")
			frappe.flags.in_import = importing
			answer = ask("POST", f"/api/resource/{doctype}", values, keep=True)
			frappe.flags.in_import = False
			assert answer.status == 200, (doctype, answer.text)
			doc = stored(doctype, answer.data["data"]["name"])
			assert {field: doc.get(field) for field in wanted[doctype]} == wanted[doctype], doctype
			for row in doc.get("instalments", []):
				assert (row["status"], row["received"]) == ("Open", 0)
			for row in doc.get("items", []):
				assert row.get("base_amount") == 10
			frappe.db.rollback(save_point="new")


def test_a_forged_run_keeps_nobody_from_being_planned(records: Records):
	login(EVERYBODY)
	key = digest(f"{COMPANY}|{nowdate()}")
	ask(
		"POST",
		"/api/resource/Dunning Run",
		{"company": COMPANY, "as_of": nowdate(), "run_key": key},
		keep=True,
	)
	run = records.one["Dunning Run"]
	assert put("Dunning Run", run, run_key=key).status == 403
	assert put("Dunning Run", run, status="Planned").status == 403
	assert not frappe.db.exists(DUNNING_RUN, {"run_key": key})


def test_what_is_sent_as_flags_or_permissions_is_not_heard(records: Records):
	login("Credit Controller")
	name = records.one["Ledger Dispute"]
	for more in (
		{"flags": {"ignore_permissions": 1, "by_action": 1}},
		{"ignore_permissions": 1},
		{"by_action": 1},
	):
		ask("PUT", f"/api/resource/Ledger Dispute/{name}", {"status": "Rejected", **more}, keep=True)
		assert frappe.db.get_value("Ledger Dispute", name, "status") == "Open"
	sent = {"doctype": "Ledger Dispute", "name": name, "fieldname": {"status": "Rejected"}, "value": None}
	assert call("frappe.client.set_value", "POST", **sent).status in (403, 417)


def test_actions_still_do_what_they_own(records: Records):
	frappe.set_user("Administrator")
	frappe.db.savepoint("actions")
	disputes.settle(records.one["Ledger Dispute"], "Rejected", "As agreed")
	assert frappe.db.get_value("Ledger Dispute", records.one["Ledger Dispute"], "status") == "Rejected"
	assert put("Ledger Dispute", records.one["Ledger Dispute"], status="Open").status == 403
	cases.close(records.one["Escalation Case"], "Cancelled")
	assert put("Escalation Case", records.one["Escalation Case"], status="Preparing").status == 403
	frappe.db.rollback(save_point="actions")


def test_one_alone_raises_no_limit_by_a_reference(records: Records):
	maker, checker = ("Credit Manager", "Sales User"), ("Credit Manager", "Accounts User")
	users = [f.make_user(f"doors.{i}@example.com", roles).name for i, roles in enumerate((maker, checker))]
	frappe.set_user(users[0])
	doc = frappe.get_doc("Credit Reference", records.one["Credit Reference"])
	doc.amount = 750
	doc.save()
	assert doc.approval_status == "Pending Approval"
	with pytest.raises(frappe.PermissionError):
		references.approve(doc.name)
	frappe.set_user(users[1])
	references.approve(doc.name)
	assert frappe.db.get_value("Credit Reference", doc.name, "approval_status") == "Approved"
	frappe.set_user(users[0])
	doc.reload()
	doc.amount = 900
	doc.save()
	assert (doc.approval_status, doc.approved_by) == ("Pending Approval", None)


def test_a_cap_is_loosened_only_by_whoever_approves(records: Records):
	values = {
		"customer": ONE,
		"company": COMPANY,
		"reference_type": "Agency Rating",
		"provider": "X",
		"limit_effect": "Cap",
	}
	doc = frappe.get_doc(
		{"doctype": "Credit Reference", **values, "amount": 100, "valid_to": add_days(nowdate(), 9)}
	)
	doc.insert()
	login(("Credit Controller", "Sales User"))
	for change in ({"amount": 200}, {"limit_effect": "None"}, {"valid_to": nowdate()}):
		assert put("Credit Reference", doc.name, **change).status == 403, change
	assert put("Credit Reference", doc.name, amount=50).status == 200
	assert post("Credit Reference", **values, amount=100, valid_to=nowdate()).status == 200
