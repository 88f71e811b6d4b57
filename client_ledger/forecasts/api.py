"""What the page of the cash forecast asks the server for."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.collections.sight import visible_customers
from client_ledger.forecasts import jobs, own, view
from client_ledger.forecasts.access import ROLES
from client_ledger.forecasts.view import LATER, WITHOUT, WORSE
from client_ledger.site.access import default_company
from client_ledger.site.arguments import arguments, one_of
from client_ledger.site.doctypes import CASH_FORECAST
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import AllCustomers, CompanyRight, OneOf, Right, requires


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(Right(CASH_FORECAST), CompanyRight())
def get_forecast(company: str | None = None, currency: str | None = None) -> dict:
	"""Return the latest forecast of *company* in *currency*, its record and what it is made of, in one answer.

	Where none is named: of the user's own company, in its currency. Who sees some customers only gets what is expected from those.
	"""
	visible = visible_customers(company or default_company())
	if visible is not None:
		return own.own_page(company, currency, getdate(), visible)
	return view.page(company, currency, getdate())


@frappe.whitelist(methods=["GET"])
@arguments(kind=one_of(WITHOUT, LATER, WORSE))
@requires(AllCustomers(CASH_FORECAST))
def get_scenario(company: str, currency: str, kind: str, customer: str | None = None, days: int = 0) -> dict:
	"""Return {day, weeks}: what would come per week if *customer* did not pay, everybody paid *days* later, or as a grade worse."""
	return view.scenario(company, currency, kind, customer, days)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["make"]), AllCustomers(CASH_FORECAST))
def make_now(company: str) -> None:
	"""Queue what is missing of *company*, without waiting for the night."""
	if not jobs.is_on(company):
		frappe.throw(
			filled(
				_("Cash of {0} is not forecast. Switch it on in the company's settings first."), bold(company)
			)
		)
	jobs.queue(company)
