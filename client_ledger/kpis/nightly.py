"""Every night: store month ends that are over and not stored yet, and hold the last ones against what the ledger says by now."""

import time
from datetime import date
from functools import partial

import frappe
from frappe.utils import cint, getdate

from client_ledger.core.kpis.rows import Window
from client_ledger.kpis.book import first_entry
from client_ledger.kpis.comparing import compare_due
from client_ledger.kpis.earlier_months import complete
from client_ledger.kpis.store import store_month, stored_days
from client_ledger.ledger.site import companies
from client_ledger.site.doctypes import LEDGER_SETTINGS
from client_ledger.site.jobs import TITLE_LENGTH, safely

# Month ends back to which figures are stored: those of two years, and what the last of them is compared with.
MONTHS_KEPT = 25
# How many a night stores of one company, and for how long it begins new ones: the past of a new site takes some nights.
MOST_PER_NIGHT = 3
SECONDS = 1800
TIMEOUT = 4 * 3600


def look() -> None:
	"""Store and compare month ends of all companies. Commits; what fails is logged and stops nothing else."""
	if not cint(frappe.get_cached_doc(LEDGER_SETTINGS).get("kpi_month_ends")):
		return
	today, until = getdate(), time.monotonic() + SECONDS
	for company in companies():
		title = f"KPIs of {company}: month end not stored"[:TITLE_LENGTH]
		for day in missing_days(company, today)[:MOST_PER_NIGHT]:
			if time.monotonic() < until:
				safely(title, partial(store_and_commit, company, day))
		title = f"KPIs of {company}: figures of customers not kept"[:TITLE_LENGTH]
		safely(title, partial(complete, company))
		title = f"KPIs of {company}: month ends not compared"[:TITLE_LENGTH]
		safely(title, partial(compare_due, company))


def queue_all(company: str) -> int:
	"""Queue storing the month ends of a company that are missing; return how many there are."""
	missing = missing_days(company, getdate())
	if missing:
		frappe.enqueue(
			"client_ledger.kpis.nightly.store_all",
			queue="long",
			timeout=TIMEOUT,
			job_id=f"client_ledger_kpis {company}",
			deduplicate=True,
			company=company,
		)
	return len(missing)


def store_all(company: str) -> None:
	"""Store every month end that is missing, for somebody who does not want to wait for the nights. Commits each."""
	for day in missing_days(company, getdate()):
		store_and_commit(company, day)


def store_and_commit(company: str, day: date) -> None:
	"""Store one month end. Commits."""
	frappe.db.commit()  # nosemgrep: one snapshot for all that a month is made of
	store_month(company, day)
	frappe.db.commit()  # nosemgrep: one month does not undo another


def missing_days(company: str, today: date) -> list[date]:
	"""Return the month ends that are over and not stored, the newest first, back to the first entry but not over MONTHS_KEPT."""
	first = first_entry(company)
	if not first:
		return []
	stored = set(stored_days(company))
	found, day = [], Window(today, 1).eve
	for _ago in range(MONTHS_KEPT):
		if day < first:
			break
		if day not in stored:
			found.append(day)
		day = Window(day, 1).eve
	return found
