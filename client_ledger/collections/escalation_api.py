"""What the desk asks the server for about cases: their evidence, hand-over and end.

Each function begins with its permission check; see client_ledger.collections.access for who may do what.
"""

import frappe

from client_ledger.collections import access, cases, evidence
from client_ledger.site.doctypes import ESCALATION_CASE


@frappe.whitelist(methods=["POST"])
def make_evidence_pack(name: str) -> str:
	"""Make the evidence pack of a case; return the file's address."""
	_check(name)
	return evidence.make_pack(name)


@frappe.whitelist(methods=["POST"])
def hand_over(name: str) -> None:
	"""Hand a case over."""
	_check(name)
	cases.hand_over(name)


@frappe.whitelist(methods=["POST"])
def close_case(name: str, state: str) -> None:
	"""End a case."""
	_check(name)
	cases.close(name, state)


def _check(name: str) -> None:
	access.require("escalate")
	case = frappe.get_doc(ESCALATION_CASE, name)
	case.check_permission("write")
	access.check_account(case.customer, case.company)
