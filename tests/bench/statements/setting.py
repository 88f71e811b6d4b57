"""Schedules of the test company, and the clock of their runs: moments are given by hand."""

from datetime import date, datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_first_day, get_last_day, getdate, nowdate

from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_SCHEDULE
from client_ledger.statement_runs import runs
from tests.bench.dunning.setting import COMPANY, at


def last_month() -> tuple[date, date]:
	"""Return the first and the last day of the month before this one."""
	last = getdate(frappe.utils.add_days(get_first_day(nowdate()), -1))
	return getdate(get_first_day(last)), last


def this_month() -> tuple[date, date]:
	return getdate(get_first_day(nowdate())), getdate(get_last_day(nowdate()))


def make_schedule(title: str = "Monthly Test", customers: tuple[str, ...] = (), **fields) -> Document:
	"""Return a schedule of the test company for *customers*, automatic and of last month unless told otherwise."""
	schedule = frappe.new_doc(STATEMENT_SCHEDULE)
	schedule.update(
		{
			"title": title,
			"mode": "Automatic",
			"company": COMPANY,
			"starts_on": last_month()[0],
			"attach_pdf": 0,
			"scopes": [{"applies_to": "Customer", "customer": name} for name in customers],
			**fields,
		}
	)
	return schedule.insert()


def work(moment: datetime | None = None) -> None:
	"""Let an hour's work of statements be done in this process."""
	runs.work(moment or at(), in_process=True)


def statements(customer: str, **filters) -> list[Document]:
	"""Return a customer's statements, the oldest first."""
	names = frappe.get_all(
		CUSTOMER_STATEMENT, {"customer": customer, **filters}, pluck="name", order_by="as_of, creation"
	)
	return [frappe.get_doc(CUSTOMER_STATEMENT, name) for name in names]


def statement(customer: str, **filters) -> Document:
	"""Return a customer's only statement."""
	(found,) = statements(customer, **filters)
	return found
