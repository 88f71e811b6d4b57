"""Dunning History: messages that were sent, at which level, and what of them came in within so many days.

An amount counts as recovered when its item has that much less open so many days after the message than it asked
for. That is what happened, not what the message caused.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate

from client_ledger.core.dunning.past import past_items
from client_ledger.core.dunning.plan import DueItemKey
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.dunning.notice_kinds import REMINDER
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.reporting.charts import bar_chart, in_currency
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import LEDGER_NOTICE, LEDGER_NOTICE_ITEM
from client_ledger.site.messages import filled

Row = dict[str, Any]
MOST_BARS = 12
COLOURS = ["#4299e1", "#f6ad55", "#e53e3e", "#9f7aea", "#718096"]
FIELDS = [
	"name", "customer", "customer_name", "currency", "policy", "step", "step_name", "level", "channel", "as_of",
	"contact_on", "base_total", "status", "fee", "interest",
]  # fmt: skip
GROUPS = {
	"policy": ("policy",),
	"step": ("policy", "step_name"),
	"level": ("level",),
	"customer": ("customer",),
}


@report_filters()
def execute(filters: Mapping[str, Any] | None = None) -> tuple:
	"""Return columns, rows, message, chart and summary."""
	asked = frappe._dict(filters or {})
	check(asked)
	notices = read_notices(asked)
	add_recovered(notices, asked)
	by = asked.group_by or ""
	rows = grouped(notices, by) if by in GROUPS else [shown(row) for row in notices]
	currency = frappe.get_cached_value("Company", asked.company, "default_currency")
	for row in rows:
		row["company_currency"] = currency
	return (
		columns(by, cint(asked.days)),
		rows,
		None,
		chart_of_groups(rows, by, currency) if by in GROUPS else chart(notices),
		summary(notices, currency, cint(asked.days)),
	)


def check(asked: frappe._dict) -> None:
	"""Raise frappe.ValidationError for filters that make no sense, PermissionError for a company the user may not see."""
	if not asked.company:
		frappe.throw(_("Select a company to run this report."))
	if asked.company not in permitted_companies():
		frappe.throw(
			filled(_("You do not have permission to view data of {0}."), asked.company),
			frappe.PermissionError,
		)
	asked.from_date, asked.to_date = getdate(asked.from_date), getdate(asked.to_date)
	if asked.from_date > asked.to_date:
		frappe.throw(filled(_("{0} must be before {1}."), _("From Date"), _("To Date")))
	if asked.group_by and asked.group_by not in GROUPS:
		frappe.throw(filled(_("Grouping by {0} is not supported."), asked.group_by))


def read_notices(asked: frappe._dict) -> list[Row]:
	"""Return the messages of the period that the user may see."""
	filters = {
		"company": asked.company,
		"contact_on": ("between", (asked.from_date, asked.to_date)),
		"status": ("in", (NoticeStatus.SENT.value, NoticeStatus.SENDING.value)),
		"kind": REMINDER,
	}
	for field in ("customer", "policy"):
		if asked.get(field):
			filters[field] = asked[field]
	return frappe.get_list(
		LEDGER_NOTICE, filters, FIELDS, order_by="contact_on desc, name", limit_page_length=0
	)


def add_recovered(notices: Sequence[Row], asked: frappe._dict) -> None:
	"""Add to each message what of it came in within the days asked for, and whether they are over."""
	days = timedelta(days=cint(asked.days) or 14)
	asked.days = days.days
	items = _items([row.name for row in notices])
	customers = tuple(sorted({row.customer for row in notices}))
	ledger = site_ledger()
	entries = ledger.unmoved_entries(Scope((asked.company,), customers), getdate()) if customers else []
	names = {e.against.name for e in entries if e.against.doctype == SALES_INVOICE}
	terms = ledger.terms_by_day(names)
	past = {item.key: item for item in past_items(entries, ledger.invoices(names), ledger.accounts, terms)}
	# What was asked for under a due date that has been changed since.
	by_voucher = {key.voucher: item for key, item in past.items() if key.voucher.name not in terms}
	for row in notices:
		until = min(row.contact_on + days, getdate())
		recovered = ZERO
		for key, base in items.get(row.name, ()):
			item = past.get(key) or by_voucher.get(key.voucher)
			if item:
				recovered += min(base, _fallen(item, row.contact_on, until))
		row["recovered"] = float(recovered)
		row["share"] = float(100 * recovered / as_money(row.base_total)) if row.base_total else 0.0
		row["is_over"] = row.contact_on + days <= getdate()


def _fallen(item: Any, since: date, until: date) -> Decimal:
	"""Return by how much less of an item is open, in company currency."""
	return max(item.open_on(since)[1] - item.open_on(until)[1], ZERO)


def _items(notices: Sequence[str]) -> dict[str, list[tuple[DueItemKey, Decimal]]]:
	found: dict[str, list[tuple[DueItemKey, Decimal]]] = {}
	for row in frappe.get_all(
		LEDGER_NOTICE_ITEM,
		{"parent": ("in", list(notices)), "withheld": ("is", "not set")},
		["parent", "voucher_type", "voucher_no", "due_date", "base_outstanding"],
		order_by="parent, idx",
	):
		key = DueItemKey(Voucher(row.voucher_type, row.voucher_no), row.due_date)
		found.setdefault(row.parent, []).append((key, as_money(row.base_outstanding)))
	return found


def shown(row: Row) -> Row:
	"""Return a message as a row of the report."""
	return {**row, "raw_status": row["status"], "status": _(row["status"]), "channel": _(row["channel"])}


def grouped(notices: Sequence[Row], by: str) -> list[Row]:
	"""Return one row per group: messages, customers, what they asked for, what came in."""
	found: dict[tuple, Row] = {}
	for row in notices:
		key = tuple(row[field] for field in GROUPS[by])
		group = found.setdefault(
			key,
			{
				**dict(zip(GROUPS[by], key, strict=True)),
				"customer_name": row.customer_name,
				"messages": 0,
				"base_total": 0.0,
				"recovered": 0.0,
				"people": set(),
			},
		)
		group["messages"] += 1
		group["base_total"] += row.base_total or 0
		group["recovered"] += row["recovered"]
		group["people"].add(row.customer)
	for group in found.values():
		group["customers"] = len(group.pop("people"))
		group["share"] = 100 * group["recovered"] / group["base_total"] if group["base_total"] else 0.0
	return sorted(found.values(), key=lambda group: -group["base_total"])


def columns(by: str, days: int) -> list[Row]:
	"""Return the columns for a grouping."""
	amounts = [
		_column("base_total", _("Amount Dunned"), "Currency", 130, options="company_currency"),
		_column(
			"recovered",
			_("Recovered within {0} Days").format(days),
			"Currency",
			190,
			options="company_currency",
		),
		_column("share", _("Recovery Rate (%)"), "Percent", 90),
	]
	if by in GROUPS:
		heads = {
			"policy": _column("policy", _("Dunning Policy"), "Link", 160, options="Dunning Policy"),
			"step_name": _column("step_name", _("Step"), "Data", 160),
			"level": _column("level", _("Level"), "Int", 80),
			"customer": _column("customer", _("Customer"), "Link", 200, options="Customer"),
		}
		counts = [
			_column("messages", _("Notices"), "Int", 100),
			_column("customers", _("Customers"), "Int", 100),
		]
		return [*(heads[field] for field in GROUPS[by]), *counts, *amounts]
	return [
		_column("contact_on", _("Date"), "Date", 100),
		_column("customer", _("Customer"), "Link", 180, options="Customer"),
		_column("customer_name", _("Customer Name"), "Data", 160),
		_column("step_name", _("Step"), "Data", 140),
		_column("level", _("Level"), "Int", 70),
		_column("channel", _("Channel"), "Data", 90),
		_column("status", _("Status"), "Data", 100),
		*amounts,
		_column("as_of", _("As Of"), "Date", 100),
		_column("policy", _("Dunning Policy"), "Link", 130, options="Dunning Policy"),
		_column("name", _("Ledger Notice"), "Link", 120, options="Ledger Notice"),
	]


def _column(name: str, label: str, kind: str, width: int, **more: Any) -> Row:
	return {"fieldname": name, "label": label, "fieldtype": kind, "width": width, **more}


def chart(notices: Sequence[Row]) -> Row | None:
	"""Return the messages per week, weeks without any included, a series per level."""
	if not notices:
		return None
	counts: dict[tuple[date, int], int] = {}
	for row in notices:
		key = (row.contact_on - timedelta(days=row.contact_on.weekday()), cint(row.level))
		counts[key] = counts.get(key, 0) + 1
	weeks = [day for day, _level in counts]
	mondays = [min(weeks) + timedelta(days=7 * n) for n in range((max(weeks) - min(weeks)).days // 7 + 1)]
	levels = sorted({level for _day, level in counts})
	series = {
		_("Level {0}").format(level) if level else _("Before the Due Date"): [
			counts.get((day, level), 0) for day in mondays
		]
		for level in levels
	}
	labels = [frappe.utils.formatdate(day) for day in mondays]
	return bar_chart(labels, series, COLOURS, barOptions={"stacked": 1})


def chart_of_groups(rows: Sequence[Row], by: str, currency: str) -> Row | None:
	"""Return what the largest groups were asked for, and what of it came in."""
	if not rows:
		return None
	largest = rows[:MOST_BARS]
	series = {
		_("Amount Dunned"): [float(row["base_total"]) for row in largest],
		_("Recovered"): [float(row["recovered"]) for row in largest],
	}
	return bar_chart([_label(row, by) for row in largest], series, COLOURS, **in_currency(currency))


def _label(row: Row, by: str) -> str:
	if by == "level":
		return _("Level {0}").format(row["level"]) if row["level"] else _("Before the Due Date")
	if by == "customer":
		return row["customer_name"] or row["customer"]
	return " / ".join(_(row[field] or "") for field in GROUPS[by])


def summary(notices: Sequence[Row], currency: str, days: int) -> list[Row]:
	"""Return how many messages there were, and the share recovered of those whose days are over."""
	over = [row for row in notices if row["is_over"]]
	asked, recovered = sum(row.base_total or 0 for row in over), sum(row["recovered"] for row in over)
	share = 100 * recovered / asked if asked else 0.0
	return [
		{"label": _("Notices"), "value": len(notices), "datatype": "Int"},
		{
			"label": _("Recovered within {0} Days").format(days),
			"value": recovered,
			"datatype": "Currency",
			"currency": currency,
		},
		{
			"label": _("Recovery Rate % (Completed Windows)"),
			"value": round(share, 1),
			"datatype": "Percent",
		},
	]
