"""What the page "client-ledger-setup" asks the server for: the steps, and what some of their buttons do."""

import frappe
from frappe.utils import getdate

from client_ledger.forecasts import jobs as cash_forecasts
from client_ledger.getting_started import steps
from client_ledger.kpis import nightly as kpis
from client_ledger.site.access import default_company, permitted_companies
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import (
	BACKUP_CHECK,
	CASH_FORECAST,
	CONTROL_FINDING,
	DUNNING_RUN,
	KPI_MONTH_END,
)
from client_ledger.site.requirements import AllCustomers, CompanyRight, OneOf, Right, requires

ROLES = ("System Manager", "Accounts Manager", "Credit Manager")
SECONDS = 3600


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(OneOf(ROLES))
def setup_steps() -> list[dict]:
	"""Return the steps of setting up, each with what the site has now."""
	return steps.all_steps()


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES))
def calculate_accounts() -> None:
	"""Have all accounts calculated and graded in the background; asking again while that is done changes nothing."""
	_enqueue("client_ledger.tasks.rebuild_all")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES))
def assess_customers() -> None:
	"""Have all customers assessed in the background; asking again while that is done changes nothing."""
	_enqueue("client_ledger.tasks.grade")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), Right(BACKUP_CHECK))
def check_backups() -> None:
	"""Have the backups checked in the background; asking again while that is done changes nothing."""
	_enqueue("client_ledger.tasks.check_backups")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), Right(CONTROL_FINDING))
def run_controls() -> None:
	"""Have all controls look in the background, as they do at night; asking again while that is done changes nothing."""
	_enqueue("client_ledger.tasks.run_controls")


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), AllCustomers(KPI_MONTH_END))
def store_month_ends(company: str | None = None) -> None:
	"""Have month ends that are missing stored in the background. company: all that are the user's to see unless given."""
	for name in [company] if company else permitted_companies():
		kpis.queue_all(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), AllCustomers(CASH_FORECAST))
def make_forecasts(company: str | None = None) -> None:
	"""Have cash forecasts that are missing made in the background. company: all that are the user's to see unless given."""
	for name in [company] if company else permitted_companies():
		if cash_forecasts.is_on(name):
			cash_forecasts.queue(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES), CompanyRight(), Right(DUNNING_RUN, "create"))
def preview_dunning(company: str | None = None) -> str:
	"""Return a run of today that has not been planned yet, made where there is none. company: the default one unless given."""
	company = company or default_company()
	fields = {"company": company, "as_of": getdate(), "status": "New", "origin": "User"}
	waiting = frappe.get_list(DUNNING_RUN, fields, pluck="name", limit=1)
	if waiting:
		return waiting[0]
	run = frappe.new_doc(DUNNING_RUN)
	run.update({"company": company, "as_of": getdate()})
	return run.insert().name


def _enqueue(method: str) -> None:
	frappe.enqueue(method, queue="long", timeout=SECONDS, job_id=method, deduplicate=True)
