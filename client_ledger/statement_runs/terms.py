"""On which terms a statement goes out: what its schedule says, or what holds for one that a person sends."""

from dataclasses import dataclass, field

import frappe
from frappe.utils import cint

from client_ledger.core.outbox.calendar import Hours
from client_ledger.credit.limits.credit_groups import members_of
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_SCHEDULE
from client_ledger.statement_runs import schedules


@dataclass(frozen=True, slots=True)
class StatementTerms:
	"""How statements look, whom they go to and when. Without a schedule: at once, with a PDF."""

	in_use: bool = True
	hours: Hours = field(default_factory=Hours)
	language: str | None = None
	introduction: str | None = None
	attach_pdf: bool = True
	attach_xlsx: bool = False
	print_format: str | None = None
	consolidate: bool = False
	print_without_email: bool = True
	cc: str | None = None
	cc_account_manager: bool = False
	email_account: str | None = None
	reply_to: str | None = None

	def customers(self, customer: str) -> tuple[str, ...]:
		"""Return whose ledgers are in the statement of *customer*, its own first."""
		return members_of(customer) if self.consolidate else (customer,)


def terms_of(schedule: str | None) -> StatementTerms | None:
	"""Return the terms of a schedule, None where it is gone; without one those of a person's."""
	if not schedule:
		return StatementTerms(print_format=_default_print_format())
	if not frappe.db.exists(STATEMENT_SCHEDULE, schedule):
		return None
	doc = frappe.get_cached_doc(STATEMENT_SCHEDULE, schedule)
	return StatementTerms(
		doc.mode != schedules.OFF,
		schedules.calendar_of(doc),
		doc.letter_language or None,
		doc.introduction or None,
		bool(cint(doc.attach_pdf)),
		bool(cint(doc.attach_xlsx)),
		doc.print_format or _default_print_format(),
		bool(cint(doc.consolidate)),
		bool(cint(doc.print_without_email)),
		doc.cc or None,
		bool(cint(doc.cc_account_manager)),
		doc.email_account or None,
		doc.reply_to or None,
	)


def _default_print_format() -> str | None:
	"""Return the company's own design that is set as default for statements, None where there is none in use."""
	name = frappe.get_meta(CUSTOMER_STATEMENT).default_print_format
	return name if name and frappe.db.exists("Print Format", {"name": name, "disabled": 0}) else None
