"""What the home page asks the server for: everything on it, in one answer."""

from datetime import date

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.accounts.totals import totals
from client_ledger.archive import waiting as archive
from client_ledger.backups.waiting import last_check
from client_ledger.collections import waiting as collections
from client_ledger.confirmations import waiting as confirmations
from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.controls import waiting as controls
from client_ledger.credit import waiting as credit
from client_ledger.credit.grades.cash_outlook import outlook
from client_ledger.duties import waiting as duties
from client_ledger.early_warnings import waiting as early_warnings
from client_ledger.forecasts.access import may_see as may_see_forecasts
from client_ledger.home import figures
from client_ledger.kpis import waiting as kpis
from client_ledger.measured_effect import waiting as measured_effect
from client_ledger.outbox import waiting as outbox
from client_ledger.period_checks import waiting as period_checks
from client_ledger.procedures import waiting as procedures
from client_ledger.receipts import waiting as receipts
from client_ledger.site.access import currencies_of, default_company, visible_companies
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.requirements import requires
from client_ledger.site.visible import may_list
from client_ledger.statement_runs import waiting as statement_runs
from client_ledger.statement_runs.notice_kind import STATEMENT

# Rows of each list; the page leads to the others.
SHOWN = 5


@frappe.whitelist(methods=["GET"])
@arguments()
@requires()
def get_home(company: str | None = None) -> dict:
	"""Return the home page of *company*, or of all companies where none is named or it is not the user's to see.

	Whoever may see nothing gets no companies, and no error: lists and figures closed to the user are left out.
	"""
	companies = visible_companies() if may_list(CLIENT_ACCOUNT) and may_list("Customer") else []
	if not companies:
		return {"companies": [], "backup": last_check()}
	chosen = [company] if company in companies else companies
	today = getdate()
	currencies = _currencies(chosen)
	by_currency = {row.currency: row for row in totals(chosen)}
	sums = [by_currency[code] for code in currencies if code in by_currency]
	expected = outlook(chosen, today)
	cash = {code: expected[code] for code in currencies if code in expected}
	day = figures.compared_with(sums)
	return {
		"companies": companies,
		"company": company if company in companies else "",
		"currencies": currencies,
		"updated": str(now_datetime()),
		"compared_with": str(day) if day else None,
		"figures": figures.figures(sums, cash),
		"ageing": figures.ageing(sums),
		"cash": figures.expected(cash),
		"cash_forecast": may_see_forecasts(),
		"lists": _lists(chosen, today),
		"backup": last_check(),
	}


def _lists(companies: list[str], today: date) -> dict[str, dict]:
	"""Return what waits for a person, without what is closed to the user."""
	lists = {
		"to_call": collections.to_call(companies, SHOWN),
		"holds": credit.holds(companies, SHOWN),
		"limits": credit.limits(companies, SHOWN),
		"notices": outbox.notices(companies, but=(STATEMENT, CONFIRMATION)),
		"statements": statement_runs.statements(companies),
		"confirmations": confirmations.confirmations(companies, today),
		"promises": collections.promises_due(companies, today, SHOWN),
		"disputes": collections.disputes(companies, today, SHOWN),
		"warnings": early_warnings.warnings(companies, SHOWN),
		"period_checks": period_checks.check_lists(companies, today, SHOWN),
		"receipts": receipts.receipts(companies, SHOWN),
		"controls": controls.open_findings(companies, today, SHOWN),
		"archive": archive.findings(companies),
		"duties": duties.open_conflicts(SHOWN),
		"procedures": procedures.to_read(SHOWN),
		"kpis": kpis.changed_months(companies, SHOWN),
		"trials": measured_effect.with_result(companies, SHOWN),
	}
	return {name: found for name, found in lists.items() if found is not None}


def _currencies(companies: list[str]) -> list[str]:
	"""Return the currencies of companies, that of the user's own company first."""
	own = default_company()
	currencies = currencies_of({*companies, own})
	return sorted({currencies[name] for name in companies}, key=lambda code: (code != currencies[own], code))
