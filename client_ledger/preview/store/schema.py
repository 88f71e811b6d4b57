"""Tables of the preview's SQLite file: ERPNext's names and columns, as far as the ledger's queries read them."""

_LINKED = "text not null default ''"
_AMOUNT = "real not null default 0"
_CHECK = "integer not null default 0"

TABLES: dict[str, dict[str, str]] = {
	"Company": {
		"name": "text primary key",
		"abbr": "text",
		"default_currency": "text",
		"country": "text",
		"exchange_gain_loss_account": "text",
	},
	"Account": {
		"name": "text primary key",
		"company": "text",
		"account_type": "text",
		"root_type": "text",
		"account_currency": "text",
		"is_group": _CHECK,
	},
	"Customer": {
		"name": "text primary key",
		"customer_name": "text",
		"customer_group": _LINKED,
		"territory": _LINKED,
		"default_currency": "text",
	},
	"Customer Group": {"name": "text primary key"},
	"Territory": {"name": "text primary key"},
	"Sales Person": {"name": "text primary key"},
	"Sales Team": {
		"parent": "text",
		"parenttype": "text",
		"idx": "integer",
		"sales_person": "text",
		"allocated_percentage": "real",
	},
	"Payment Ledger Entry": {
		"posting_date": "text",
		"company": "text",
		"account": "text",
		"party_type": "text",
		"party": "text",
		"voucher_type": "text",
		"voucher_no": "text",
		"against_voucher_type": "text",
		"against_voucher_no": "text",
		"account_currency": "text",
		"amount": _AMOUNT,
		"amount_in_account_currency": _AMOUNT,
		"due_date": "text",
		"delinked": _CHECK,
	},
	"GL Entry": {
		"posting_date": "text",
		"company": "text",
		"account": "text",
		"party_type": "text",
		"party": "text",
		"voucher_type": "text",
		"voucher_no": "text",
		"account_currency": "text",
		"debit": _AMOUNT,
		"credit": _AMOUNT,
		"debit_in_account_currency": _AMOUNT,
		"credit_in_account_currency": _AMOUNT,
		"is_cancelled": _CHECK,
	},
	"Sales Invoice": {
		"name": "text primary key",
		"customer": "text",
		"company": "text",
		"posting_date": "text",
		"due_date": "text",
		"debit_to": "text",
		"currency": "text",
		"party_account_currency": "text",
		"conversion_rate": "real",
		"is_return": _CHECK,
		"return_against": "text",
		"update_outstanding_for_self": _CHECK,
		"is_pos": _CHECK,
		"base_write_off_amount": _AMOUNT,
		"redeem_loyalty_points": _CHECK,
		"loyalty_amount": _AMOUNT,
		"is_opening": "text",
		"grand_total": _AMOUNT,
		"base_grand_total": _AMOUNT,
		"rounded_total": _AMOUNT,
		"base_rounded_total": _AMOUNT,
		"base_net_total": _AMOUNT,
		"docstatus": _CHECK,
		"remarks": "text",
	},
	"Sales Invoice Item": {
		"parent": "text",
		"idx": "integer",
		"item_code": "text",
		"qty": "real",
		"rate": "real",
		"amount": "real",
		"docstatus": _CHECK,
		"dn_detail": "text",
		"sales_order": "text",
	},
	"Payment Schedule": {
		"parent": "text",
		"parenttype": "text",
		"idx": "integer",
		"payment_term": "text",
		"due_date": "text",
		"payment_amount": _AMOUNT,
		"base_payment_amount": _AMOUNT,
		"paid_amount": _AMOUNT,
		"base_paid_amount": _AMOUNT,
		"discounted_amount": _AMOUNT,
	},
	"Payment Entry": {
		"name": "text primary key",
		"company": "text",
		"party_type": "text",
		"party": "text",
		"posting_date": "text",
		"payment_type": "text",
		"paid_amount": _AMOUNT,
		"base_paid_amount": _AMOUNT,
		"unallocated_amount": _AMOUNT,
		"source_exchange_rate": "real",
		"mode_of_payment": "text",
		"docstatus": _CHECK,
	},
	"Payment Entry Deduction": {"parent": "text", "account": "text", "amount": _AMOUNT},
	"Payment Entry Reference": {
		"parent": "text",
		"idx": "integer",
		"reference_doctype": "text",
		"reference_name": "text",
		"allocated_amount": _AMOUNT,
		"payment_term": "text",
	},
	"Journal Entry": {
		"name": "text primary key",
		"company": "text",
		"posting_date": "text",
		"voucher_type": "text",
		"due_date": "text",
		"bill_no": "text",
		"user_remark": "text",
		"docstatus": _CHECK,
	},
	"Sales Order": {
		"name": "text primary key",
		"customer": "text",
		"company": "text",
		"transaction_date": "text",
		"delivery_date": "text",
		"currency": "text",
		"grand_total": _AMOUNT,
		"base_grand_total": _AMOUNT,
		"per_billed": "real",
		"status": "text",
		"docstatus": _CHECK,
	},
	"Delivery Note": {
		"name": "text primary key",
		"customer": "text",
		"company": "text",
		"posting_date": "text",
		"currency": "text",
		"base_net_total": _AMOUNT,
		"base_grand_total": _AMOUNT,
		"per_billed": "real",
		"status": "text",
		"docstatus": _CHECK,
	},
	"Delivery Note Item": {
		"name": "text primary key",
		"parent": "text",
		"item_code": "text",
		"qty": "real",
		"rate": "real",
		"amount": "real",
		"against_sales_order": "text",
		"against_sales_invoice": "text",
	},
}

# The first three are the covering indexes that the app makes on a site, for the same queries.
INDEXES: dict[str, tuple[str, tuple[str, ...]]] = {
	"cl_payment_ledger_against": (
		"Payment Ledger Entry",
		(
			"party_type", "party", "account", "against_voucher_type", "against_voucher_no",
			"delinked", "posting_date", "amount", "amount_in_account_currency",
		),
	),
	"cl_payment_ledger_date": (
		"Payment Ledger Entry",
		(
			"party_type", "party", "posting_date", "voucher_type", "voucher_no",
			"account", "delinked", "amount", "amount_in_account_currency",
		),
	),
	"cl_general_ledger_party": (
		"GL Entry",
		("party_type", "party", "account", "is_cancelled", "posting_date", "debit", "credit"),
	),
	"ple_against": ("Payment Ledger Entry", ("against_voucher_no",)),
	"gle_voucher": ("GL Entry", ("voucher_no",)),
	"deduction_parent": ("Payment Entry Deduction", ("parent",)),
	"ple_voucher": ("Payment Ledger Entry", ("voucher_no",)),
	"invoice_customer": ("Sales Invoice", ("customer", "posting_date")),
	"schedule_parent": ("Payment Schedule", ("parent", "idx")),
	"reference_name": ("Payment Entry Reference", ("reference_name",)),
	"payment_party": ("Payment Entry", ("party", "company", "posting_date")),
	"order_customer": ("Sales Order", ("customer",)),
	"delivery_item": ("Delivery Note Item", ("parent",)),
	"invoice_item": ("Sales Invoice Item", ("dn_detail",)),
	"sales_team": ("Sales Team", ("parent",)),
}  # fmt: skip

# The file's own: what was imported into it, and what it is.
OWN_TABLES = """
create table if not exists client_ledger_import (
	digest text primary key, file text, kind text, documents integer, imported_at text
);
create table if not exists client_ledger_info (name text primary key, value text);
"""


def create_statements() -> list[str]:
	"""Return the statements that make the ERPNext tables, where they are missing."""
	return [
		"create table if not exists `tab{}` ({})".format(
			doctype, ", ".join(f"`{column}` {kind}" for column, kind in columns.items())
		)
		for doctype, columns in TABLES.items()
	]


def index_statements() -> list[str]:
	"""Return the statements that make the indexes, where they are missing."""
	return [
		f"create index if not exists `{name}` on `tab{doctype}` ({', '.join(columns)})"
		for name, (doctype, columns) in INDEXES.items()
	]
