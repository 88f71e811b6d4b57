"""How far cash is forecast on a site, for the page that says what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.utils import getdate

from client_ledger.core.forecast.record import forecast_day
from client_ledger.forecasts import jobs, making, store


@dataclass(frozen=True, slots=True)
class ForecastSetup:
	"""on, off: companies whose cash is forecast or not. last: the end of which day the last forecast was made of, None before there was
	one. behind: companies with invoices whose forecast of this week is missing."""

	on: list[str]
	off: list[str]
	last: date | None
	behind: list[str]


def setup_facts(companies: Sequence[str]) -> ForecastSetup:
	"""Return how far cash is forecast, of these companies."""
	on = [name for name in companies if jobs.is_on(name)]
	kept = {name: store.kept_days(name) for name in on}
	own = [day for days in kept.values() for day, origin in days if origin != store.REPLAYED]
	until = forecast_day(getdate())
	return ForecastSetup(
		on,
		[name for name in companies if name not in on],
		max(own, default=None),
		[name for name in on if making.is_behind(kept[name], until) and _has_invoices(name)],
	)


def _has_invoices(company: str) -> bool:
	"""Return whether there is anything to forecast."""
	return bool(frappe.db.exists("Sales Invoice", {"company": company, "docstatus": 1}))
