"""The host's own Workflow for what one person requests and another approves. Made once; removed on uninstall."""

import frappe

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

# Workflow -> its DocType and who may request.
WORKFLOWS = {
	"Credit Limit Approval": ("Credit Limit", (MANAGER, CONTROLLER, "Sales Manager")),
	"Credit Grade Override Approval": ("Credit Grade Override", (MANAGER, CONTROLLER)),
}


def make_workflows() -> None:
	"""Make the workflows with their states and actions."""
	for state, style in STYLES.items():
		if not frappe.db.exists("Workflow State", state):
			frappe.get_doc(
				{"doctype": "Workflow State", "workflow_state_name": state, "style": style}
			).insert(ignore_permissions=True)
	for action in (REQUEST, APPROVE, REJECT, CANCEL, REVISE):
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc({"doctype": "Workflow Action Master", "workflow_action_name": action}).insert(
				ignore_permissions=True
			)
	for name, (doctype, requesters) in WORKFLOWS.items():
		if not frappe.db.exists("Workflow", name):
			_workflow(name, doctype, requesters).insert(ignore_permissions=True)


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
	doctypes = [doctype for doctype, _requesters in WORKFLOWS.values()]
	for name in frappe.get_all("Workflow", {"document_type": ("in", doctypes)}, pluck="name"):
		frappe.delete_doc("Workflow", name, force=True, ignore_permissions=True, delete_permanently=True)
	waiting = frappe.get_all("Workflow Action", {"reference_doctype": ("in", doctypes)}, pluck="name")
	if waiting:
		frappe.db.delete("Workflow Action Permitted Role", {"parent": ("in", waiting)})
		frappe.db.delete("Workflow Action", {"name": ("in", waiting)})
	for master, names, users in (
		("Workflow State", STYLES, (("Workflow Document State", "state"),)),
		(
			"Workflow Action Master",
			(REQUEST, APPROVE, REJECT, CANCEL, REVISE),
			(("Workflow Transition", "action"),),
		),
	):
		for name in names:
			is_used = any(frappe.db.exists(doctype, {field: name}) for doctype, field in users)
			if not is_used and frappe.db.exists(master, name) and _is_ours(master, name):
				frappe.delete_doc(master, name, force=True, ignore_permissions=True, delete_permanently=True)


def _is_ours(master: str, name: str) -> bool:
	"""Return False for those every site of the host starts with."""
	return name not in ("Approved", "Rejected", "Pending", "Approve", "Reject", "Review")
