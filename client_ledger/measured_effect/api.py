"""What the desk asks about trials: to start one, to end one, to measure one now."""

import frappe
from frappe.utils import getdate

from client_ledger.measured_effect import actions, measuring, rules
from client_ledger.site.arguments import a_text, arguments
from client_ledger.site.doctypes import STEP_TRIAL
from client_ledger.site.requirements import CompanyOf, DocumentRight, requires


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(STEP_TRIAL, "write"), CompanyOf(STEP_TRIAL))
def start_trial(name: str) -> None:
	"""Start a trial: from its first day on, the step comes otherwise for a share of the customers."""
	actions.start(name)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(DocumentRight(STEP_TRIAL, "write"), CompanyOf(STEP_TRIAL))
def end_trial(name: str, why: str) -> None:
	"""End a trial for a reason."""
	actions.end(name, why)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(STEP_TRIAL, "write"), CompanyOf(STEP_TRIAL))
def measure_trial(name: str) -> str:
	"""Measure a trial as of today; return what it says, in the user's language."""
	return rules.told(measuring.measure(name, getdate()).because)
