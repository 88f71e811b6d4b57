"""The kinds of entries, and what the settings say of each: whether it is kept, and for how long."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe.utils import cint

from client_ledger.core.archive.entry import ON_RECORD
from client_ledger.core.marked import marked
from client_ledger.site.doctypes import LEDGER_SETTINGS

INVOICE, INVOICE_PDF, INVOICE_CANCELLED = (
	marked("Invoice"),
	marked("Invoice PDF"),
	marked("Invoice Cancelled"),
)
STATEMENT, LETTER, RETURNED = marked("Statement"), marked("Letter"), marked("Message Returned")
CONFIRMATION, REPLY, SIGNED = marked("Balance Confirmation"), marked("Reply"), marked("Signed Balance")
CHECK_LIST = marked("Receivables Check List")
KINDS = (
	INVOICE,
	INVOICE_PDF,
	INVOICE_CANCELLED,
	STATEMENT,
	LETTER,
	RETURNED,
	CONFIRMATION,
	REPLY,
	SIGNED,
	CHECK_LIST,
)


@dataclass(frozen=True, slots=True)
class KeepingRule:
	"""What the settings say of a kind. years: of retention, 0: for good."""

	keep: bool
	years: int

	def until(self, day: date) -> date | None:
		"""Return the last day that something of *day* must be kept: years count from the end of its year."""
		return date(day.year + self.years, 12, 31) if self.years else None


def rule_of(kind: str) -> KeepingRule:
	"""Return the rule of a kind. What is on record of the archive itself is always kept, and for good."""
	if kind in ON_RECORD:
		return KeepingRule(True, 0)
	settings = frappe.get_cached_doc(LEDGER_SETTINGS)
	keep, years = bool(cint(settings.get("archive"))), cint(settings.get("archive_years"))
	for row in settings.get("archive_rules") or ():
		if row.kind == kind:
			return KeepingRule(keep and bool(cint(row.keep)), cint(row.retention_years))
	return KeepingRule(keep, years)
