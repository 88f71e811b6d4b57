"""Filters of a report, checked: each function returns a usable value or names the filter that is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from client_ledger.core.ageing import DEFAULT_RANGES, check_ranges
from client_ledger.site.access import permitted_companies
from client_ledger.site.messages import filled

MOST_RANGES = 12


def reject(label: str, reason: str) -> NoReturn:
	"""Stop the report with a message that begins with the filter's translated label."""
	frappe.throw(f"<b>{label}</b>: {reason}", title=_("Invalid Filter"))


def one_company(filters: Mapping[str, Any]) -> str:
	"""Return the company asked for."""
	company = filters.get("company")
	if not company:
		reject(_("Company"), _("select a company"))
	if not frappe.db.exists("Company", company):
		reject(_("Company"), filled(_("{0} does not exist."), company))
	return company


def companies(filters: Mapping[str, Any]) -> tuple[str, ...]:
	"""Return the company asked for, or where it is left empty all that the user may see."""
	return (one_company(filters),) if filters.get("company") else tuple(permitted_companies())


def a_date(filters: Mapping[str, Any], fieldname: str, label: str) -> date:
	"""Return the date in *fieldname*; *label* is its translated label."""
	value = filters.get(fieldname)
	if not value:
		reject(label, _("select a date"))
	if isinstance(value, date):
		return getdate(value)
	try:
		return date.fromisoformat(str(value)[:10])
	except ValueError:
		reject(label, filled(_("{0} is not a date"), value))


def period(filters: Mapping[str, Any]) -> tuple[date, date]:
	"""Return (from date, to date)."""
	since = a_date(filters, "from_date", _("From Date"))
	until = a_date(filters, "to_date", _("To Date"))
	if until < since:
		reject(
			_("To Date"), filled(_("{0} is before the from date {1}"), formatdate(until), formatdate(since))
		)
	return since, until


def ranges(filters: Mapping[str, Any]) -> tuple[int, ...]:
	"""Return the upper bounds, in days, of the ageing buckets: "30, 60, 90" or a list."""
	value = filters.get("range") or DEFAULT_RANGES
	parts = value.split(",") if isinstance(value, str) else value
	try:
		bounds = check_ranges([int(part) for part in parts if str(part).strip()])
	except (ValueError, TypeError):
		reject(_("Ageing Range"), _("enter increasing numbers of days, such as 30, 60, 90, 120"))
	if len(bounds) > MOST_RANGES:
		reject(_("Ageing Range"), filled(_("at most {0} ranges"), MOST_RANGES))
	return bounds


def names(filters: Mapping[str, Any], fieldname: str) -> tuple[str, ...]:
	"""Return the names chosen in a filter that takes several; a text is one name."""
	value = filters.get(fieldname) or ()
	if isinstance(value, str):
		value = [value]
	return tuple(dict.fromkeys(value))


def a_choice(filters: Mapping[str, Any], fieldname: str, label: str, choices: tuple[str, ...]) -> str:
	"""Return the option chosen in a select filter, the first where none is."""
	value = filters.get(fieldname) or choices[0]
	if value not in choices:
		reject(label, filled(_("{0} is not one of {1}"), value, ", ".join(_(choice) for choice in choices)))
	return value
