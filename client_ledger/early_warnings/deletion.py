"""What of early warnings goes with a customer or a company that is deleted."""

import frappe

from client_ledger.site.doctypes import EARLY_WARNING, WARNING_SETUP, WARNING_SIGNAL_RECORD


def delete_of_customer(customer: str) -> None:
	"""Delete the warnings of a customer."""
	_delete({"customer": customer})


def delete_of_company(company: str) -> None:
	"""Delete a company's warnings, records and setup."""
	_delete({"company": company})
	frappe.db.delete(WARNING_SIGNAL_RECORD, {"company": company})
	frappe.db.delete(WARNING_SETUP, {"company": company})


def _delete(filters: dict[str, str]) -> None:
	names = frappe.get_all(EARLY_WARNING, filters, pluck="name", order_by="name")
	if names:
		frappe.db.delete("ToDo", {"reference_type": EARLY_WARNING, "reference_name": ("in", names)})
		frappe.db.delete(EARLY_WARNING, {"name": ("in", names)})
