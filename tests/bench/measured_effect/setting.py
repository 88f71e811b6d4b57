"""Customers who owe, a policy, and a trial of one of its steps."""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, nowdate

from client_ledger.core.measured_effect.assignment import place_of
from client_ledger.measured_effect import actions
from client_ledger.site.doctypes import STEP_TRIAL, TRIAL_ASSIGNMENT
from tests.bench.dunning.setting import COMPANY

POLICY = "Trial Policy"


def new_trial(**fields: Any) -> Document:
	"""Return a trial of the first step of the policy, three days later for half of the customers, from tomorrow on."""
	return frappe.get_doc(
		{
			"doctype": STEP_TRIAL,
			"title": "Later",
			"company": COMPANY,
			"policy": POLICY,
			"step": 1,
			"share": 50,
			"days": 3,
			"since": add_days(nowdate(), 1),
			"reason": "Whoever forgot has paid by then.",
			**fields,
		}
	)


def started(since: str | None = None, **fields: Any) -> Document:
	"""Return a trial that runs. since: as if it had been started in time for that day."""
	trial = new_trial(**fields).insert()
	actions.start(trial.name)
	if since:
		frappe.db.set_value(STEP_TRIAL, trial.name, "since", since)
	return frappe.get_doc(STEP_TRIAL, trial.name)


def name_in(trial: str, varied: bool, share: float = 0.5, stem: str = "Trial Customer") -> str:
	"""Return the name of a customer whom chance puts in one of the groups."""
	return next(
		name for number in range(1000) if (place_of(trial, name := f"{stem} {number}") < share) is varied
	)


def arms(trial: str) -> dict[str, str]:
	"""Return who is in which group."""
	rows = frappe.get_all(TRIAL_ASSIGNMENT, {"trial": trial}, ["customer", "arm"], order_by="customer")
	return {row.customer: row.arm for row in rows}


def days_of(notices: Sequence[Document]) -> list[tuple]:
	"""Return (step, day it came due, group) of notices."""
	return [(one.step, str(one.as_of), one.trial_arm) for one in notices]
