"""What the forms of controls and findings show besides their fields, in the reader's language, and what the reader may do."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.controls import guards, rows
from client_ledger.controls.access import ROLES, works_on
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.lifecycle import OPEN_STATUSES, FindingStatus
from client_ledger.core.duties.rights import ADMINISTRATOR
from client_ledger.core.entries import Voucher
from client_ledger.site.access import link, readable
from client_ledger.site.doctypes import CONTROL_FINDING, CONTROL_RUN
from client_ledger.site.roles import has_one_of

LAST_RUNS = 40


def control_shown(doc: Document) -> dict[str, Any]:
	"""Return the texts of a control, its last runs, its replay, its history, and what the reader may do with it."""
	control = CONTROLS.get(doc.name)
	if not control:
		return {"unknown": True, "may": {}}
	user = frappe.session.user
	may_switch = has_one_of(ROLES["switch"])
	return {
		"title": _(control.name),
		"risk": _(control.risk),
		"source": _(control.source),
		"mended": _(control.mended),
		"scope": control.scope.value,
		"needs": [_(kind.value) for kind in sorted(control.needs, key=lambda kind: kind.value)],
		"lasting": control.lasting,
		"has_past": control.has_past,
		"parameters": [
			{
				"name": one.name,
				"label": _(one.label),
				"unit": _(one.unit) if one.unit else "",
				"shipped": float(one.default),
				"least": float(one.least),
				"most": float(one.most),
				"whole": one.whole,
			}
			for one in control.parameters
		],
		"runs": _last_runs(doc.name),
		"open": _open_findings(doc.name),
		"preview": json.loads(doc.preview or "null"),
		"history": rows.plain_history(doc.history),
		"found": may_switch and guards.found_by(doc.name, user),
		"may": {"switch": may_switch, "run": has_one_of(ROLES["run"])},
	}


def _last_runs(control: str) -> list[dict[str, Any]]:
	found = frappe.get_list(
		CONTROL_RUN,
		{"control": control},
		[
			"name",
			"company",
			"run_date",
			"status",
			"found_count",
			"new_count",
			"gone_count",
			"silent",
			"error",
		],
		order_by="run_date desc, company",
		limit_page_length=LAST_RUNS,
	)
	latest: dict[str, dict] = {}
	for row in found:
		latest.setdefault(
			row.company,
			{**row, "run_date": str(row.run_date), "silent": _(row.silent) if row.silent else ""},
		)
	return list(latest.values())


def _open_findings(control: str) -> int:
	filters = {"control": control, "status": ("in", [status.value for status in OPEN_STATUSES])}
	return len(frappe.get_list(CONTROL_FINDING, filters, pluck="name", limit_page_length=0, order_by="name"))


def finding_shown(doc: Document) -> dict[str, Any]:
	"""Return the reason of a finding, its documents as links, its history, and what the reader may do with it."""
	control = CONTROLS.get(doc.control)
	user = frappe.session.user
	about = user != ADMINISTRATOR and user in guards.people_of(doc)
	is_open = FindingStatus(doc.status) in OPEN_STATUSES
	works = works_on(doc) and not about
	vouchers = [Voucher(row.document_type, row.document_name) for row in doc.documents]
	visible = readable(vouchers)
	return {
		"title": _(control.name) if control else doc.control_title,
		"risk": _(control.risk) if control else "",
		"reason": rows.reason_of(doc.as_dict()),
		"resolution": _(doc.resolution_message) if doc.resolution_message else doc.resolution or "",
		"documents": [link(voucher, visible) for voucher in vouchers],
		"history": rows.plain_history(doc.history),
		"late": bool(is_open and doc.due_date and getdate(doc.due_date) < getdate()),
		"about": about,
		"may": {
			"take_up": works and doc.status == FindingStatus.OPEN.value,
			"resolve": works and is_open,
			"accept": works and is_open and has_one_of(ROLES["accept"]),
			"reopen": works and not is_open,
		},
	}
