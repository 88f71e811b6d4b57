"""A company whose documents controls look at, and how they are entered on other days and by other people."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate

from client_ledger.controls.passes import passes
from client_ledger.controls.reading import read_facts
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.run import Rerun, findings, rerun_findings
from tests.bench import factories as f

COMPANY = "Controlled Company"
CLERK, CASHIER, HEAD = "clerk@controls.example", "cashier@controls.example", "head@controls.example"
PEOPLE = {
	CLERK: ("Accounts User", "Sales User"),
	CASHIER: ("Accounts User",),
	HEAD: ("Accounts Manager", "Credit Manager"),
}


def make_company() -> None:
	f.make_company(COMPANY)
	for email, roles in PEOPLE.items():
		f.make_user(email, roles)
	# What is nobody's or the whole site's is told with this company.
	frappe.db.set_single_value("Global Defaults", "default_company", COMPANY)


def day(ago: int) -> date:
	"""Return the day so many days ago."""
	return getdate(add_days(nowdate(), -ago))


def entered(doc: Document, on: date, person: str = CLERK, hour: int = 10, minute: int = 0) -> Document:
	"""Let a document have been entered on a day, at an hour, by somebody."""
	at = datetime.combine(on, time(hour, minute))
	values = {"creation": at, "modified": at, "owner": person, "modified_by": person}
	frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)
	for doctype in ("Payment Ledger Entry", "GL Entry"):
		table = frappe.qb.DocType(doctype)
		frappe.qb.update(table).set(table.creation, at).where(table.voucher_no == doc.name).run()
	return doc


def facts(**more: object) -> ControlFacts:
	return read_facts(COMPANY, getdate(nowdate()), **more)


def found(
	code: str, values: Mapping[str, object] | None = None, read: ControlFacts | None = None
) -> list[ControlFinding]:
	"""Return what a control finds in the company now."""
	control = CONTROLS[code]
	chosen = {**control.defaults(), **{name: Decimal(str(value)) for name, value in (values or {}).items()}}
	return findings(control, read or facts(), chosen)


def names(code: str, values: Mapping[str, object] | None = None) -> set[str]:
	"""Return the documents that a control's findings name now."""
	return {one.name for finding in found(code, values) for one in finding.documents}


def in_passes(reruns: Iterable[Rerun]) -> dict[str, set[str]]:
	"""Return the keys of what controls find, read in passes as a night reads."""
	chosen = list(reruns)
	keys: dict[str, set[str]] = {one.control.code: set() for one in chosen}
	for part in passes(COMPANY, getdate(nowdate()), chosen):
		for one in part.reruns:
			values = one.control.defaults()
			keys[one.control.code] |= {finding.key for finding in rerun_findings(one, part.facts, values)}
	return keys
