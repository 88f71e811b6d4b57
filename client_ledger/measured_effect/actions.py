"""Starting and ending trials: the only ways in which one changes once it is made."""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from client_ledger.core.marked import marked
from client_ledger.measured_effect import rules
from client_ledger.measured_effect.steps import is_as_begun, row_of
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.site.doctypes import DUNNING_POLICY, STEP_TRIAL
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

STEP_CHANGED = marked("The step was changed in its policy.")
LAST_DAY_OVER = marked("Its last day is over.")


def start(name: str) -> None:
	"""Start a trial. Raises frappe.ValidationError where it cannot begin, or another one of the step runs."""
	policy = frappe.db.get_value(STEP_TRIAL, name, "policy")
	# Two trials of one step that are started at once follow one another here, and the second is refused.
	frappe.db.get_value(DUNNING_POLICY, policy, "name", for_update=True)
	trial = frappe.get_doc(STEP_TRIAL, name)
	if trial.status != TrialStatus.OFF.value:
		frappe.throw(filled(_("{0} has begun already."), bold(trial.title)))
	rules.check(trial)
	rules.check_start(trial)
	trial.update(
		{
			"status": TrialStatus.RUNNING.value,
			"started_by": frappe.session.user,
			"started_on": now_datetime(),
		}
	)
	by_action(trial).save()


def end(name: str, why: str) -> None:
	"""End a trial for a reason: nobody joins it any more. What it has moved already comes as it was moved."""
	if not why.strip():
		frappe.throw(_("Enter a reason for ending the trial."))
	trial = frappe.get_doc(STEP_TRIAL, name, for_update=True)
	if trial.status != TrialStatus.RUNNING.value:
		frappe.throw(filled(_("{0} is not running."), bold(trial.title)))
	_end(trial, why.strip(), frappe.session.user, getdate())


def end_over(today: date) -> None:
	"""End trials whose last day is over. Commits each."""
	# Without "set", Frappe takes a trial that has no last day for one that ended long ago.
	filters = [["status", "=", TrialStatus.RUNNING.value], ["until", "is", "set"], ["until", "<", today]]
	for name in frappe.get_all(STEP_TRIAL, filters, pluck="name", order_by="name"):
		_end(frappe.get_doc(STEP_TRIAL, name, for_update=True), LAST_DAY_OVER, None, today, True)
		frappe.db.commit()  # nosemgrep: one trial does not undo another


def policy_changed(policy: Document) -> None:
	"""End the trials of steps that are no longer what they were when their trial began; say so to who changes the policy."""
	for trial in _running(policy.name):
		row = row_of(trial, policy)
		if not is_as_begun(trial, row):
			_end(trial, STEP_CHANGED, frappe.session.user, getdate(), True)
			frappe.msgprint(
				filled(
					_("{0} has ended, because its step was changed: what it has measured stays."),
					bold(trial.title),
				),
				indicator="orange",
			)
		elif row.idx != trial.step or row.step_name != trial.step_name:
			fields = {"step": row.idx, "step_name": row.step_name}
			frappe.db.set_value(STEP_TRIAL, trial.name, fields)


def _running(policy: str) -> Iterable[Document]:
	filters = {"policy": policy, "status": TrialStatus.RUNNING.value}
	for name in frappe.get_all(STEP_TRIAL, filters, pluck="name", order_by="name"):
		yield frappe.get_doc(STEP_TRIAL, name)


def _end(trial: Document, why: str, user: str | None, today: date, is_automatic: bool = False) -> None:
	trial.update(
		{
			"status": TrialStatus.ENDED.value,
			"until": min(getdate(trial.until), today) if trial.until else today,
			"ended_by": user,
			"ended_on": now_datetime(),
			"end_reason": why,
		}
	)
	if is_automatic:
		trial.flags.ignore_permissions = True
	by_action(trial).save()
