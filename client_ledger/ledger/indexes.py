"""Indexes on ERPNext's tables: covering ones on its ledgers, made for the texts of client_ledger.ledger.queries.

Their names start with cl_, so that they can be told from ERPNext's; uninstalling drops them.
"""

from typing import NamedTuple

import frappe


class Index(NamedTuple):
	"""An index of this app on a table of ERPNext."""

	name: str
	doctype: str
	fields: tuple[str, ...]
	unique: bool = False
	# The name of an index that some versions of ERPNext have, and that serves as well.
	unless: str | None = None


# MariaDB keys end at 3,072 bytes: five text columns of 140 characters at most.
INDEXES = (
	# Balances per voucher: what is open.
	Index(
		"cl_payment_ledger_against",
		"Payment Ledger Entry",
		(
			"party_type",
			"party",
			"account",
			"against_voucher_type",
			"against_voucher_no",
			"delinked",
			"posting_date",
			"amount",
			"amount_in_account_currency",
		),
	),
	# One customer's movements by date: pages of the ledger.
	Index(
		"cl_payment_ledger_date",
		"Payment Ledger Entry",
		(
			"party_type",
			"party",
			"posting_date",
			"voucher_type",
			"voucher_no",
			"account",
			"delinked",
			"amount",
			"amount_in_account_currency",
		),
	),
	# What changed since: Frappe 15 has an index for it on every table, Frappe 16 has none.
	Index(
		"cl_payment_ledger_modified",
		"Payment Ledger Entry",
		("modified", "party_type", "party", "against_voucher_type", "against_voucher_no"),
	),
	Index("cl_sales_invoice_modified", "Sales Invoice", ("modified", "customer"), unless="modified"),
	Index(
		"cl_payment_entry_modified", "Payment Entry", ("modified", "party_type", "party"), unless="modified"
	),
	# Balances of the general ledger: whether ours tie to it.
	Index(
		"cl_general_ledger_party",
		"GL Entry",
		("party_type", "party", "account", "is_cancelled", "posting_date", "debit", "credit"),
	),
	# Which invoices are due in several terms.
	Index("cl_payment_schedule_parent", "Payment Schedule", ("parent", "parenttype", "idx")),
	# Last payments: ERPNext has no index that leads to the payments of one customer.
	Index(
		"cl_payment_entry_party",
		"Payment Entry",
		("party_type", "party", "company", "payment_type", "docstatus", "posting_date"),
	),
	# Who shares a limit: every credit check asks.
	Index("cl_customer_credit_parent", "Customer", ("cl_credit_parent",)),
)


def make_indexes() -> None:
	"""Make the indexes that are missing. Ends the open transaction, as every change of a table does."""
	for index in INDEXES:
		make_index(index)


def make_index(index: Index) -> None:
	"""Make one index unless it or one as good is there. Ends the open transaction if it makes it."""
	table = f"tab{index.doctype}"
	if any(frappe.db.has_index(table, name) for name in (index.name, index.unless) if name):
		return
	columns = ", ".join(f"`{field}`" for field in index.fields)
	unique = "unique " if index.unique else ""
	frappe.db.sql_ddl(f"create {unique}index `{index.name}` on `{table}` ({columns})")


def drop_indexes() -> None:
	"""Drop our indexes. Ends the open transaction, as every change of a table does."""
	for index in INDEXES:
		if not frappe.db.has_index(f"tab{index.doctype}", index.name):
			continue
		# Only MariaDB names the table of an index to drop.
		of_table = f" on `tab{index.doctype}`" if frappe.db.db_type == "mariadb" else ""
		frappe.db.sql_ddl(f"drop index `{index.name}`{of_table}")
