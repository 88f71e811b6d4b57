"""What the desk asks the server for about controls: close findings, switch controls, replay the past, run now. Each says what it requires."""

from typing import Any

import frappe
from frappe import _

from client_ledger.controls import closing, switching
from client_ledger.controls.access import ROLES, FindingWork
from client_ledger.core.controls.lifecycle import CLOSING, FindingStatus
from client_ledger.site.arguments import Unfit, a_text, arguments, one_of, some_filters
from client_ledger.site.doctypes import CONTROL_FINDING, LEDGER_CONTROL
from client_ledger.site.requirements import (
	CompanyOf,
	CompanyRight,
	DocumentRight,
	Listed,
	OneOf,
	Right,
	requires,
)

SECONDS = 3600
STATUSES = [status.value for status in CLOSING]


def some_values(value: Any) -> dict[str, Any]:
	"""Return parameters by name: an object, also as JSON. Raises Unfit for anything else: no mistake is to mean "as shipped"."""
	found = some_filters(value)
	if not isinstance(found, dict):
		raise Unfit(_("Send parameters as an object: their names and numbers."))
	return found


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(FindingWork(), DocumentRight(CONTROL_FINDING), CompanyOf(CONTROL_FINDING))
def take_up_finding(name: str) -> None:
	"""Say that the user looks at a finding."""
	closing.take_up(name)


@frappe.whitelist(methods=["POST"])
@arguments(close_as=one_of(*STATUSES), why=a_text)
@requires(FindingWork("names"), Listed(CONTROL_FINDING))
def close_findings(names: list[str] | str, close_as: str, why: str = "") -> int:
	"""Close findings as Accepted or Resolved, all for one reason, and return how many."""
	return closing.close(names, FindingStatus(close_as), why or "")


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(FindingWork(), DocumentRight(CONTROL_FINDING), CompanyOf(CONTROL_FINDING))
def reopen_finding(name: str, why: str = "") -> None:
	"""Open a closed finding again, for a reason."""
	closing.reopen(name, why or "")


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(ROLES["switch"]), Right(LEDGER_CONTROL, "write"), CompanyRight("for_company"))
def switch_off_control(name: str, why: str = "", for_company: str | None = None) -> None:
	"""Switch a control off, for a reason: everywhere, or in one company."""
	switching.switch_off(name, why or "", for_company)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["switch"]), Right(LEDGER_CONTROL, "write"), CompanyRight("for_company"))
def switch_on_control(name: str, for_company: str | None = None) -> None:
	"""Switch a control on again: everywhere, or in one company where it is off."""
	switching.switch_on(name, for_company)


@frappe.whitelist(methods=["POST"])
@arguments(values=some_values, why=a_text)
@requires(OneOf(ROLES["switch"]), Right(LEDGER_CONTROL, "write"))
def set_control_parameters(name: str, values: dict | list | str | None = None, why: str = "") -> None:
	"""Change the parameters of a control, for a reason, after their preview."""
	switching.set_parameters(name, values or {}, why or "")


@frappe.whitelist(methods=["POST"])
@arguments(values=some_values)
@requires(OneOf(ROLES["switch"]), Right(LEDGER_CONTROL, "write"))
def preview_control(name: str, values: dict | list | str | None = None) -> None:
	"""Have the past replayed with these parameters in the background; the result is kept on the control."""
	doc = frappe.get_doc(LEDGER_CONTROL, name)
	wanted = switching.read_values(doc, switching.control_of(name), values or {})
	frappe.enqueue(
		"client_ledger.controls.preview.make",
		queue="long",
		timeout=SECONDS,
		job_id=f"client_ledger_control_preview {name}",
		deduplicate=True,
		name=name,
		values={one: str(value) for one, value in wanted.items()},
	)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["run"]), CompanyRight())
def run_controls(company: str | None = None) -> None:
	"""Have all controls look now, in the background, as they do at night; asking again while that is done changes nothing."""
	frappe.enqueue(
		"client_ledger.controls.nightly.look",
		queue="long",
		timeout=SECONDS,
		job_id=f"client_ledger_controls {company or ''}",
		deduplicate=True,
		names=[company] if company else None,
	)
