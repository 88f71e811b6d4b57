"""Who gets a statement for a period, and the rows that say so: written before anything is sent.

balances on the closing day + movements of the period -> due, zero, under the minimum -> Customer Statement and its Ledger Notice
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.outbox.message import Channel
from client_ledger.core.statements.outcome import StatementStatus
from client_ledger.core.statements.periods import Period
from client_ledger.credit.limits.credit_groups import parents
from client_ledger.ledger.database import chunks
from client_ledger.ledger.results import AccountActivity, Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox import notice_rows
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.access import currencies_of
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.site.rows import bulk_insert, stored
from client_ledger.statement_runs import schedules
from client_ledger.statement_runs.notice_kind import STATEMENT

# Customers whose rows are written in one transaction.
PER_COMMIT = 1000


@dataclass(frozen=True, slots=True)
class Due:
	"""One statement that is due. balance in `currency`, base_balance in company currency, on the closing day."""

	customer: str
	currency: str
	balance: Decimal
	base_balance: Decimal


@dataclass(slots=True)
class DueStatements:
	"""Who gets a statement for a period, and how many customers with movements or a balance do not."""

	due: list[Due] = field(default_factory=list)
	zero: int = 0
	under_minimum: int = 0


def due_statements(schedule: Document, period: Period) -> DueStatements:
	"""Return who gets a statement of a schedule for *period*, by customer and currency. Writes nothing."""
	ledger = site_ledger()
	rows = ledger.account_activity(Scope((schedule.company,), None), period.from_date, period.as_of)
	accounts = _added_up(_of_group_heads(rows) if schedule.consolidate else rows)
	people = schedules.wanted(schedule, {customer for customer, _currency in accounts})
	found = DueStatements()
	minimum = as_money(schedule.minimum_balance)
	for (customer, currency), (balance, base_balance, moved) in sorted(accounts.items()):
		if customer not in people or schedule.only_currency not in (None, "", currency):
			continue
		if not rounded(balance, ledger.precision) and not rounded(base_balance, ledger.precision):
			if not moved:
				continue
			if not schedule.include_zero:
				found.zero += 1
				continue
		elif abs(base_balance) < minimum:
			found.under_minimum += 1
			continue
		found.due.append(Due(customer, currency, balance, base_balance))
	return found


def _of_group_heads(rows: Iterable[AccountActivity]) -> Iterable[AccountActivity]:
	heads = parents()
	return (row._replace(customer=heads.get(row.customer, row.customer)) for row in rows)


def _added_up(rows: Iterable[AccountActivity]) -> dict[tuple[str, str], tuple[Decimal, Decimal, int]]:
	found: dict[tuple[str, str], tuple[Decimal, Decimal, int]] = {}
	for row in rows:
		balance, base_balance, moved = found.get((row.customer, row.currency), (ZERO, ZERO, 0))
		found[row.customer, row.currency] = (
			balance + row.balance,
			base_balance + row.base_balance,
			moved + row.moved,
		)
	return found


# --- writing ---


def statement_key(customer: str, company: str, currency: str, frequency: str, period: Period) -> str:
	"""Return the key of a statement by schedule: one per customer, company, currency and period, ever."""
	return digest("|".join((customer, company, currency, frequency, str(period.as_of))))


def write(run: Document, schedule: Document, period: Period, due: Sequence[Due]) -> int:
	"""Write the rows of a run; return how many statements were new. Commits after each thousand."""
	made = 0
	for part in chunks(due, PER_COMMIT):
		made += len(_write(part, run, schedule, period))
		frappe.db.commit()  # nosemgrep: planned before anything is sent
	return made


def _write(part: Sequence[Due], run: Document, schedule: Document, period: Period) -> set[str]:
	now = now_datetime()
	names = dict(
		frappe.get_all(
			"Customer",
			{"name": ("in", [one.customer for one in part])},
			["name", "customer_name"],
			as_list=True,
			order_by="name",
		)
	)
	approved = schedule.mode == schedules.AUTOMATIC
	rows = [
		{
			"name": frappe.generate_hash(length=10),
			"customer": one.customer,
			"customer_name": names.get(one.customer),
			"company": schedule.company,
			"currency": one.currency,
			"status": (StatementStatus.WAITING if approved else StatementStatus.PLANNED).value,
			"from_date": period.from_date,
			"as_of": period.as_of,
			"coverage": schedule.coverage,
			"closing": one.balance,
			"schedule": schedule.name,
			"run": run.name,
			"origin": run.origin,
			"channel": Channel.EMAIL.value,
			"notice": frappe.generate_hash(length=10),
			"statement_key": statement_key(
				one.customer, schedule.company, one.currency, schedule.frequency, period
			),
		}
		for one in part
	]
	return insert(
		rows, {row["name"]: one.base_balance for row, one in zip(rows, part, strict=True)}, approved, now
	)


def insert(
	rows: Sequence[dict], base_balances: dict[str, Decimal], approved: bool, now: datetime
) -> set[str]:
	"""Insert statements with their messages; return the names of those that were not there yet.

	base_balances: by name, in company currency. All rows need the same fields.
	"""
	shown = [
		{**row, "shown_currency": row["currency"] or currencies_of([row["company"]])[row["company"]]}
		for row in rows
	]
	bulk_insert(CUSTOMER_STATEMENT, shown, ignore_duplicates=True)
	made = stored(CUSTOMER_STATEMENT, [row["name"] for row in rows])
	notices = [
		{
			"name": row["notice"],
			"kind": STATEMENT,
			"statement": row["name"],
			"customer": row["customer"],
			"customer_name": row["customer_name"],
			"company": row["company"],
			"currency": row["currency"],
			"total": row["closing"],
			"base_total": base_balances[row["name"]],
			"status": (NoticeStatus.APPROVED if approved else NoticeStatus.PLANNED).value,
			"channel": row["channel"],
			"step_name": STATEMENT,
			"as_of": row["as_of"],
			"planned_on": now,
			"approved_on": now if approved else None,
			"approved_by": frappe.session.user if approved else None,
			"notice_key": digest(f"{STATEMENT}|{row['name']}"),
			"open_key": open_key((STATEMENT, row["name"])),
		}
		for row in rows
		if row["name"] in made
	]
	notice_rows.insert(notices)
	return made
