"""What each account was a month ago, read from the ledger every night, so that today's figures can be held against it."""

from datetime import date

import frappe
from frappe.utils import add_months, getdate

from client_ledger.accounts.columns import BUCKET_FIELDS, Figures, changes
from client_ledger.accounts.compute import FigureSource, no_position
from client_ledger.core.account import AccountKey, Position, positions
from client_ledger.core.money import ZERO
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.jobs import store_or_log

# The last buckets of ageing: what is open for longer than the third of the four ranges.
OLDEST_BUCKETS = BUCKET_FIELDS[-2:]
MONTH_AGO_FIELDS = ("receivable_month_ago", "overdue_month_ago", "oldest_month_ago")


def update_month_ago(today: date | None = None) -> int:
	"""Bring the figures of a month ago up to date on every account; return how many changed. Commits as it goes."""
	source = FigureSource.of_site(today or getdate())
	day = getdate(add_months(source.today, -1))
	settings = source.settings
	items = source.ledger.open_items(source.scope(), day)
	found = positions(items, day, settings.ranges, "due", settings.long_overdue_after)
	nothing = no_position(settings)
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		fields=["name", "customer", "company", "compared_with", *MONTH_AGO_FIELDS],
		order_by="name",
	)
	writes = []
	for row in rows:
		at = found.get(AccountKey(row.customer, row.company), nothing)
		if values := changes(row, {**_figures(at), "compared_with": day}):
			writes.append((row.name, values))
	# The version of a row stays: these say nothing of what it is today, and keep no refresh from writing.
	store_or_log(CLIENT_ACCOUNT, writes, title="Client Account: figures of a month ago not stored")
	return len(writes)


def _figures(at: Position) -> Figures:
	return {
		"receivable_month_ago": float(at.receivable),
		"overdue_month_ago": float(at.overdue),
		"oldest_month_ago": float(sum(at.ageing.buckets[-len(OLDEST_BUCKETS) :], ZERO)),
	}
