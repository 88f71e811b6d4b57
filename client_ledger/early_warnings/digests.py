"""Digests: what is new since the last one, to people by mail and on the desk, to groups through their robots; nothing where nothing is new.

	new warnings -> Warning Digest Issue (under a key) + Email Queue or Robot Delivery, in one transaction -> commit

What was told once is not told again, whether it was read or not: it stays in the list, and on the home page of whose it is.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import md5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe.utils import cint, get_datetime, get_system_timezone, now_datetime
from pypika.terms import LiteralValue

from client_ledger.early_warnings import digest_text
from client_ledger.early_warnings.statuses import CLOSED, LIVE, OPEN
from client_ledger.group_robots.deliveries import put
from client_ledger.outbox.channels.mail import has_outgoing_account
from client_ledger.site.doctypes import EARLY_WARNING, GROUP_ROBOT, WARNING_DIGEST, WARNING_DIGEST_ISSUE
from client_ledger.site.jobs import TITLE_LENGTH, safely
from client_ledger.site.language import site_language, spoken
from client_ledger.site.notify import notify
from client_ledger.site.rows import bulk_insert, stored
from client_ledger.site.visible import conditions_of, without_percent

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEVERITIES = {"Low": ("Low", "Medium", "High"), "Medium": ("Medium", "High"), "High": ("High",)}
# A row may be stored a while after it was made: so far back it is looked whether it was told.
OVERLAP = timedelta(days=2)
FIELDS = (
	*("name", "customer", "customer_name", "company", "signal_name", "severity", "reason", "reason_message"),
	*("reason_values", "proposed_action", "creation"),
)


def send_digests(now: datetime | None = None) -> int:
	"""Send the digests whose turn it is; return how many were sent. Commits; one that fails is logged and stops no other."""
	now = now or now_datetime()
	sent: list[str] = []
	for digest in frappe.get_all(WARNING_DIGEST, {"enabled": 1}, pluck="name", order_by="name"):
		safely(
			f"Warning Digest {digest}: not sent"[:TITLE_LENGTH],
			partial(_to_person, frappe.get_doc(WARNING_DIGEST, digest), now, sent),
		)
	for robot in frappe.get_all(GROUP_ROBOT, {"enabled": 1}, pluck="name", order_by="name"):
		safely(
			f"Group Robot {robot}: not told"[:TITLE_LENGTH],
			partial(_to_robot, frappe.get_doc(GROUP_ROBOT, robot), now, sent),
		)
	return len(sent)


def period_key(frequency: str, weekday: str, hour: int, now: datetime) -> str | None:
	"""Return the period that a digest of *now* is of, None before its turn. A weekly one that was missed comes later in its week."""
	if frequency == "Weekly":
		if (now.weekday(), now.hour) < (WEEKDAYS.index(weekday or "Monday"), hour):
			return None
		year, week, _day = now.isocalendar()
		return f"{year}-W{week:02}"
	return f"{now:%Y-%m-%d}" if now.hour >= hour else None


def in_zone(now: datetime, zone: str | None) -> datetime:
	"""Return what the clock of a user shows. now: by the site's clock. zone: the user's, None for the site's."""
	if not zone:
		return now
	try:
		ours, theirs = ZoneInfo(get_system_timezone()), ZoneInfo(zone)
	except (ZoneInfoNotFoundError, ValueError):
		return now
	return now.replace(tzinfo=ours).astimezone(theirs).replace(tzinfo=None)


def _to_person(digest: "frappe.model.document.Document", now: datetime, sent: list[str]) -> None:
	user = frappe.db.get_value(
		"User", digest.user, ["email", "enabled", "language", "time_zone"], as_dict=True
	)
	there = in_zone(now, user.time_zone if user else None)
	period = period_key(digest.frequency, digest.weekday, cint(digest.hour), there)
	key = f"{digest.user}|{period}"[:140]
	if (
		not period
		or not user
		or not user.enabled
		or frappe.db.exists(WARNING_DIGEST_ISSUE, {"issue_key": key})
	):
		return
	rows = _untold(_visible(digest, digest.seen_until), {"user": digest.user})
	if not rows:
		return
	with spoken(user.language or site_language()):
		subject, content = (
			digest_text.subject_of(rows),
			digest_text.mail_of(rows, _running(digest), digest.name),
		)
		by_email = bool(digest.by_email and user.email and has_outgoing_account())
		issue = _issue({"user": digest.user}, key, rows, subject, content, by_email)
		if not issue:
			return
		if by_email:
			frappe.sendmail(
				recipients=[user.email],
				subject=subject,
				message=content,
				reference_doctype=WARNING_DIGEST_ISSUE,
				reference_name=issue,
				add_unsubscribe_link=0,
			)
	seen = {"seen_until": max(row.creation for row in rows), "last_sent_on": now}
	frappe.db.set_value(WARNING_DIGEST, digest.name, seen, update_modified=False)
	frappe.db.commit()  # nosemgrep: the issue and its mail, in one
	if digest.on_desk:
		opens = (EARLY_WARNING, rows[0].name) if len(rows) == 1 else None
		notify([digest.user], WARNING_DIGEST_ISSUE, issue, lambda: _notice(rows), opens)
	sent.append(issue)


def _notice(rows: Sequence[frappe._dict]) -> str:
	# What notify fills in is the document.
	return "{0}: " + digest_text.subject_of(rows).replace("{", "{{").replace("}", "}}")


def _to_robot(robot: "frappe.model.document.Document", now: datetime, sent: list[str]) -> None:
	period = "now"
	if robot.sends != "Each New Warning":
		frequency = "Weekly" if robot.sends == "Weekly Digest" else "Daily"
		period = period_key(frequency, robot.weekday, 7, now)
	if not period:
		return
	key = f"robot|{robot.name}|{period}"
	if period != "now" and frappe.db.exists(WARNING_DIGEST_ISSUE, {"issue_key": key[:140]}):
		return
	# Not what was there before the robot: a group wants news.
	rows = _untold(_for_robot(robot), {"robot": robot.name})
	if not rows:
		return
	if period == "now":
		key = f"robot|{md5('|'.join([robot.name, *(row.name for row in rows)]).encode()).hexdigest()}"
	with spoken(robot.language or site_language()):
		message = digest_text.robot_message(rows, bool(robot.with_amounts))
	issue = _issue({"robot": robot.name}, key[:140], rows, message.title, "", False)
	if not issue:
		return
	put(robot.name, f"digest|{issue}", message, (WARNING_DIGEST_ISSUE, issue))
	frappe.db.commit()  # nosemgrep: the issue and its delivery, in one
	sent.append(issue)


def _visible(digest: "frappe.model.document.Document", since: object) -> list[frappe._dict]:
	"""Return the warnings that a person may see and wants, since what was told last; all that run where nothing was."""
	table = frappe.qb.DocType(EARLY_WARNING)
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in FIELDS))
		.where(table.severity.isin(SEVERITIES[digest.minimum_severity]))
		.where(table.status == OPEN)
		.orderby(table.raised_on)
		.orderby(table.name)
	)
	if since:
		query = query.where(table.creation > get_datetime(since) - OVERLAP)
	if digest.warnings_of == "My Customers":
		query = query.where(table.responsible == digest.user)
	try:
		conditions = without_percent(conditions_of(EARLY_WARNING, digest.user))
	except frappe.PermissionError:
		return []
	if conditions:
		query = query.where(LiteralValue(f"({conditions})"))
	return _gravest_first(query.run(as_dict=True))


def _for_robot(robot: "frappe.model.document.Document") -> list[frappe._dict]:
	filters = {
		"status": OPEN,
		"severity": ("in", SEVERITIES[robot.minimum_severity]),
		"creation": (">", robot.creation),
	}
	if robot.for_company:
		filters["company"] = robot.for_company
	return _gravest_first(
		frappe.get_all(EARLY_WARNING, filters, list(FIELDS), order_by="raised_on, name", limit=1000)
	)


def _gravest_first(rows: Sequence[frappe._dict]) -> list[frappe._dict]:
	place = {"High": 0, "Medium": 1, "Low": 2}
	return sorted(rows, key=lambda row: place.get(row.severity, 3))


def _untold(rows: Sequence[frappe._dict], receiver: dict[str, str]) -> list[frappe._dict]:
	"""Return those of *rows* that no earlier issue of a receiver holds."""
	if not rows:
		return []
	oldest = min(row.creation for row in rows)
	told: set[str] = set()
	for text in frappe.get_all(
		WARNING_DIGEST_ISSUE, {**receiver, "issued_on": (">=", oldest)}, pluck="names", order_by="name"
	):
		told |= set(json.loads(text or "[]"))
	return [row for row in rows if row.name not in told]


def _running(digest: "frappe.model.document.Document") -> int:
	filters = {"status": ("in", LIVE)}
	if digest.warnings_of == "My Customers":
		filters["responsible"] = digest.user
		return frappe.db.count(EARLY_WARNING, filters)
	return len(_visible_running(digest.user))


def _visible_running(user: str) -> list[str]:
	table = frappe.qb.DocType(EARLY_WARNING)
	query = frappe.qb.from_(table).select(table.name).where(table.status != CLOSED)
	conditions = without_percent(conditions_of(EARLY_WARNING, user))
	if conditions:
		query = query.where(LiteralValue(f"({conditions})"))
	return [row[0] for row in query.run()]


def _issue(
	receiver: dict[str, str],
	key: str,
	rows: Sequence[frappe._dict],
	subject: str,
	content: str,
	by_email: bool,
) -> str | None:
	"""Write an issue; return its name, None where another job was faster."""
	row = {
		"user": None,
		"robot": None,
		**receiver,
		"issued_on": now_datetime(),
		"warnings": len(rows),
		"by_email": int(by_email),
		"subject": subject[:140],
		"content": content,
		"names": json.dumps([one.name for one in rows]),
		"issue_key": key,
	}
	(name,) = bulk_insert(WARNING_DIGEST_ISSUE, [row], ignore_duplicates=True)
	return name if stored(WARNING_DIGEST_ISSUE, [name]) else None
