"""The week that has just ended, where it was missed by much: kept on its forecast, told once per company and week, shown on the page.

forecast of a week ago + what came in its first week -> outside of P10 to P90, or off by a multiple of what is usual -> notification
"""

from collections.abc import Sequence
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils.user import get_users_with_role

from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.record import first_week_miss
from client_ledger.forecasts import store
from client_ledger.forecasts.access import OWNERS
from client_ledger.forecasts.store import REPLAYED, KeptForecast
from client_ledger.site.doctypes import CASH_FORECAST
from client_ledger.site.notify import notify


def note(company: str, until: date, tell: bool = True) -> list[str]:
	"""Keep which forecasts missed the week that ended with *until*; return their names. Commits.

	tell: notify those whose forecast it is. A forecast is looked at once: another run tells nobody again.
	"""
	day = until - timedelta(days=DAYS_A_WEEK)
	missed = []
	for one in store.kept_forecasts(company, since=day):
		if one.day != day or one.origin == REPLAYED or _is_noted(one.name):
			continue
		miss = first_week_miss(one.made, one.came.all[0], _errors_before(company, one))
		frappe.db.set_value(CASH_FORECAST, one.name, {"miss": miss or "", "miss_noted": 1})
		if miss:
			missed.append(one.name)
	if missed and tell:
		_tell(missed)
	frappe.db.commit()  # nosemgrep: what is noted is not told again, whatever becomes of the next company
	return missed


def _is_noted(name: str) -> bool:
	return bool(frappe.db.get_value(CASH_FORECAST, name, "miss_noted"))


def _errors_before(company: str, one: KeptForecast) -> list[float]:
	"""Return by how much the first weeks of earlier forecasts were missed, in the order of their days."""
	return [
		abs(other.made.weeks[0].expected - other.came.all[0])
		for other in store.kept_forecasts(company, one.currency)
		if other.day < one.day
	]


def _tell(names: Sequence[str]) -> None:
	"""Notify the owners of a company's forecasts, once for all currencies."""
	doc = frappe.get_doc(CASH_FORECAST, names[0])
	users = {user for role in OWNERS for user in get_users_with_role(role)}
	readers = [
		user for user in sorted(users) if frappe.has_permission(CASH_FORECAST, "read", doc=doc, user=user)
	]
	notify(
		readers,
		CASH_FORECAST,
		doc.name,
		lambda: _(
			"{0}: the week that has just ended was missed by much. Compare what was expected with what was received."
		),
	)
