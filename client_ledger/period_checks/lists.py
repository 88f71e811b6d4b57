"""Check lists: one per company and period, made when the period has ended, by the nightly job or by a person.

The database holds company and period unique: however often and by whomever it is asked for, there is one list.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, now_datetime

from client_ledger.core.money import as_money, rounded
from client_ledger.core.period_checks import (
	CheckRow,
	CheckState,
	Figure,
	PeriodCheck,
	PeriodKind,
	checks_of,
	due_date,
	ended_periods,
	period_of,
	state_of,
	title,
)
from client_ledger.core.statements.periods import LAST_MONTH, Period
from client_ledger.ledger.site import companies
from client_ledger.period_checks.books import PeriodBooks, has_ledger
from client_ledger.period_checks.figures import CheckReading, read
from client_ledger.site.doctypes import CHECK_LIST, LEDGER_SETTINGS
from client_ledger.site.documents import by_action
from client_ledger.site.jobs import TITLE_LENGTH, safely
from client_ledger.site.messages import filled

# Which periods the settings want lists for.
WANTED = {
	PeriodKind.MONTH: "monthly_check_lists",
	PeriodKind.QUARTER: "quarterly_check_lists",
	PeriodKind.YEAR: "yearly_check_lists",
}


def make_due(today: date) -> None:
	"""Make the lists of periods that have ended, for every company with customers. Commits; what fails is logged and tried again."""
	settings = frappe.get_cached_doc(LEDGER_SETTINGS)
	kinds = [kind for kind, wanted in WANTED.items() if cint(settings.get(wanted))]
	for company in companies():
		for kind in kinds:
			work = partial(_make_due, company, kind, today)
			safely(f"Check lists of {company}: not made"[:TITLE_LENGTH], work)


def _make_due(company: str, kind: PeriodKind, today: date) -> None:
	made = frappe.get_all(
		CHECK_LIST,
		{"company": company, "period_kind": kind.value},
		pluck="to_date",
		order_by="to_date desc",
		limit=1,
	)
	last_month = last_month_of(company, today)
	for period in ended_periods(kind, today, last_month, getdate(made[0]) if made else None):
		if has_ledger(company, period.as_of):
			make(company, kind, period)
			frappe.db.commit()  # nosemgrep: one list does not undo another


def make(company: str, kind: PeriodKind, period: Period) -> str:
	"""Return the list of a company and a period, made with its figures where there is none. May commit before it writes."""
	if name := stored_list(company, kind, period):
		return name
	readings = read(PeriodBooks(company, kind, period), checks_of(kind))
	doc = frappe.new_doc(CHECK_LIST)
	doc.update(
		{
			"title": title(kind, period),
			"company": company,
			"period_kind": kind.value,
			"from_date": period.from_date,
			"to_date": period.as_of,
			"due_date": due_date(kind, period),
		}
	)
	put(doc, readings)
	doc.flags.ignore_permissions = True
	frappe.db.savepoint("check_list")
	try:
		by_action(doc).insert()
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		# Another worker was faster.
		frappe.db.rollback(save_point="check_list")
		frappe.clear_last_message()
		return stored_list(company, kind, period, for_update=True)
	return doc.name


def period_by_hand(company: str, kind: PeriodKind, day: date | None = None) -> Period:
	"""Return the period that *day* is in; None: the last one that has ended.

	Raises frappe.ValidationError where that period has not ended, or there is nothing to check.
	"""
	today = getdate()
	last_month = last_month_of(company, day or today)
	period = period_of(kind, day, last_month) if day else ended_periods(kind, today, last_month)[-1]
	if period.as_of >= today:
		frappe.throw(
			filled(
				_("The period ends on {0} and has not ended yet. Select a date in an earlier one."),
				frappe.format(period.as_of, "Date"),
			)
		)
	if not has_ledger(company, period.as_of):
		frappe.throw(
			filled(
				_(
					"{0} has no customer entries up to {1}, so there is nothing to check. Select a later date."
				),
				company,
				frappe.format(period.as_of, "Date"),
			)
		)
	return period


def stored_list(company: str, kind: PeriodKind, period: Period, *, for_update: bool = False) -> str | None:
	"""Return the list of a company and a period, None where there is none."""
	filters = {"company": company, "period_kind": kind.value, "to_date": period.as_of}
	return frappe.db.get_value(CHECK_LIST, filters, for_update=for_update)


def last_month_of(company: str, day: date) -> int:
	"""Return the month, 1 to 12, in which the company's fiscal year ends."""
	years = frappe.get_all(
		"Fiscal Year",
		{"year_start_date": ("<=", day), "year_end_date": (">=", day), "disabled": 0},
		["name", "year_end_date"],
		order_by="year_end_date",
	)
	companies_of: dict[str, set[str]] = {year.name: set() for year in years}
	for row in frappe.get_all(
		"Fiscal Year Company",
		{"parent": ("in", list(companies_of)), "parenttype": "Fiscal Year"},
		["parent", "company"],
		order_by="parent",
	):
		companies_of[row.parent].add(row.company)
	own = [year for year in years if company in companies_of[year.name]]
	everybodys = [year for year in years if not companies_of[year.name]]
	found = [*own, *everybodys]
	return getdate(found[0].year_end_date).month if found else LAST_MONTH


# --- rows ---


def books_of(doc: Document) -> PeriodBooks:
	"""Return the books that a list is about."""
	period = Period(getdate(doc.from_date), getdate(doc.to_date))
	return PeriodBooks(doc.company, PeriodKind(doc.period_kind), period)


def row_of(row: Document) -> CheckRow:
	"""Return a row of a list as the rules take it."""
	figure = Figure(
		PeriodCheck(row.check_name),
		cint(row.found),
		rounded(as_money(row.amount), 2),
		row.fingerprint or "",
	)
	return CheckRow(figure, CheckState(row.state), row.explanation or "")


def rows_of(doc: Document) -> list[CheckRow]:
	"""Return the rows of a list as the rules take them."""
	return [row_of(row) for row in doc.checks]


def put(doc: Document, readings: Iterable[CheckReading]) -> None:
	"""Put figures into the rows of a list. An explanation of the same figure stays; of another one it stays to be looked at."""
	before = {row.check_name: row for row in doc.checks}
	currency = frappe.get_cached_value("Company", doc.company, "default_currency")
	now, user = now_datetime(), frappe.session.user
	for figure, details in readings:
		row = before.get(figure.check.value) or doc.append("checks", {"check_name": figure.check.value})
		state = state_of(figure, row_of(row) if row.state else None)
		row.update(
			{
				"state": state.value,
				"found": figure.found,
				"amount": float(figure.amount),
				"currency": currency,
				"fingerprint": figure.fingerprint,
				"details": details,
				"checked_on": now,
				"checked_by": user,
			}
		)
	doc.read_on = now
	count(doc)


def count(doc: Document) -> None:
	"""Count the exceptions of a list, and those that nobody has explained."""
	doc.exceptions = sum(row.state != CheckState.OK.value for row in doc.checks)
	doc.unexplained = sum(row.state == CheckState.EXCEPTION.value for row in doc.checks)


def details_of(row: Document) -> dict[str, Any]:
	"""Return what a check has found: {amounts, rows, more, compared}."""
	return json.loads(row.details or "{}")
