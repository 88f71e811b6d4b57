"""What the indexes cost when vouchers are posted, and what a nightly refresh costs when little has changed."""

import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.cases import Question
from benchmarks.measure import timed


class IndexCost(NamedTuple):
	"""Seconds to make all indexes, their size (MB) beside their tables', seconds to submit an invoice with and without."""

	build: float
	megabytes: float
	tables_megabytes: float
	submit_with: float
	submit_without: float


class RefreshCost(NamedTuple):
	"""Seconds to rebuild every account, and of a nightly refresh after so many customers changed."""

	accounts: int
	rebuild: float
	nightly: dict[int, float]


def index_cost(question: Question, clock: str, rounds: int = 3, submits: int = 10) -> IndexCost:
	"""Submit invoices with and without our indexes, taking turns; each is rolled back. Leaves the indexes made."""
	from client_ledger.ledger.indexes import drop_indexes, make_indexes

	made, without, builds = [], [], []
	make_indexes()
	_submit(question, clock)
	for _ in range(rounds):
		made += [_submit(question, clock) for _ in range(submits)]
		drop_indexes()
		without += [_submit(question, clock) for _ in range(submits)]
		bare = _size()
		builds.append(timed(make_indexes, clock))
	size = _size() - bare
	return IndexCost(
		statistics.median(builds), size, bare, statistics.median(made), statistics.median(without)
	)


def _submit(question: Question, clock: str) -> float:
	"""Return the seconds it takes to submit an invoice of the customer, which is then rolled back."""
	import frappe

	invoice = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"customer": question.customer,
			"company": question.company,
			"set_posting_time": 1,
			"posting_date": question.as_of,
			"due_date": question.as_of,
			"items": [{"item_code": "Bench Service", "qty": 1, "rate": 100}],
		}
	)
	invoice.insert()
	seconds = timed(invoice.submit, clock)
	frappe.db.rollback()
	return seconds


def _size() -> float:
	"""Return the size of the tables our indexes are on, with all their indexes (MB)."""
	import frappe

	from client_ledger.ledger.indexes import INDEXES

	tables = sorted({f"tab{index.doctype}" for index in INDEXES})
	for table in tables:
		frappe.db.sql_ddl(f"analyze table `{table}`")
	total = frappe.db.sql(
		"""select sum(data_length + index_length) from information_schema.tables
		where table_schema = database() and table_name in %(tables)s""",
		{"tables": tables},
	)
	return float(total[0][0]) / (1024 * 1024)


def refresh_cost(question: Question, changed: Sequence[int], clock: str) -> RefreshCost:
	"""Touch the ledger of so many customers as an unheard-of change would, and run the nightly job."""
	import frappe

	from client_ledger.accounts import nightly
	from client_ledger.accounts.rebuild import rebuild as rebuild_accounts

	seconds = timed(rebuild_accounts, clock)
	nightly.refresh_all_accounts()
	customers = frappe.get_all(
		"Client Account", {"company": question.company}, pluck="customer", order_by="customer"
	)
	found = {}
	for count in changed:
		_touch(customers[:: max(1, len(customers) // count)][:count] if count else [])
		found[count] = timed(nightly.refresh_all_accounts, clock)
	return RefreshCost(len(customers), seconds, found)


def _touch(customers: list[str]) -> None:
	"""Give the newest entry of each customer a new time of change, as a repair of the ledger would."""
	import frappe
	from frappe.utils import now

	time.sleep(1)
	if not customers:
		return
	frappe.db.sql(
		"""update `tabPayment Ledger Entry` set modified = %(now)s where name in (
			select name from (select max(name) as name from `tabPayment Ledger Entry`
				where party_type = 'Customer' and party in %(customers)s group by party) newest)""",
		{"now": now(), "customers": customers},
	)
	frappe.db.commit()  # nosemgrep: the nightly job starts with a snapshot of its own
