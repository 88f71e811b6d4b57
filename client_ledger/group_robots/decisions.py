"""What people decide about messages to robots: a test, one that is sent again, one that arrived or shall not go out any more."""

import frappe
from frappe import _
from frappe.utils import get_url_to_form, now_datetime

from client_ledger.core.group_robots.messages import RobotLine, RobotMessage
from client_ledger.group_robots.deliveries import FAILED, SENT, UNKNOWN, WAITING, WITHDRAWN, put, send
from client_ledger.site.doctypes import GROUP_ROBOT, ROBOT_DELIVERY
from client_ledger.site.language import site_language, spoken
from client_ledger.site.messages import bold, filled


def send_test(robot: str) -> str:
	"""Send a message that says what it is, at once; return the name of its delivery. Commits."""
	language = frappe.db.get_value(GROUP_ROBOT, robot, "language")
	with spoken(language or site_language()):
		message = RobotMessage(
			_("Client Ledger: test of {0}").format(robot),
			[RobotLine(_("Early warnings will come here."), get_url_to_form(GROUP_ROBOT, robot))],
		)
	name = put(robot, f"test|{frappe.generate_hash(length=12)}", message, (GROUP_ROBOT, robot))
	send(name, now_datetime())
	return name


def send_again(name: str) -> None:
	"""Have a message tried anew that failed, or of which nobody knows whether it arrived: somebody has looked."""
	_change(name, (FAILED, UNKNOWN), {"status": WAITING, "tries": 0, "next_try": now_datetime()})


def withdraw(name: str) -> None:
	"""Have a message not sent any more."""
	_change(name, (WAITING, FAILED), {"status": WITHDRAWN, "next_try": None})


def arrived(name: str) -> None:
	"""Note that a message has arrived: somebody has seen it in the group."""
	_change(name, (UNKNOWN,), {"status": SENT, "sent_on": now_datetime(), "reason": None})


def _change(name: str, allowed: tuple[str, ...], values: dict) -> None:
	status = frappe.db.get_value(ROBOT_DELIVERY, name, "status", for_update=True)
	if status not in allowed:
		frappe.throw(filled(_("{0} is {1}: this is not possible any more. Reload."), bold(name), _(status)))
	frappe.db.set_value(ROBOT_DELIVERY, name, values)
	said = filled(_("{0} set this message to {1}."), frappe.session.user, _(values["status"]))
	frappe.get_doc(ROBOT_DELIVERY, name).add_comment("Info", said)
