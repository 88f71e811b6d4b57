"""Messages to robots as rows: written under a key, claimed before they are sent, tried again where they certainly did not arrive.

A worker killed between the claim and the answer leaves a row that nobody knows the end of: it is never sent again by itself.
"""

import traceback
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import frappe
from frappe.utils import add_to_date, now_datetime

from client_ledger.core.group_robots.answers import (
	CUT_OFF,
	NO_ANSWER,
	NOT_REACHED,
	DeliveryAnswer,
	DeliveryResult,
	read_answer,
)
from client_ledger.core.group_robots.messages import RobotMessage
from client_ledger.core.group_robots.schedule import GIVEN_UP_AFTER, next_try, next_turn
from client_ledger.core.group_robots.services import BadAddress
from client_ledger.group_robots import transport
from client_ledger.group_robots.robots import Robot, read_robot
from client_ledger.site.doctypes import GROUP_ROBOT, ROBOT_DELIVERY
from client_ledger.site.jobs import TITLE_LENGTH, safely
from client_ledger.site.rows import bulk_insert, stored

WAITING, SENDING, SENT, FAILED, UNKNOWN, WITHDRAWN = (
	"Waiting",
	"Sending",
	"Sent",
	"Failed",
	"Unknown",
	"Withdrawn",
)
# A job that has worked for this long leaves the rest to the next one.
SECONDS_PER_JOB = 240


def put(robot: str, key: str, message: RobotMessage, about: tuple[str, str] = ("", "")) -> str | None:
	"""Write a message to *robot* under *key*, to be sent after this transaction; return its name, None where the key is taken.

	about: (DocType, name) of the document it is about.
	"""
	row = {
		"robot": robot,
		"title": message.title[:140],
		"status": WAITING,
		"tries": 0,
		"next_try": now_datetime(),
		"reference_doctype": about[0] or None,
		"reference_name": about[1] or None,
		"message": message.as_json(),
		"delivery_key": key[:140],
	}
	(name,) = bulk_insert(ROBOT_DELIVERY, [row], ignore_duplicates=True)
	return name if stored(ROBOT_DELIVERY, [name]) else None


def send_due(now: datetime | None = None) -> dict[str, int]:
	"""Send what is due, robot by robot; return how many have which status afterwards. Commits."""
	now = now or now_datetime()
	end = now_datetime() + timedelta(seconds=SECONDS_PER_JOB)
	found: dict[str, int] = {}
	_give_up(now)
	for name in _due(now):
		if now_datetime() > end:
			break
		# What fails here is nobody's message lost: the row stays as it is, and is looked at again.
		safely(f"Robot Delivery {name}: not sent"[:TITLE_LENGTH], partial(_send_one, name, now, found))
	return found


def _send_one(name: str, now: datetime, found: dict[str, int]) -> None:
	status = send(name, now)
	if status:
		found[status] = found.get(status, 0) + 1


def _due(now: datetime) -> list[str]:
	return frappe.get_all(
		ROBOT_DELIVERY,
		{"status": WAITING, "next_try": ("<=", now)},
		pluck="name",
		order_by="next_try, creation, name",
		limit=500,
	)


def send(name: str, now: datetime) -> str | None:
	"""Try a delivery that waits; return its status afterwards, None where it was not its turn. Commits."""
	robot = read_robot(frappe.db.get_value(ROBOT_DELIVERY, name, "robot"))
	claimed = _claim(name, robot.name, now)
	if claimed is None:
		return None
	return _note(name, robot, claimed.claimed_on, _try(robot, claimed.message))


def _claim(name: str, robot: str, now: datetime) -> frappe._dict | None:
	"""Mark a delivery as about to be sent, unless another worker was faster, the robot is off or has had enough for now. Commits."""
	frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
	# The robot's row first: workers count its tries one after another.
	enabled = frappe.db.get_value(GROUP_ROBOT, robot, "enabled", for_update=True)
	row = frappe.db.get_value(
		ROBOT_DELIVERY, name, ["status", "tries", "next_try", "message"], as_dict=True, for_update=True
	)
	if not enabled or not row or row.status != WAITING or (row.next_try and row.next_try > now):
		frappe.db.commit()  # nosemgrep: lets the locks go
		return None
	turn = next_turn(_tries(robot, now), now)
	values: dict = {"next_try": turn}
	if turn <= now:
		values = {"status": SENDING, "claimed_on": now.replace(microsecond=0), "tries": row.tries + 1}
	frappe.db.set_value(ROBOT_DELIVERY, name, {**values, "modified": now_datetime()})
	frappe.db.commit()  # nosemgrep: about to leave the database
	return frappe._dict(row, **values) if turn <= now else None


def _tries(robot: str, now: datetime) -> list[datetime]:
	# No delivery is tried twice within a minute.
	return frappe.get_all(
		ROBOT_DELIVERY,
		{"robot": robot, "claimed_on": (">", add_to_date(now, minutes=-1))},
		pluck="claimed_on",
		order_by="claimed_on",
	)


def _try(robot: Robot, message: str) -> DeliveryAnswer:
	try:
		request = robot.request(RobotMessage.from_json(message))
		answer = transport.post(request)
	except BadAddress as error:
		return DeliveryAnswer(DeliveryResult.REFUSED, error.text, error.value)
	except transport.NotReached as error:
		return DeliveryAnswer(DeliveryResult.TRY_AGAIN, NOT_REACHED, str(error))
	except transport.NoAnswer as error:
		return DeliveryAnswer(DeliveryResult.UNKNOWN, NO_ANSWER, str(error))
	except Exception as error:
		# The frames of its traceback hold the address: it is logged nowhere but as its kind, and where it came from.
		last = traceback.extract_tb(error.__traceback__)[-1]
		where = f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
		return DeliveryAnswer(DeliveryResult.UNKNOWN, CUT_OFF, where)
	return read_answer(robot.service, answer.status, answer.body, answer.retry_after, answer.cut)


def _note(name: str, robot: Robot, claimed_on: datetime, answer: DeliveryAnswer) -> str | None:
	"""Write what became of a try, unless somebody has decided meanwhile. Commits."""
	now = now_datetime()
	row = frappe.db.get_value(
		ROBOT_DELIVERY, name, ["status", "claimed_on", "tries"], as_dict=True, for_update=True
	)
	if not row or row.status not in (SENDING, UNKNOWN) or row.claimed_on != claimed_on:
		frappe.db.commit()  # nosemgrep: lets the lock go
		return None
	values = {
		"reason": answer.why or None,
		"detail": robot.scrubbed(answer.detail)[:500] or None,
		"code": answer.code or None,
		"next_try": None,
		"status": _STATUS[answer.result],
	}
	if answer.result is DeliveryResult.SENT:
		values["sent_on"] = now
	elif answer.result is DeliveryResult.TRY_AGAIN and (again := next_try(row.tries, now, answer.wait)):
		values |= {"status": WAITING, "next_try": again}
	frappe.db.set_value(ROBOT_DELIVERY, name, {**values, "modified": now})
	_tell_robot(robot.name, values, now)
	frappe.db.commit()  # nosemgrep: what became of it
	return values["status"]


_STATUS = {
	DeliveryResult.SENT: SENT,
	DeliveryResult.TRY_AGAIN: FAILED,
	DeliveryResult.REFUSED: FAILED,
	DeliveryResult.UNKNOWN: UNKNOWN,
}


def _tell_robot(robot: str, values: dict, now: datetime) -> None:
	"""Show on the robot itself how its last message fared; who changed it last, and when, stays as it is."""
	fields = {"last_sent_on": now, "last_problem": None} if values["status"] == SENT else {}
	if values["status"] != SENT:
		fields = {"last_problem": values["reason"]}
	frappe.db.set_value(GROUP_ROBOT, robot, fields, update_modified=False)


def _give_up(now: datetime) -> None:
	"""Say of tries that ended with their worker that nobody knows what became of them. Commits."""
	left = frappe.get_all(
		ROBOT_DELIVERY,
		{"status": SENDING, "claimed_on": ("<", now - GIVEN_UP_AFTER)},
		pluck="name",
		order_by="name",
	)
	for name in left:
		if frappe.db.get_value(ROBOT_DELIVERY, name, "status", for_update=True) == SENDING:
			frappe.db.set_value(
				ROBOT_DELIVERY, name, {"status": UNKNOWN, "reason": CUT_OFF, "next_try": None}
			)
	frappe.db.commit()  # nosemgrep: what was found
