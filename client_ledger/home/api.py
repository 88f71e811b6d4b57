"""What the home page asks the server for: everything on it, in one answer."""

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.accounts.totals import totals
from client_ledger.collections import waiting as collections
from client_ledger.credit import waiting as credit
from client_ledger.credit.grades.cash_outlook import outlook
from client_ledger.home import figures
from client_ledger.outbox import waiting as outbox
from client_ledger.site.access import currencies_of, visible_companies
from client_ledger.site.arguments import arguments
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.visible import may_list

# Rows of each list; the page leads to the others.
SHOWN = 5


@frappe.whitelist(methods=["GET"])
@arguments()
def get_home(company: str | None = None) -> dict:
	"""Return the home page of *company*, or of all companies where none is named or it is not the user's to see.

	Whoever may see nothing gets no companies, and no error: lists and figures closed to the user are left out.
	"""
	companies = visible_companies() if may_list(CLIENT_ACCOUNT) and may_list("Customer") else []
	if not companies:
		return {"companies": []}
	chosen = [company] if company in companies else companies
	today = getdate()
	sums, cash = totals(chosen), outlook(chosen, today, figures.WEEKS)
	day = figures.compared_with(sums)
	lists = {
		"to_call": collections.to_call(chosen, SHOWN),
		"holds": credit.holds(chosen, SHOWN),
		"limits": credit.limits(chosen, SHOWN),
		"notices": outbox.notices(chosen),
		"promises": collections.promises_due(chosen, today, SHOWN),
		"disputes": collections.disputes(chosen, today, SHOWN),
	}
	return {
		"companies": companies,
		"company": company if company in companies else "",
		"currencies": sorted(set(currencies_of(chosen).values())),
		"updated": str(now_datetime()),
		"compared_with": str(day) if day else None,
		"figures": figures.figures(sums, cash),
		"ageing": figures.ageing(sums),
		"cash": figures.expected(cash),
		"lists": {name: found for name, found in lists.items() if found is not None},
	}
