"""The weekly job: every night looks what is missing and queues it, a company at a time; long work goes on in another job."""

from datetime import date

import frappe
from frappe.utils import cint, getdate

from client_ledger.core.forecast.record import forecast_day
from client_ledger.forecasts import making, store
from client_ledger.ledger.site import companies
from client_ledger.site.jobs import log_if_queue_fails, safely
from client_ledger.site.settings import CASH_FORECAST_SWITCH

WORK = "client_ledger.forecasts.jobs.work"
# A job makes days of the past for so long and leaves the rest to the next one: other jobs get their turn, and little is lost with
# a worker that dies.
SECONDS_PER_JOB = 300
TIMEOUT = 3600


def nightly(today: date | None = None) -> None:
	"""Queue what is missing: on a Monday the forecast of Sunday, and whatever was missed before."""
	until = forecast_day(today or getdate())
	for company in companies():
		if is_on(company) and making.is_behind(store.kept_days(company), until):
			queue(company)


def is_on(company: str) -> bool:
	"""Return whether cash of *company* is forecast."""
	return bool(cint(frappe.db.get_value("Company", company, CASH_FORECAST_SWITCH)))


def queue(company: str, part: str = "") -> None:
	"""Queue the work of a company. part: what tells a job from the one that queues it."""
	with log_if_queue_fails(f"Cash forecast of {company}: not queued, the next night will"):
		frappe.enqueue(
			WORK,
			queue="long",
			timeout=TIMEOUT,
			job_id=f"client_ledger_cash_forecast {company} {part}".strip(),
			deduplicate=True,
			company=company,
		)


def work(company: str, today: str | date | None = None, seconds: float = SECONDS_PER_JOB) -> None:
	"""Make what is missing of *company*; queue the rest where there is too much. Commits."""
	if not is_on(company):
		return
	done: list[bool] = []
	day = getdate(today)
	safely(
		f"Cash forecast of {company}: failed"[:140],
		lambda: done.append(making.bring_up_to_date(company, day, seconds)),
	)
	if done and not done[-1]:
		days = store.kept_days(company)
		queue(company, str(days[-1][0]) if days else "")
