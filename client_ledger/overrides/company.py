"""Company: the limit of its customers; its accounts, notices, runs, payment pattern and forecasts go with it."""

import frappe
from frappe.model.document import Document

from client_ledger.archive.names import keep_renamed
from client_ledger.collections import deletion
from client_ledger.confirmations import customer_merge as confirmations
from client_ledger.credit.limits.erpnext_limit import check_company_limit
from client_ledger.early_warnings import deletion as warnings_deletion
from client_ledger.forecasts import store as forecasts
from client_ledger.guest_links import links
from client_ledger.receipts import deletion as receipts_deletion
from client_ledger.site.doctypes import (
	CHECK_LIST,
	CHECK_ROW,
	CLIENT_ACCOUNT,
	DUNNING_BLOCK,
	DUNNING_RUN,
	KPI_MONTH_END,
	KPI_ROWS,
	LEDGER_NOTICE,
	LEDGER_NOTICE_ITEM,
	PAYMENT_PATTERN,
	STEP_TRIAL,
	TRIAL_ASSIGNMENT,
)


def validate(doc: Document, method: str | None = None) -> None:
	"""Limits may be for approval only."""
	check_company_limit(doc)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""The archive has on record what a company was called."""
	keep_renamed("Company", old, new, merge)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""There may be one account per customer: they go in one statement."""
	for doctype in (CLIENT_ACCOUNT, PAYMENT_PATTERN, KPI_ROWS, KPI_MONTH_END):
		frappe.db.delete(doctype, {"company": doc.name})
	names = frappe.get_all(LEDGER_NOTICE, {"company": doc.name}, pluck="name", order_by="name")
	if names:
		frappe.db.delete(LEDGER_NOTICE_ITEM, {"parent": ("in", names)})
	for doctype, field in (
		(LEDGER_NOTICE, "company"),
		(DUNNING_RUN, "company"),
		(DUNNING_BLOCK, "for_company"),
		(TRIAL_ASSIGNMENT, "company"),
		(STEP_TRIAL, "company"),
	):
		frappe.db.delete(doctype, {field: doc.name})
	lists = frappe.get_all(CHECK_LIST, {"company": doc.name}, pluck="name", order_by="name")
	if lists:
		frappe.db.delete(CHECK_ROW, {"parent": ("in", lists)})
		frappe.db.delete(CHECK_LIST, {"company": doc.name})
	deletion.delete_of({"company": doc.name})
	receipts_deletion.delete_of({"company": doc.name})
	warnings_deletion.delete_of_company(doc.name)
	confirmations.delete_of_company(doc.name)
	links.delete_of({"company": doc.name})
	forecasts.delete_of(doc.name)
