"""Frappe's own Workflow for what one person requests and another approves. Made once; removed on uninstall."""

import frappe
import frappe.share

from client_ledger.site.doctypes import DONE, FOLLOW_UP, IN_PROGRESS, OPEN, WRITE_OFF_REQUEST

DRAFT, PENDING, APPROVED, REJECTED, CANCELLED = (
	"Draft",
	"Pending Approval",
	"Approved",
	"Rejected",
	"Cancelled",
)
REQUEST, APPROVE, REJECT, CANCEL, REVISE = "Request Approval", "Approve", "Reject", "Cancel", "Revise"
MANAGER, CONTROLLER = "Credit Manager", "Credit Controller"
STYLES = {DRAFT: "", PENDING: "Warning", APPROVED: "Success", REJECTED: "Danger", CANCELLED: "Inverse"}

# A follow-up's own states and actions; Cancelled and Cancel are the same as above.
START, COMPLETE, REOPEN = "Start", "Complete", "Reopen"
FOLLOW_UP_STYLES = {OPEN: "Primary", IN_PROGRESS: "Warning", DONE: "Success", CANCELLED: "Inverse"}
COLLECTING = ("Accounts Manager", MANAGER, CONTROLLER, "Sales Manager", "Sales User")

# Workflow -> its DocType and who may request.
WORKFLOWS = {
	"Credit Limit Approval": ("Credit Limit", (MANAGER, CONTROLLER, "Sales Manager")),
	"Credit Grade Override Approval": ("Credit Grade Override", (MANAGER, CONTROLLER)),
}


def make_workflows() -> None:
	"""Make the workflows with their states and actions."""
	_make_masters(STYLES, (REQUEST, APPROVE, REJECT, CANCEL, REVISE))
	for name, (doctype, requesters) in WORKFLOWS.items():
		_insert(_workflow(name, doctype, requesters))


def make_write_off_workflow() -> None:
	"""Make the workflow by which a loss is requested by one and approved by another."""
	_make_masters(STYLES, (REQUEST, APPROVE, REJECT, CANCEL, REVISE))
	_insert(_workflow("Write-off Approval", WRITE_OFF_REQUEST, (MANAGER, CONTROLLER)))


def make_follow_up_workflow() -> None:
	"""Make the workflow of follow-ups, which are never submitted: open, in progress, done or cancelled."""
	_make_masters(FOLLOW_UP_STYLES, (START, COMPLETE, REOPEN, CANCEL))
	steps = (
		(OPEN, START, IN_PROGRESS),
		(OPEN, COMPLETE, DONE),
		(OPEN, CANCEL, CANCELLED),
		(IN_PROGRESS, COMPLETE, DONE),
		(IN_PROGRESS, CANCEL, CANCELLED),
		(CANCELLED, REOPEN, OPEN),
	)
	states = [
		{"state": state, "doc_status": "0", "allow_edit": role}
		for state in FOLLOW_UP_STYLES
		for role in COLLECTING
	]
	transitions = [_transition(*step, role, True) for step in steps for role in COLLECTING]
	_insert(_document(FOLLOW_UP, FOLLOW_UP, states, transitions))


def share_workflows() -> None:
	"""Let everybody read our workflows.

	The form of version 16 asks for that when somebody chooses an action, until frappe's pull request 36955.
	"""
	for name in _ours():
		frappe.share.add_docshare("Workflow", name, everyone=1, flags={"ignore_share_permission": True})


def _ours() -> list[str]:
	doctypes = ("in", _doctypes())
	return frappe.get_all("Workflow", {"document_type": doctypes}, pluck="name", order_by="name")


def _doctypes() -> list[str]:
	return [FOLLOW_UP, WRITE_OFF_REQUEST, *(doctype for doctype, _requesters in WORKFLOWS.values())]


def _make_masters(styles: dict[str, str], actions: tuple[str, ...]) -> None:
	for state, style in styles.items():
		if not frappe.db.exists("Workflow State", state):
			frappe.get_doc(
				{"doctype": "Workflow State", "workflow_state_name": state, "style": style}
			).insert(ignore_permissions=True)
	for action in actions:
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc({"doctype": "Workflow Action Master", "workflow_action_name": action}).insert(
				ignore_permissions=True
			)


def _insert(workflow: "frappe.model.document.Document") -> None:
	if not frappe.db.exists("Workflow", workflow.workflow_name):
		workflow.insert(ignore_permissions=True)


def _workflow(name: str, doctype: str, requesters: tuple[str, ...]) -> "frappe.model.document.Document":
	states = [
		*(
			{"state": state, "doc_status": "0", "allow_edit": role}
			for state in (DRAFT, REJECTED)
			for role in requesters
		),
		{"state": PENDING, "doc_status": "0", "allow_edit": MANAGER},
		{"state": APPROVED, "doc_status": "1", "allow_edit": MANAGER},
		{"state": CANCELLED, "doc_status": "2", "allow_edit": MANAGER},
	]
	states.sort(key=lambda row: list(STYLES).index(row["state"]))
	transitions = [
		*(_transition(DRAFT, REQUEST, PENDING, role, True) for role in requesters),
		_transition(PENDING, APPROVE, APPROVED, MANAGER, False),
		_transition(PENDING, REJECT, REJECTED, MANAGER, True),
		*(_transition(REJECTED, REVISE, DRAFT, role, True) for role in requesters),
		_transition(APPROVED, CANCEL, CANCELLED, MANAGER, True),
	]
	return _document(name, doctype, states, transitions)


def _document(
	name: str, doctype: str, states: list[dict], transitions: list[dict]
) -> "frappe.model.document.Document":
	return frappe.get_doc(
		{
			"doctype": "Workflow",
			"workflow_name": name,
			"document_type": doctype,
			"workflow_state_field": "workflow_state",
			"is_active": 1,
			"send_email_alert": 0,
			"states": states,
			"transitions": transitions,
		}
	)


def _transition(state: str, action: str, next_state: str, role: str, by_oneself: bool) -> dict:
	return {
		"state": state,
		"action": action,
		"next_state": next_state,
		"allowed": role,
		"allow_self_approval": int(by_oneself),
	}


def remove_workflows() -> None:
	"""Delete the workflows of our DocTypes, and the states and actions we made that no other workflow uses."""
	doctypes = _doctypes()
	for name in _ours():
		frappe.delete_doc("Workflow", name, force=True, ignore_permissions=True, delete_permanently=True)
	waiting = frappe.get_all("Workflow Action", {"reference_doctype": ("in", doctypes)}, pluck="name")
	if waiting:
		frappe.db.delete("Workflow Action Permitted Role", {"parent": ("in", waiting)})
		frappe.db.delete("Workflow Action", {"name": ("in", waiting)})
	for master, names, users in (
		("Workflow State", {**STYLES, **FOLLOW_UP_STYLES}, (("Workflow Document State", "state"),)),
		(
			"Workflow Action Master",
			(REQUEST, APPROVE, REJECT, CANCEL, REVISE, START, COMPLETE, REOPEN),
			(("Workflow Transition", "action"),),
		),
	):
		for name in names:
			is_used = any(frappe.db.exists(doctype, {field: name}) for doctype, field in users)
			if not is_used and frappe.db.exists(master, name) and _is_ours(master, name):
				frappe.delete_doc(master, name, force=True, ignore_permissions=True, delete_permanently=True)


def _is_ours(master: str, name: str) -> bool:
	"""Return False for those that every site of Frappe starts with."""
	return name not in ("Approved", "Rejected", "Pending", "Approve", "Reject", "Review")
