"""Columns of the reports, as Frappe's query report takes them."""

from collections.abc import Sequence

import frappe
from frappe import _

from client_ledger.core.ageing import bucket_labels


def link(fieldname: str, label: str, doctype: str, width: int = 160) -> dict:
	"""A link to a document of *doctype*, or a text for who may not read it: Frappe refuses the report otherwise."""
	if not frappe.has_permission(doctype, "read"):
		return data(fieldname, label, width)
	return {"fieldname": fieldname, "label": label, "fieldtype": "Link", "options": doctype, "width": width}


def company(companies: Sequence[str]) -> list[dict]:
	"""The company of a row, where there are several."""
	return [link("company", _("Company"), "Company")] if len(companies) > 1 else []


def data(fieldname: str, label: str, width: int = 120) -> dict:
	"""A text."""
	return {"fieldname": fieldname, "label": label, "fieldtype": "Data", "width": width}


def day(fieldname: str, label: str, width: int = 110) -> dict:
	"""A date."""
	return {"fieldname": fieldname, "label": label, "fieldtype": "Date", "width": width}


def number(fieldname: str, label: str, width: int = 90) -> dict:
	"""A whole number."""
	return {"fieldname": fieldname, "label": label, "fieldtype": "Int", "width": width}


def amount(fieldname: str, label: str, width: int = 125) -> dict:
	"""An amount in the currency its row names."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": "Currency",
		"options": "currency",
		"width": width,
	}


def currency() -> dict:
	"""The currency of the amounts in a row."""
	return link("currency", _("Currency"), "Currency", 90)


def buckets(ranges: Sequence[int]) -> list[dict]:
	"""One amount per ageing bucket: bucket_1, bucket_2, ..."""
	return [amount(f"bucket_{i}", label, 110) for i, label in enumerate(bucket_labels(ranges), start=1)]
