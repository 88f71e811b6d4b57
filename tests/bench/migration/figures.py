"""Write down everything of a site that a migration has to keep. Arguments: the site, the file to write, days after the fill.

Runs with any revision of the app: what it asks for by its dotted path is listed below with every place it has had.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from moment import connected

MODULE = "Client Ledger"
# Kind of answer -> where in the app its function is or was, the newest place first.
TABS = {
	"ledger": ("ledger_tab.api.customer_ledger", "api.customer_ledger"),
	"credit": ("credit.api.customer_credit", "credit_api.customer_credit"),
	"dunning": ("dunning.api.customer_dunning", "dunning_api.customer_dunning"),
	"collections": (
		"collections.api.customer_collections",
		"collections_api.customer_collections",
	),
}
LISTS = {
	"worklist": ("collections.api.my_worklist", "collections_api.my_worklist"),
	"exceptions": (
		"outbox.api.notice_exceptions",
		"dunning.api.dunning_exceptions",
		"dunning.api.what_did_not_go_out",
		"dunning_api.what_did_not_go_out",
	),
}
# What answers name besides our own documents; any other text is wording, which a migration may change.
NAMED = (
	*("Customer", "Company", "User", "Supplier", "Currency", "Territory", "Customer Group"),
	*(
		"Sales Invoice",
		"Sales Order",
		"Delivery Note",
		"Payment Entry",
		"Journal Entry",
		"Dunning",
		"Account",
	),
)
REPORT_FILTERS = {
	"from_date": "2025-11-01",
	"to_date": "2026-11-27",
	"report_date": "2026-11-27",
	"days": 30,
}
NOT_KEPT = {"idx", "_user_tags", "_comments", "_assign", "_liked_by", "_seen"}
PEOPLE = "migration.%@example.com"
Json = Any


def main(site: str, target: str, days: str) -> None:
	"""Write the figures to *target* as JSON."""
	with connected(site, float(days), tick=False):
		Path(target).write_text(json.dumps(figures(), default=str, indent=1, sort_keys=True))


def figures() -> dict[str, Json]:
	"""Return what is kept, by part."""
	return {
		"rows": rows(),
		"customers": customers(),
		"queue": table(
			"Email Queue", ["name", "status", "reference_doctype", "reference_name", "sender", "message"]
		),
		"todos": table(
			"ToDo", ["name", "status", "allocated_to", "reference_type", "reference_name", "date"]
		),
		"schedules": {
			row.method: [row.frequency, row.cron_format, row.stopped]
			for row in _all(
				"Scheduled Job Type",
				["method", "frequency", "cron_format", "stopped"],
				{"method": ("like", "client_ledger.%")},
			)
		},
		"permissions": permissions(),
		"seen": dict(seen()),
		"workflows": workflows(),
		"desk": desk(),
		"saved": saved(),
		"answers": dict(answers()),
		"errors": sorted(row.method or "" for row in _all("Error Log", ["method"])),
	}


def _all(doctype: str, fields: list[str], filters: dict | None = None) -> list:
	import frappe

	return frappe.get_all(doctype, filters or {}, fields, order_by="name")


def table(doctype: str, fields: list[str], filters: dict | None = None) -> dict[str, dict]:
	"""Return rows by name."""
	return {row.name: dict(row) for row in _all(doctype, fields, filters)}


def own_doctypes() -> list:
	return _all("DocType", ["name", "issingle", "istable"], {"module": MODULE})


def rows() -> dict[str, dict]:
	"""Return every row of our DocTypes by name, with the columns that DocType has; single documents by field."""
	import frappe

	found = {}
	for doctype in own_doctypes():
		if doctype.issingle:
			found[doctype.name] = {doctype.name: dict(frappe.db.get_singles_dict(doctype.name))}
			continue
		kept = [column for column in frappe.db.get_table_columns(doctype.name) if column not in NOT_KEPT]
		found[doctype.name] = table(doctype.name, kept)
	return found


def customers() -> dict[str, dict]:
	"""Return what ERPNext's own documents hold of ours."""
	import frappe

	fields = [name for name in frappe.db.get_table_columns("Customer") if name.startswith("cl_")]
	return {
		"fields": table("Customer", ["name", *fields]),
		"limits": table(
			"Customer Credit Limit",
			["name", "parent", "company", "credit_limit", "bypass_credit_limit_check"],
		),
		"dunnings": table("Dunning", ["name", "customer", "status", "grand_total", "total_outstanding"]),
	}


def permissions() -> dict[str, list]:
	"""Return per DocType the rights of each role, the site's own included."""
	import frappe

	rights = (
		"read",
		"write",
		"create",
		"delete",
		"submit",
		"cancel",
		"amend",
		"report",
		"export",
		"share",
		"print",
		"email",
		"if_owner",
	)
	found: dict[str, list] = {}
	for kind in ("DocPerm", "Custom DocPerm"):
		for doctype in own_doctypes():
			for row in frappe.get_all(kind, {"parent": doctype.name}, ["role", "permlevel", *rights]):
				found.setdefault(doctype.name, []).append(
					[kind, row.role, row.permlevel, *(name for name in rights if row.get(name))]
				)
	return {doctype: sorted(given) for doctype, given in found.items()}


def seen() -> Iterator[tuple[str, dict]]:
	"""Yield per user which documents it sees in our lists, and which pages and reports it may open."""
	import frappe

	for user in frappe.get_all("User", {"name": ("like", PEOPLE)}, pluck="name", order_by="name"):
		frappe.set_user(user)
		lists = {
			doctype.name: sorted(frappe.get_list(doctype.name, pluck="name", limit_page_length=0))
			for doctype in own_doctypes()
			if not doctype.issingle and not doctype.istable and frappe.has_permission(doctype.name, "read")
		}
		pages = [
			row.name
			for row in _all("Page", ["name"], {"module": MODULE})
			if frappe.get_doc("Page", row.name).is_permitted()
		]
		reports = [
			row.name
			for row in _all("Report", ["name"], {"module": MODULE})
			if frappe.get_doc("Report", row.name).is_permitted()
		]
		yield user, {"lists": lists, "pages": pages, "reports": reports}
		frappe.set_user("Administrator")


def workflows() -> dict[str, Json]:
	import frappe

	found = {}
	for row in _all("Workflow", ["name", "document_type", "is_active"]):
		doc = frappe.get_doc("Workflow", row.name)
		found[row.name] = {
			**row,
			"states": [[s.state, s.doc_status, s.allow_edit] for s in doc.states],
			"transitions": [
				[t.state, t.action, t.next_state, t.allowed, t.allow_self_approval] for t in doc.transitions
			],
		}
	return found


def desk() -> dict[str, Json]:
	"""Return what of ours is on the desk, and on ERPNext's forms."""
	import frappe

	found = {
		kind: sorted(frappe.get_all(kind, {"module": MODULE}, pluck="name"))
		for kind in (
			"Page",
			"Report",
			"Workspace",
			"Number Card",
			"Dashboard Chart",
			"Dashboard Chart Source",
			"Print Format",
		)
	}
	found["cards"] = {
		row.name: [row.type, row.method, row.document_type]
		for row in _all("Number Card", ["name", "type", "method", "document_type"])
	}
	meta = frappe.get_meta("Customer")
	found["tabs"] = [field.fieldname for field in meta.fields if field.fieldtype == "Tab Break"]
	found["fields"] = {
		row.name: [row.fieldtype, row.options, row.insert_after]
		for row in _all(
			"Custom Field", ["name", "fieldtype", "options", "insert_after"], {"fieldname": ("like", "cl_%")}
		)
	}
	found["indexes"] = sorted(
		f"{row[0]}.{row[1]}"
		for row in frappe.db.sql(
			"""select distinct table_name, index_name from information_schema.statistics
			where table_schema = database() and index_name like 'cl\\_%'"""
		)
	)
	return found


def saved() -> dict[str, Json]:
	"""Return what people have saved about our DocTypes."""
	import frappe

	return {
		"filters": table("List Filter", ["name", "reference_doctype", "filters", "for_user"]),
		"boards": table("Kanban Board", ["name", "reference_doctype", "field_name", "filters"]),
		"cards": table("Number Card", ["name", "document_type", "filters_json"], {"is_standard": 0}),
		"notifications": table(
			"Notification",
			["name", "document_type", "value_changed", "condition", "subject", "message"],
			{"is_standard": 0},
		),
		"roles": [
			[row.page, row.report, sorted(frappe.get_all("Has Role", {"parent": row.name}, pluck="role"))]
			for row in _all("Custom Role", ["name", "page", "report"])
		],
		"fields": {
			row.name: [row.dt, row.fieldname, row.insert_after]
			for row in _all(
				"Custom Field",
				["name", "dt", "fieldname", "insert_after"],
				{"dt": ("in", [d.name for d in own_doctypes()])},
			)
		},
		"setters": [
			[row.doc_type, row.field_name, row.property, row.value]
			for row in _all(
				"Property Setter",
				["doc_type", "field_name", "property", "value"],
				{"doc_type": ("in", [d.name for d in own_doctypes()])},
			)
		],
		"settings": [
			list(row)
			for row in frappe.db.sql(
				"select user, doctype, data from `__UserSettings` order by user, doctype"
			)
		],
	}


def answers() -> Iterator[tuple[str, Json]]:
	"""Yield what the tabs, lists, reports, cards and charts say, without wording."""
	import frappe

	names = {name for doctype in NAMED for name in frappe.get_all(doctype, pluck="name")}
	for doctype in own_doctypes():
		if not doctype.issingle and not doctype.istable:
			names |= set(frappe.get_all(doctype.name, pluck="name"))
	accounts = frappe.get_all("Client Account", fields=["customer", "company"], order_by="customer, company")
	companies = sorted({row.company for row in accounts})
	for tab, paths in TABS.items():
		ask = function(paths)
		for row in accounts:
			yield (
				f"{tab} {row.customer} {row.company}",
				said(ask(customer=row.customer, company=row.company), names),
			)
	for kind, paths in LISTS.items():
		for company in companies:
			yield f"{kind} {company}", said(function(paths)(company=company), names)
	for report in frappe.get_all("Report", {"module": MODULE, "report_type": "Script Report"}, pluck="name"):
		document = frappe.get_doc("Report", report)
		for company in companies:
			result = document.execute_script_report(frappe._dict(REPORT_FILTERS, company=company))
			yield f"report {report} {company}", said(result[1], names)
	for card in frappe.get_all("Number Card", {"module": MODULE}, ["name", "method"]):
		for company in companies:
			yield (
				f"card {card.name} {company}",
				said(frappe.get_attr(card.method)({"company": company}), names),
			)


def function(paths: tuple[str, ...]) -> Callable[..., Json]:
	"""Return the function at the first of *paths* that this revision has."""
	import frappe

	for path in paths:
		try:
			return frappe.get_attr(f"client_ledger.{path}")
		except (AttributeError, ImportError, frappe.AppNotInstalledError):
			continue
	raise LookupError(f"none of {', '.join(paths)} is in this revision of the app")


def said(value: Json, names: set[str]) -> Json:
	"""Return an answer with wording left out: amounts, days, counts, yes and no, and names of documents stay."""
	if isinstance(value, dict):
		return {str(key): said(part, names) for key, part in value.items()}
	if isinstance(value, list | tuple):
		return [said(part, names) for part in value]
	if value is None or isinstance(value, bool | int):
		return value
	if isinstance(value, float):
		return round(value, 6)
	text = str(value)
	return text if text in names or text[:4].isdigit() or not isinstance(value, str) else "..."


if __name__ == "__main__":
	main(*sys.argv[1:])
