"""Whether the figures agree, to the cent: ours, ERPNext's reports and the general ledger, customer by customer."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.cases import RANGES, Question
from client_ledger.core.account import positions
from client_ledger.core.ageing import age_items
from client_ledger.core.open_items import OpenItem

Figures = dict[str, tuple[int, ...]]


@dataclass
class Agreement:
	"""What was compared with what, how much of it, and every difference found."""

	of: str
	compared: int
	differences: list[str] = field(default_factory=list)


def compare(of: str, ours: Figures, theirs: Figures) -> Agreement:
	"""Compare the figures (cents) of each customer; a customer that is missing has none but zeros."""
	found = Agreement(of, len(ours.keys() | theirs.keys()))
	for customer in sorted(ours.keys() | theirs.keys()):
		mine, other = ours.get(customer), theirs.get(customer)
		if any(mine or ()) or any(other or ()):
			if mine != other:
				found.differences.append(f"{customer}: {mine} and {other}")
	return found


def our_buckets(items: Iterable[OpenItem], question: Question) -> Figures:
	"""Return what is open, not due, and in each bucket, of each customer."""
	by_customer: dict[str, list[OpenItem]] = {}
	for item in items:
		by_customer.setdefault(item.customer, []).append(item)
	found = {}
	for customer, own in by_customer.items():
		ageing = age_items(own, question.as_of, RANGES)
		found[customer] = tuple(map(_cents, (ageing.total, ageing.not_due, *ageing.buckets)))
	return found


def our_balances(items: Iterable[OpenItem], question: Question) -> Figures:
	"""Return the balance of each customer."""
	found = positions(items, question.as_of, RANGES)
	return {key.customer: (_cents(position.balance),) for key, position in found.items()}


def their_buckets(rows: Iterable[dict]) -> Figures:
	"""Return the same of an Accounts Receivable report."""
	sums: dict[str, list[int]] = {}
	for row in rows:
		buckets = [_cents(row[f"range{n}"]) for n in range(1, len(RANGES) + 2)]
		is_open = _cents(row["outstanding"])
		own = sums.setdefault(row["party"], [0] * (len(RANGES) + 3))
		for n, cents in enumerate((is_open, is_open - sum(buckets), *buckets)):
			own[n] += cents
	return {customer: tuple(values) for customer, values in sums.items()}


def their_balances(rows: Iterable[dict]) -> Figures:
	"""Return the balance of each customer in an Accounts Receivable Summary."""
	return {row["party"]: (_cents(row["outstanding"]),) for row in rows}


def general_ledger(question: Question) -> Figures:
	"""Return the closing balance of each customer in the general ledger."""
	import frappe

	rows = frappe.db.sql(
		"""select gle.party, sum(gle.debit - gle.credit) from `tabGL Entry` gle
		inner join `tabAccount` account on account.name = gle.account
		where gle.party_type = 'Customer' and gle.company = %(company)s and gle.is_cancelled = 0
			and gle.posting_date <= %(as_of)s and account.account_type = 'Receivable'
		group by gle.party""",
		{"company": question.company, "as_of": question.as_of},
	)
	return {party: (_cents(amount),) for party, amount in rows}


def general_ledger_report(question: Question, since: str) -> int:
	"""Return the closing balance (cents) of one customer in ERPNext's General Ledger report."""
	import frappe
	from erpnext.accounts.report.general_ledger.general_ledger import execute

	filters = frappe._dict(
		company=question.company,
		from_date=since,
		to_date=str(question.as_of),
		party_type="Customer",
		party=[question.customer],
		categorize_by="Categorize by Voucher (Consolidated)",
		group_by="Group by Voucher (Consolidated)",
		include_default_book_entries=1,
	)
	return _cents(execute(filters)[1][-1]["balance"])


def _cents(amount: object) -> int:
	return round(float(amount or 0) * 100)
