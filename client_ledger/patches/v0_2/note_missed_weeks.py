"""Note which cash forecast missed the week that is over, and tell nobody: it was over before anybody could be told."""

from frappe.utils import getdate

from client_ledger.core.forecast.record import forecast_day
from client_ledger.forecasts import misses
from client_ledger.ledger.site import companies


def execute() -> None:
	"""Of companies without forecasts there is nothing to note."""
	for company in companies():
		misses.note(company, forecast_day(getdate()), tell=False)
