"""What each control did each night, as rows: the proof that it ran, and from where the next night goes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from hashlib import sha256

import frappe
from frappe.utils import add_days, get_datetime, getdate

from client_ledger.controls.settings import ControlInForce
from client_ledger.controls.store import StoreCounts
from client_ledger.site.doctypes import CONTROL_RUN
from client_ledger.site.rows import bulk_insert

REMEMBERED_DAYS = 40


class RunStatus(str, Enum):
	"""How a control's night went. The value is the English label."""

	DONE = "Done"
	NOTHING_CHANGED = "Nothing Changed"
	FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class LastLook:
	"""When a control last looked, on which day, and with which parameters."""

	looked_at: datetime
	day: date
	parameters: str


@dataclass(frozen=True, slots=True)
class RunResult:
	"""What a control's row is to say. everywhere: all customers, not only those that changed. silent: marked for translation."""

	status: RunStatus
	counts: StoreCounts = field(default_factory=StoreCounts)
	seconds: float = 0.0
	everywhere: bool = True
	silent: str = ""
	error: str = ""


def last_looks(company: str) -> dict[str, LastLook]:
	"""Return when each control last looked at a company without failing."""
	run = frappe.qb.DocType(CONTROL_RUN)
	# One that has not run for longer looks at everything.
	first = add_days(getdate(), -REMEMBERED_DAYS)
	rows = (
		frappe.qb.from_(run)
		.select(run.control, run.looked_at, run.run_date, run.parameters_used)
		.where((run.company == company) & run.looked_at.isnotnull() & (run.run_date >= first))
		.where(run.status != RunStatus.FAILED.value)
		.orderby(run.looked_at)
	).run(as_dict=True)
	return {
		row.control: LastLook(get_datetime(row.looked_at), getdate(row.run_date), row.parameters_used or "")
		for row in rows
	}


def looked_since(company: str, control: str, moment: datetime) -> bool:
	"""Return whether another worker has stored what the control found at *moment* or later."""
	run = frappe.qb.DocType(CONTROL_RUN)
	return bool(
		frappe.qb.from_(run)
		.select(run.name)
		.where((run.company == company) & (run.control == control) & (run.looked_at >= moment))
		.where(run.status != RunStatus.FAILED.value)
		.limit(1)
		.run()
	)


def write(company: str, setting: ControlInForce, day: date, looked_at: datetime, result: RunResult) -> None:
	"""Write the row of a control's night; a second run of one day is added to the first. Does not commit."""
	code = setting.control.code
	key = sha256(f"{day}\n{company}\n{code}".encode()).hexdigest()[:40]
	values = _values(setting, looked_at, result)
	row = frappe.db.get_value(
		CONTROL_RUN,
		{"unique_key": key},
		["name", "new_count", "again_count", "gone_count", "status", "looked_at"],
		as_dict=True,
	)
	if not row:
		new = {
			"control": code,
			"control_title": setting.control.name,
			"company": company,
			"run_date": day,
			"unique_key": key,
		}
		bulk_insert(CONTROL_RUN, [{**new, **values}], ignore_duplicates=True)
		return
	if result.status is RunStatus.FAILED:
		# What the first run of the day stored stays, and the next one goes on from there.
		values = {"error": values["error"], "status": values["status"] if not row.looked_at else row.status}
	elif result.status is RunStatus.NOTHING_CHANGED and row.status == RunStatus.DONE.value:
		values = {"looked_at": max(looked_at, get_datetime(row.looked_at))}
	else:
		for field in ("new_count", "again_count", "gone_count"):
			values[field] += int(row[field] or 0)
	frappe.db.set_value(CONTROL_RUN, row.name, values)


def _values(setting: ControlInForce, looked_at: datetime, result: RunResult) -> dict:
	values: Mapping[str, str] = {name: f"{value.normalize():f}" for name, value in setting.values.items()}
	failed = result.status is RunStatus.FAILED
	return {
		"status": result.status.value,
		"looked_at": None if failed else looked_at,
		"seconds": result.seconds,
		"looked_where": "All" if result.everywhere else "Those That Changed",
		"found_count": result.counts.found,
		"new_count": result.counts.new,
		"again_count": result.counts.again,
		"gone_count": result.counts.gone,
		"silent": result.silent or None,
		"error": result.error[:500] or None,
		"parameters": json.dumps(values),
		"parameters_used": setting.fingerprint,
	}
