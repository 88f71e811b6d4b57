"""What accounts come to, of those that the user may see, added up by the database: one row per currency of companies."""

from collections.abc import Iterable

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Max, Sum

from client_ledger.accounts.columns import BUCKET_FIELDS
from client_ledger.accounts.month_ago import MONTH_AGO_FIELDS
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.visible import only_visible

SUMMED = ("receivable", "unallocated", "overdue", "not_due", *BUCKET_FIELDS, "sales_12_months")


def totals(companies: Iterable[str]) -> list[frappe._dict]:
	"""Return the sums of accounts with *companies*, by currency: SUMMED, MONTH_AGO_FIELDS, customers and late_customers.

	compared_with: the day the figures of a month ago are of, None before the first night.
	"""
	account = frappe.qb.DocType(CLIENT_ACCOUNT)
	query = (
		frappe.qb.from_(account)
		.select(
			account.currency,
			*(Sum(account[field]).as_(field) for field in (*SUMMED, *MONTH_AGO_FIELDS)),
			Max(account.compared_with).as_("compared_with"),
			Count("*").as_("customers"),
			Sum(Case().when(account.overdue > 0, 1).else_(0)).as_("late_customers"),
		)
		.where(account.company.isin(list(companies)))
		.groupby(account.currency)
		.orderby(account.currency)
	)
	return only_visible(query, CLIENT_ACCOUNT).run(as_dict=True)
