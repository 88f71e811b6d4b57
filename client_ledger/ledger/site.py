"""The current site's ledger, with the precision and the advance documents its ERPNext is set to."""

from datetime import date

import frappe
from erpnext.accounts.utils import get_currency_precision

from client_ledger.ledger.frappe_database import FrappeDatabase
from client_ledger.ledger.reader import DEFAULT_ADVANCE_DOCTYPES, Ledger

# As of this day everything counts that is in the ledger, whatever its date.
END_OF_TIME = date(9999, 12, 31)


def site_ledger() -> Ledger:
	"""Return the ledger of the current site. It asks for no permission: the caller has to."""
	return Ledger(FrappeDatabase(), get_currency_precision() or 2, advance_doctypes())


def advance_doctypes() -> tuple[str, ...]:
	"""Return the orders that customers pay in advance.

	ERPNext 15 declares them together with those we pay, ERPNext 16 apart.
	"""
	declared = frappe.get_hooks("advance_payment_receivable_doctypes") or frappe.get_hooks(
		"advance_payment_doctypes"
	)
	return tuple(doctype for doctype in declared if doctype != "Purchase Order") or DEFAULT_ADVANCE_DOCTYPES


def companies() -> tuple[str, ...]:
	"""Return all companies of the site."""
	return tuple(frappe.get_all("Company", pluck="name", order_by="name"))
