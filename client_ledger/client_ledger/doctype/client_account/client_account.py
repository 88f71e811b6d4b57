"""Client Account: what one customer and one company owe each other. Its figures come from the ledger alone."""

import frappe
from frappe import _

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.accounts.store import FIELDS
from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.arguments import arguments
from client_ledger.site.documents import LedgerDocument, owned_fields
from client_ledger.site.messages import filled
from client_ledger.site.refresh_queue import marks_of
from client_ledger.site.requirements import DocumentRight, requires

# What people may set; everything else is the ledger's.
BY_HAND = ("stage", "account_manager")


class ClientAccount(LedgerDocument):
	"""One row per customer and company, written in bulk by client_ledger.accounts and not by saving."""

	restores_owned = True

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account_manager: DF.Link | None
		average_days_late: DF.Float
		average_days_to_pay: DF.Float
		balance: DF.Currency
		balances_by_currency: DF.SmallText | None
		behaviour_segment: DF.Literal["", "On Time", "Late", "Chronically Late", "No History"]
		broken_promises: DF.Int
		bucket_1: DF.Currency
		bucket_2: DF.Currency
		bucket_3: DF.Currency
		bucket_4: DF.Currency
		bucket_5: DF.Currency
		collectable: DF.Currency
		collector: DF.Link | None
		company: DF.Link
		compared_with: DF.Date | None
		credit_assessment: DF.Link | None
		credit_exposure: DF.Currency
		credit_grade: DF.Link | None
		credit_limit: DF.Currency
		credit_score: DF.Float
		currency: DF.Link | None
		customer: DF.Link
		customer_account_manager: DF.Link | None
		customer_group: DF.Link | None
		customer_name: DF.Data | None
		disputed: DF.Currency
		documents_on_hold: DF.Int
		dunning_level: DF.Int
		expected_from: DF.Date | None
		expected_week_1: DF.Currency
		expected_week_2: DF.Currency
		expected_week_3: DF.Currency
		expected_week_4: DF.Currency
		expected_week_5: DF.Currency
		expected_week_6: DF.Currency
		expected_week_7: DF.Currency
		expected_week_8: DF.Currency
		gl_difference: DF.Currency
		gl_difference_vouchers: DF.SmallText | None
		grade_confidence: DF.Literal["", "none", "low", "normal"]
		grade_source: DF.Literal["", "Assessment", "Override", "Reference"]
		grade_valid_to: DF.Date | None
		graded_on: DF.Date | None
		handed_over: DF.Currency
		last_contact_on: DF.Date | None
		last_dunned_on: DF.Date | None
		last_invoice_date: DF.Date | None
		last_payment_date: DF.Date | None
		limit_state: DF.Literal["", "Unlimited", "Limited", "No Credit"]
		limit_utilisation: DF.Percent
		next_follow_up: DF.Date | None
		next_promise_on: DF.Date | None
		not_due: DF.Currency
		oldest_due_date: DF.Date | None
		oldest_month_ago: DF.Currency
		oldest_overdue_days: DF.Int
		open_items: DF.Int
		overdue: DF.Currency
		overdue_month_ago: DF.Currency
		p_late: DF.Percent
		payment_status: DF.Literal["Paid Up", "Open", "Overdue", "Long Overdue"]
		promise_reliability: DF.Percent
		promised: DF.Currency
		promises_over: DF.Int
		receivable: DF.Currency
		receivable_month_ago: DF.Currency
		refreshed_on: DF.Datetime | None
		sales_12_months: DF.Currency
		settled_invoices: DF.Int
		stage: DF.Literal["Normal", "Reminder", "Dunning", "Escalated", "Legal"]
		territory: DF.Link | None
		ties_to_gl: DF.Check
		unallocated: DF.Currency
		unbilled_deliveries: DF.Currency
		unbilled_orders: DF.Currency
		volume_segment: DF.Literal["", "A", "B", "C"]
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Accounts come into being with the first voucher, never by hand."""
		frappe.throw(
			_("Client Accounts are created automatically with the customer's first transaction."),
			frappe.PermissionError,
		)

	def onload(self) -> None:
		"""Tell the form whether vouchers wait to be counted."""
		self.set_onload("stale", bool(marks_of([self.customer])))

	def validate(self) -> None:
		"""Take everything but what people may set from the stored row, whatever was sent."""
		fields = [df.fieldname for df in owned_fields(self.doctype) if df.fieldname not in BY_HAND]
		stored = frappe.db.get_value(
			self.doctype,
			self.name,
			list(dict.fromkeys(["customer", "company", *FIELDS, *fields])),
			as_dict=True,
		)
		for field, value in stored.items():
			if field not in BY_HAND:
				self.set(field, value)
		if not self.flags.ignore_permissions:
			# Again, for the customer and company it really is about.
			self.check_permission("write")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight("Client Account"))
def refresh(name: str) -> None:
	"""Refresh one account now. Whoever may read it may have it refreshed."""
	account = frappe.get_doc("Client Account", name)
	if refresh_customers([account.customer]):
		frappe.throw(
			filled(_("{0} could not be refreshed. See the Error Log for details."), account.customer_name)
		)


def on_doctype_update() -> None:
	"""One account per customer and company: the database itself sees to it.

	Not frappe.db.add_unique, which takes an index of the same name on another site's database for this one.
	"""
	make_index(Index("cl_customer_company", "Client Account", ("customer", "company"), unique=True))
