"""The figures and charts of the home page, from what accounts come to: an amount per currency, none added to another."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from frappe import _
from frappe.utils import flt

from client_ledger.accounts.columns import BUCKET_FIELDS
from client_ledger.accounts.month_ago import OLDEST_BUCKETS
from client_ledger.credit.grades.cash_outlook import CashOutlook
from client_ledger.site.settings import get_settings

# Weeks that the figure adds up, of those of the chart.
NEAR_WEEKS = 4
DAYS_A_YEAR = 365

Totals = Sequence[Mapping[str, Any]]


def figures(totals: Totals, cash: Mapping[str, CashOutlook]) -> list[dict]:
	"""Return the five figures: {key, label, days, rows: [{currency, value, before, share}]}.

	before: the value a month ago, None where that is not known. share: of what customers owe. days: values are days.
	"""
	settings = get_settings()
	return [
		_figure("receivable", _("Total Receivable"), totals, ("receivable",), "receivable_month_ago"),
		_figure("overdue", _("Overdue"), totals, ("overdue",), "overdue_month_ago"),
		_figure(
			"oldest",
			_("Overdue More Than {0} Days").format(settings.ranges[-len(OLDEST_BUCKETS)]),
			totals,
			OLDEST_BUCKETS,
			"oldest_month_ago",
		),
		{
			"key": "expected",
			"label": _("Expected Within {0} Weeks").format(NEAR_WEEKS),
			"rows": [
				{"currency": code, "value": round(sum(found.weeks[:NEAR_WEEKS]), 2)}
				for code, found in cash.items()
			],
		},
		{
			"key": "dso",
			"label": _("Days Sales Outstanding"),
			"days": True,
			"rows": [{"currency": row["currency"], "value": _days_of_sales(row)} for row in totals],
		},
	]


def _figure(key: str, label: str, totals: Totals, fields: Sequence[str], before: str) -> dict:
	return {
		"key": key,
		"label": label,
		"rows": [
			{
				"currency": row["currency"],
				"value": sum(flt(row[field]) for field in fields),
				"before": flt(row[before]) if row["compared_with"] else None,
				"share": _share(sum(flt(row[field]) for field in fields), flt(row["receivable"])),
			}
			for row in totals
		],
	}


def _share(amount: float, whole: float) -> float | None:
	return round(amount / whole * 100, 1) if whole > 0 else None


def _days_of_sales(row: Mapping[str, Any]) -> int | None:
	"""Return how many days of the last twelve months' sales are owed; None without sales."""
	sales = flt(row["sales_12_months"])
	return round(flt(row["receivable"]) / sales * DAYS_A_YEAR) if sales > 0 else None


def compared_with(totals: Totals) -> date | None:
	"""Return the day that figures are held against."""
	return max((row["compared_with"] for row in totals if row["compared_with"]), default=None)


def ageing(totals: Totals) -> dict:
	"""Return what is open by how long it is overdue: {labels, rows: [{currency, amounts}]}; None is the label of not due."""
	return {
		"labels": [None, *get_settings().labels],
		"rows": [
			{
				"currency": row["currency"],
				"amounts": [flt(row[field]) for field in ("not_due", *BUCKET_FIELDS)],
			}
			for row in totals
		],
	}


def expected(cash: Mapping[str, CashOutlook]) -> list[dict]:
	"""Return expected receipts by week: [{currency, since, amounts}]; since: the first day of the first week."""
	return [
		{
			"currency": code,
			"since": str(found.since),
			"amounts": [round(amount, 2) for amount in found.weeks],
		}
		for code, found in cash.items()
	]
