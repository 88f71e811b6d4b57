"""Writes the tables of docs/permissions.md from what the app declares: `FRAPPE_STREAM_LOGGING=1 <bench>/env/bin/python -m tests.permissions`.

It needs Frappe and ERPNext to import, and no site. What is declared: the roles of DocTypes, reports and the workspace in their
JSON, and what each whitelisted function requires. tests/bench/test_permission_page.py says whether the page is up to date;
tests/bench/doors/test_functions.py and test_permission_matrix.py walk a site through the same rules.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import erpnext
import frappe

import client_ledger
from client_ledger import hooks
from client_ledger.collections.access import AccountOf, AccountRight
from client_ledger.controls.access import WITHOUT_CUSTOMERS, WORKING, FindingWork
from client_ledger.credit.check.actions import SubmitOfHeld
from client_ledger.credit.check.documents import CHECKED, CheckedDocument
from client_ledger.getting_started.api import ROLES as SETUP_ROLES
from client_ledger.guest_links.requirement import ValidLink
from client_ledger.outbox.access import ROLES as NOTICE_ROLES
from client_ledger.portal.access import PortalRight
from client_ledger.reporting.scope import CardCompany
from client_ledger.site.requirements import (
	AllCustomers,
	CompanyOf,
	CompanyRight,
	CustomerRight,
	DocumentRight,
	Listed,
	ListedCustomers,
	OneOf,
	Requirement,
	Right,
)

APP = Path(client_ledger.__file__).parent
PAGE = APP.parent / "docs" / "permissions.md"
MODULE = APP / "client_ledger"
ROLES = (
	"Sales User", "Sales Manager", "Accounts User", "Accounts Manager", "Auditor", "System Manager", "Credit Controller",
	"Credit Manager", "Stock User",
)  # fmt: skip
YES, NO, WITH_CUSTOMER = "yes", "no", "with customer"
# Documents about all customers of a company: closed to who sees some of them only.
OF_ALL_CUSTOMERS = (
	"Cash Forecast", "Confirmation Round", "KPI Month End", "KPI Rows", "Receivables Check List", "Step Trial", "Warning Setup",
)  # fmt: skip
# What tells of all customers of all companies, and what is a person's own: closed to who sees some of them only.
OF_THE_SITE = ("Group Robot", "Robot Delivery", "Warning Digest", "Warning Digest Issue")
LETTERS = {"read": "r", "write": "w", "create": "c", "submit": "s", "cancel": "x", "delete": "d"}
Requirements = tuple[Requirement, ...]


# --- what is declared ---


@cache
def whitelisted() -> dict[str, Callable]:
	"""Return every function of the app that a browser may call, by its dotted path, whichever module it is in."""
	for source in sorted(APP.rglob("*.py")):
		parts = source.relative_to(APP.parent).with_suffix("").parts
		# The two short paths are links to the same files.
		if parts[1] not in ("doctype", "report") and "frappe.whitelist" in source.read_text(encoding="utf-8"):
			importlib.import_module(".".join(parts))
	found = {
		f"{function.__module__}.{function.__qualname__}": function
		for function in frappe.whitelisted
		if getattr(function, "__module__", "").startswith("client_ledger.")
	}
	return dict(sorted(found.items()))


def requirements_of(function: Callable) -> Requirements | None:
	"""Return what a function requires, None where it does not say."""
	while function is not None:
		if hasattr(function, "requirements"):
			return function.requirements
		function = getattr(function, "__wrapped__", None)
	return None


def function(path: str) -> Requirements:
	"""Return what the function at a path within the app requires."""
	return requirements_of(whitelisted()[f"client_ledger.{path}"]) or ()


@cache
def doctypes() -> dict[str, Any]:
	"""Return the app's DocTypes that are no rows, by name, as their JSON says."""
	found = [_json(path) for path in sorted(MODULE.glob("doctype/*/*.json"))]
	return {one["name"]: one for one in found if one.get("doctype") == "DocType" and not one.get("istable")}


@cache
def rights(doctype: str) -> dict[str, set[str]]:
	"""Return the rights on a DocType of ours or of ERPNext by role."""
	found: dict[str, set[str]] = {}
	name = frappe.scrub(doctype)
	meta = doctypes().get(doctype) or _json(
		next(Path(erpnext.__file__).parent.glob(f"*/doctype/{name}/{name}.json"))
	)
	for row in meta["permissions"]:
		if not row.get("permlevel") and not row.get("if_owner"):
			found.setdefault(row["role"], set()).update(right for right, given in row.items() if given == 1)
	return found


def report(name: str) -> Requirements:
	"""Return what a report requires. The Client Ledger bears the workspace's name, and Frappe takes the roles of either."""
	scrubbed = frappe.scrub(name)
	declared = _json(MODULE / "report" / scrubbed / f"{scrubbed}.json")
	roles = [row["role"] for row in declared["roles"]]
	if (workspace := MODULE / "workspace" / scrubbed / f"{scrubbed}.json").exists():
		roles += [row["role"] for row in _json(workspace)["roles"]]
	return OneOf(tuple(roles)), Right(declared["ref_doctype"]), CustomerRight()


def _json(path: Path) -> Any:
	return json.loads(path.read_text(encoding="utf-8"))


# --- who meets it ---


@dataclass(frozen=True, slots=True)
class Who:
	"""A user. shared: one customer is shared with it. one_customer, one_company: User Permissions narrow it to that one."""

	roles: tuple[str, ...]
	shared: bool = False
	one_customer: bool = False
	one_company: bool = False


@dataclass(frozen=True, slots=True)
class Target:
	"""Whether a request is about the customer that is shared or permitted, and about the company that is."""

	customer: bool = True
	company: bool = True


MINE = Target()


def allowed(requirements: Iterable[Requirement], who: Who, target: Target = MINE) -> bool:
	"""Return whether *who* meets all of *requirements* with a request about *target*."""
	return all(_meets(requirement, who, target) for requirement in requirements)


def _meets(requirement: Requirement, who: Who, target: Target) -> bool:
	match requirement:
		case OneOf(roles):
			return bool(set(roles) & set(who.roles))
		case Right(doctype, right):
			return _has(who, doctype, right) or (doctype, right, who.shared) == ("Customer", "read", True)
		case Listed(doctype):
			return _has(who, doctype, "read")
		case ListedCustomers():
			return _has(who, "Client Account", "read") and (_has(who, "Customer", "read") or who.shared)
		case AllCustomers(doctype):
			return _has(who, doctype, "read") and not who.one_customer and _sees(who, target)
		case DocumentRight(doctype, right) if doctype in OF_THE_SITE:
			return _has(who, doctype, right) and not who.one_customer and not who.one_company
		case DocumentRight(doctype, right) if doctype in OF_ALL_CUSTOMERS:
			return _has(who, doctype, right) and not who.one_customer and _sees(who, target)
		case FindingWork():
			return bool(set(WORKING) & set(who.roles))
		case DocumentRight("Control Finding", right):
			without = bool(set(WITHOUT_CUSTOMERS) & set(who.roles)) and not who.one_customer
			return (
				_has(who, "Control Finding", right)
				and (without or _reads(who, target))
				and _sees(who, target)
			)
		case DocumentRight(doctype, right):
			of_customer = doctype not in hooks.has_permission or _reads(who, target)
			return _has(who, doctype, right) and of_customer and _sees(who, target)
		case CheckedDocument():
			mine = target.customer or not who.one_customer
			return _has(who, CHECKED[0], "read") and mine and _sees(who, target)
		case SubmitOfHeld():
			return _has(who, CHECKED[0], "submit")
		case CustomerRight():
			return _has(who, "Client Account", "read") and _reads(who, target)
		case AccountRight():
			return _meets(CustomerRight(), who, target) and _sees(who, target)
		case AccountOf(doctype):
			return _has(who, doctype, "read") and _meets(AccountRight(), who, target)
		case CompanyRight() | CompanyOf() | CardCompany():
			return _sees(who, target)
		case PortalRight():
			# Of customers, none of whom has one of the roles here: tests/bench/portal walks them.
			return False
		case ValidLink():
			# Nobody by its role: it is the link in a letter that opens one subject.
			return False
	raise TypeError(f"no rule for {requirement}: say here who meets it")


def _has(who: Who, doctype: str, right: str) -> bool:
	return any(right in rights(doctype).get(role, ()) for role in who.roles)


def _reads(who: Who, target: Target) -> bool:
	by_role = _has(who, "Customer", "read") and (target.customer or not who.one_customer)
	return by_role or (who.shared and target.customer)


def _sees(who: Who, target: Target) -> bool:
	return target.company or not who.one_company


def cell(requirements: Requirements, role: str) -> str:
	"""Return whether a user with this role alone meets them: yes, no, or with a customer that it may read otherwise."""
	if allowed(requirements, Who((role,))):
		return YES
	return WITH_CUSTOMER if allowed(requirements, Who((role,), shared=True)) else NO


# --- the tables ---


def actions() -> dict[str, Requirements]:
	"""Return what people do, in the product's words, and what it requires."""
	return {
		"Home page: figures, lists and charts": (Right("Client Account"), CustomerRight()),
		"Ledger tab": function("ledger_tab.api.customer_ledger"),
		"Credit tab": function("credit.api.customer_credit"),
		"Collections tab": function("collections.api.customer_collections"),
		"Dunning tab": function("dunning.api.customer_dunning"),
		"Client Account: read": (DocumentRight("Client Account"),),
		"Client Account: change stage and owner": (DocumentRight("Client Account", "write"),),
		"Credit Assessment: read": (DocumentRight("Credit Assessment"),),
		"Assess a customer now": function("credit.api.assess_now"),
		"Credit Limit: read": (DocumentRight("Credit Limit"),),
		"Credit Limit: request": (DocumentRight("Credit Limit", "create"),),
		"Credit Limit: approve another's request": function("credit.api.approve_limit"),
		"Credit Grade Override: read": (DocumentRight("Credit Grade Override"),),
		"Credit Grade Override: request": (DocumentRight("Credit Grade Override", "create"),),
		"Credit Grade Override: approve another's request": (DocumentRight("Credit Grade Override", "submit"),),
		"Credit Reference: read": (DocumentRight("Credit Reference"),),
		"Credit Reference: add and change": (DocumentRight("Credit Reference", "create"),),
		"Credit Reference: approve another's that raises the limit": function("credit.api.approve_reference"),
		"Credit Hold: read": (DocumentRight("Credit Hold"),),
		"Credit Hold: release or reject": function("credit.api.release_hold"),
		"Credit Snapshot: read": (DocumentRight("Credit Snapshot"),),
		"Credit Grade: change": _change("Credit Grade"),
		"Credit Scorecard: change": _change("Credit Scorecard"),
		"Credit Rule: change": _change("Credit Rule"),
		"Worklist": function("collections.api.my_worklist"),
		"Contacts, promises and disputes: record": function("collections.api.log_contact"),
		"Customer portal: make and revoke links": function("portal.desk_api.make_portal_link"),
		"Remittance Advice: record": function("receipts.api.announce_payment"),
		"Receipt Proposal: read": (DocumentRight("Receipt Proposal"),),
		"Receipt Proposal: apply": (*function("receipts.api.apply_proposals"), DocumentRight("Receipt Proposal", "write")),
		"Receipt Proposal: decline, choose other invoices": function("receipts.api.choose_invoices"),
		"Payer Name: add and remove": (DocumentRight("Payer Name", "delete"),),
		"Ledger Dispute: settle": function("collections.api.settle_dispute"),
		"Escalation Case: refer and close": function("collections.api.close_case"),
		"Ledger Archive: read": (DocumentRight("Ledger Archive"),),
		"Ledger Archive: check and export": function("archive.api.verify_archive"),
		"Ledger Archive: legal hold and purge": function("archive.api.purge_expired"),
		"Ledger Notice: read": (DocumentRight("Ledger Notice"),),
		"Ledger Notice: approve or reject": (*function("outbox.api.approve_notices"), DocumentRight("Ledger Notice")),
		"Ledger Notice: waive fee and interest": (OneOf(NOTICE_ROLES["decide"]), DocumentRight("Ledger Notice", "write")),
		"Ledger Notice: lift its hold": (*function("dunning.api.lift_holds"), DocumentRight("Ledger Notice")),
		"Dunning: block and pause": function("dunning.api.customer_pause"),
		"Balance Confirmation: differences and next steps": function("confirmations.comparison_api.make_step"),
		"Balance Confirmation: settle and sign": function("confirmations.comparison_api.settle_confirmation"),
		"Confirmation Round: plan, send and close": function("confirmations.api.send_round"),
		"Balance Confirmation: read": (DocumentRight("Balance Confirmation"),),
		"Balance Confirmation: enter a reply, give out and revoke its link": function("confirmations.api.enter_reply"),
		"Dunning Policy: change": _change("Dunning Policy"),
		"Step Trial: make, start and end": _change("Step Trial"),
		"Report Dunning History": report("Dunning History"),
		"Report Client Ledger": report("Client Ledger"),
		"Reports Client Ageing, Client Overview": report("Client Ageing"),
		"Reports Credit Exposure, Credit Concentration, Credit Holds": report("Credit Exposure"),
		"Client Ledger Settings: change": (Right("Client Ledger Settings", "write"),),
		"Backup Check: read": (Right("Backup Check"),),
		"KPIs: page, rows and workbook": function("kpis.api.get_kpis"),
		"KPIs: store month ends that are missing": function("kpis.api.store_now"),
		"KPI Month End: review and compare": function("kpis.api.review_changes"),
		"Receivables Check List: read": (DocumentRight("Receivables Check List"),),
		"Receivables Check List: explain and prepare": function("period_checks.api.prepare_list"),
		"Receivables Check List: approve another's, reopen": function("period_checks.api.approve_list"),
		"Procedure: read, and confirm it": function("procedures.api.read_and_understood"),
		"Procedure: change": _change("Procedure"),
		"Report Procedure Readings": report("Procedure Readings")[:2],
		"Duty Conflict: read": (Right("Duty Conflict"),),
		"Report Duty Conflicts": report("Duty Conflicts")[:2],
		"Duty and Duty Rule: change": _change("Duty Rule"),
		"Duty Mitigation: request": (Right("Duty Mitigation", "create"),),
		"Duty Mitigation: approve another's request": (Right("Duty Mitigation", "submit"),),
		"Cash forecast: see it": function("forecasts.api.get_forecast"),
		"Cash forecast: have it made now": function("forecasts.api.make_now"),
		"Control Finding: read": (DocumentRight("Control Finding"),),
		"Control Finding: take up, resolve, open again": function("controls.api.take_up_finding"),
		"Ledger Control: read, with its runs": (Right("Ledger Control"), Right("Control Run")),
		"Ledger Control: switch, change parameters": function("controls.api.switch_on_control"),
		"Report Control Findings": report("Control Findings")[:2],
		"Early Warning: read": (DocumentRight("Early Warning"),),
		"Early Warning: snooze, act, close": function("early_warnings.api.close_warning"),
		"Early Warning: give to somebody else": function("early_warnings.api.give_warning"),
		"Warning Setup: replay and switch": function("early_warnings.api.switch_warnings_on"),
		"Warning Signal: change": (Right("Warning Signal", "write"),),
		"Warning Digest: one's own": (Right("Warning Digest", "create"),),
		"Report Warning Outcomes": report("Warning Outcomes")[:2],
		"Group Robot: set up and send": function("group_robots.api.send_test_message"),
		"Setup page: see the steps and use them": (OneOf(SETUP_ROLES),),
	}  # fmt: skip


def _change(doctype: str) -> Requirements:
	return Right(doctype, "write"), Right(doctype, "create")


def letters(doctype: str, role: str) -> str:
	"""Return the rights of a role on a DocType, a letter each, "-" for none."""
	granted = rights(doctype).get(role, set())
	return "".join(letter for right, letter in LETTERS.items() if right in granted) or "-"


def tables() -> dict[str, str]:
	"""Return the parts of the page that are made, by name."""
	return {
		"actions": _table(
			("", *ROLES),
			((what, *(cell(required, role) for role in ROLES)) for what, required in actions().items()),
		),
		"doctypes": _table(
			("DocType", *ROLES),
			((name, *(letters(name, role) for role in ROLES)) for name in doctypes() if rights(name)),
		),
		"functions": _table(
			("Functions", "Require", *ROLES),
			(
				(names, _text(required), *(cell(required, role) for role in ROLES))
				for names, required in _alike()
			),
		),
	}


def _alike() -> Iterable[tuple[str, Requirements]]:
	"""Yield the functions of a module that require the same, and what that is."""
	groups: dict[tuple[str, Requirements], list[str]] = {}
	for path, found in whitelisted().items():
		module, name = path.removeprefix("client_ledger.").rsplit(".", 1)
		groups.setdefault((module, requirements_of(found) or ()), []).append(name)
	for (module, required), names in groups.items():
		yield f"{module}: {', '.join(names)}", required


def _text(requirements: Requirements) -> str:
	return "; ".join(_words(requirement) for requirement in requirements) or "logged in"


def _words(requirement: Requirement) -> str:
	match requirement:
		case OneOf(roles):
			return f"role {' or '.join(roles)}"
		case Right(doctype, right):
			return f"{right} {doctype}"
		case Listed(doctype):
			return f"{doctype}: only those that the user lists"
		case ListedCustomers():
			return "read Client Account; customers: only those that the user lists"
		case DocumentRight(doctype, right):
			return f"{right} the {doctype}"
		case FindingWork():
			return f"role {' or '.join(WORKING)}, or responsible for it"
		case CheckedDocument():
			return "read the document (here: a Sales Order)"
		case SubmitOfHeld():
			return "submit its document (here: a Sales Order)"
		case CustomerRight():
			return "read Client Account and the customer"
		case AccountRight():
			return "read Client Account and the customer; the company; as its collector"
		case AccountOf(doctype):
			return f"read {doctype}, Client Account and its customer; its company; as its collector"
		case AllCustomers(doctype):
			return f"read {doctype} of the company, and all of its customers"
		case CompanyRight() | CardCompany():
			return "the company"
		case CompanyOf(doctype):
			return f"the {doctype}'s company"
		case PortalRight(acts):
			return "the portal user's own customer" + ("" if acts else ", or a link to it")
		case ValidLink(purpose):
			return f"no login: a valid link to the {purpose}"
	raise TypeError(f"no words for {requirement}")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
	head = list(head)
	lines = [head, ["---"] * len(head), *rows]
	return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("|  |", "| |")


def with_tables(page: str) -> str:
	"""Return a page with its marked parts made again."""
	for name, table in tables().items():
		page, found = re.subn(
			rf"(<!-- made: {name} -->\n).*?(<!-- end -->)",
			lambda marks, table=table: f"{marks[1]}\n{table}\n{marks[2]}",
			page,
			flags=re.DOTALL,
		)
		if found != 1:
			raise ValueError(f"{PAGE.name} has no part {name}, or several")
	return page


if __name__ == "__main__":
	before = PAGE.read_text(encoding="utf-8")
	after = with_tables(before)
	PAGE.write_text(after, encoding="utf-8")
	sys.stdout.write(f"{PAGE.name}: {'written' if after != before else 'up to date'}\n")
