"""What forms of Group Robot and Robot Delivery ask the server to do."""

import frappe

from client_ledger.group_robots import decisions
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import GROUP_ROBOT, ROBOT_DELIVERY
from client_ledger.site.requirements import DocumentRight, OneOf, requires

ROLES = ("System Manager", "Accounts Manager")
SECONDS = 600


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), DocumentRight(GROUP_ROBOT, "write"))
def send_test_message(name: str) -> dict:
	"""Send a test message to a robot now; return {delivery, status, reason, detail}."""
	delivery = decisions.send_test(name)
	row = frappe.db.get_value(ROBOT_DELIVERY, delivery, ["status", "reason", "detail"], as_dict=True)
	return {"delivery": delivery, **row}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), DocumentRight(ROBOT_DELIVERY))
def send_delivery_again(name: str) -> None:
	"""Have a message sent again that failed, or that nobody has seen in the group."""
	decisions.send_again(name)
	frappe.enqueue(
		"client_ledger.tasks.send_to_robots",
		queue="default",
		timeout=SECONDS,
		job_id="client_ledger_robots",
		deduplicate=True,
		enqueue_after_commit=True,
	)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), DocumentRight(ROBOT_DELIVERY))
def withdraw_delivery(name: str) -> None:
	"""Have a message not sent any more."""
	decisions.withdraw(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), DocumentRight(ROBOT_DELIVERY))
def delivery_arrived(name: str) -> None:
	"""Note that a message of which nobody knew has arrived."""
	decisions.arrived(name)
