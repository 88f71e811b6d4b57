"""A store's invoices and receipts as facts for controls, and the controls that need no more."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from client_ledger.core.controls.catalogue import CONTROLS, WITHOUT_A_SITE
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import Control
from client_ledger.core.controls.facts import (
	AllocationFact,
	InvoiceFact,
	ReceiptFact,
	TieFact,
	WriteOffFact,
)
from client_ledger.core.controls.parameters import read_parameters
from client_ledger.core.controls.run import ControlRun, run_controls
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.outbox.calendar import Hours
from client_ledger.preview.figures.companies import compare_ledgers
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused

_INVOICES = """
select si.name, si.customer, si.posting_date, si.due_date, si.is_return, si.return_against, si.party_account_currency,
	si.docstatus, si.grand_total, si.base_grand_total,
	sum(ple.amount_in_account_currency), sum(ple.amount)
from `tabSales Invoice` si
left join `tabPayment Ledger Entry` ple on ple.voucher_no = si.name and ple.voucher_type = 'Sales Invoice' and ple.delinked = 0
where si.company = ? and si.posting_date <= ? and si.docstatus > 0
group by si.name order by si.posting_date, si.name
"""
_ENTRIES = """
select ple.voucher_type, ple.voucher_no, ple.party, ple.posting_date, ple.account_currency, ple.against_voucher_type,
	ple.against_voucher_no, ple.amount_in_account_currency, ple.amount
from `tabPayment Ledger Entry` ple
where ple.company = ? and ple.posting_date <= ? and ple.delinked = 0 and ple.voucher_type in ('Payment Entry', 'Journal Entry')
order by ple.posting_date, ple.voucher_no
"""
_ON_ORDERS = (
	"select distinct parent from `tabPayment Entry Reference` where reference_doctype = 'Sales Order'"
)


@dataclass(frozen=True, slots=True)
class CheckedCompany:
	"""What controls found in a company's books as of a day. left_out: controls that need what a store does not know."""

	company: str
	currency: str
	as_of: date
	runs: Sequence[ControlRun]
	left_out: Sequence[Control]
	invoices: int
	receipts: int


def check_company(
	connection: sqlite3.Connection,
	company: str,
	currency: str,
	as_of: date,
	codes: Sequence[str] = (),
	given: Mapping[str, Mapping[str, str]] | None = None,
	months: int = 12,
) -> CheckedCompany:
	"""Run controls over a company's books. codes: only these. given: parameters by control. Raises Refused for bad ones."""
	chosen = [CONTROLS[code] for code in codes or WITHOUT_A_SITE]
	values = [(one, _values(one, (given or {}).get(one.code, {}))) for one in chosen]
	facts = read_facts(connection, company, currency, as_of)
	return CheckedCompany(
		company,
		currency,
		as_of,
		run_controls(values, facts, months),
		[one for code, one in CONTROLS.items() if code not in WITHOUT_A_SITE] if not codes else [],
		len(facts.invoices),
		len(facts.receipts),
	)


def _values(control: Control, given: Mapping[str, str]) -> dict[str, Decimal]:
	values, problems = read_parameters(control, given)
	if problems:
		reasons = [
			_(one.reason.message).format(
				*(_(value) if i == 0 else value for i, value in enumerate(one.reason.values))
			)
			for one in problems
		]
		raise Refused("\n".join(f"{control.code}: {reason}" for reason in reasons))
	return values


def read_facts(connection: sqlite3.Connection, company: str, currency: str, as_of: date) -> ControlFacts:
	"""Return a company's books until a day as facts; who entered what and when, a store does not know."""
	entries = list(connection.execute(_ENTRIES, (company, as_of.isoformat())))
	invoices = list(_invoices(connection.execute(_INVOICES, (company, as_of.isoformat()))))
	customers = {one.name: one.customer for one in invoices}
	on_orders = {row[0] for row in connection.execute(_ON_ORDERS)}
	_count, untied = compare_ledgers(connection, as_of)
	hours = Hours()
	return ControlFacts(
		company,
		currency,
		datetime.combine(as_of, time(23, 59), hours.zone),
		invoices=invoices,
		receipts=list(_receipts(entries, customers, on_orders)),
		write_offs=list(_journals(entries)),
		ties=[
			TieFact(key.customer, company, found.difference)
			for key, found in untied.items()
			if key.company == company
		],
		hours=hours,
	)


def _invoices(rows: Iterable[tuple]) -> Iterator[InvoiceFact]:
	for (
		name,
		customer,
		day,
		due,
		is_return,
		against,
		currency,
		status,
		total,
		base_total,
		amount,
		base,
	) in rows:
		cancelled = status == 2
		posted = date.fromisoformat(day)
		yield InvoiceFact(
			name,
			customer,
			posted,
			as_money(total if cancelled else amount),
			as_money(base_total if cancelled else base),
			currency or "",
			date.fromisoformat(due) if due else None,
			is_return=bool(is_return),
			return_against=against or "",
			cancelled_on=datetime.combine(posted, time(0)) if cancelled else None,
		)


def _receipts(
	entries: Iterable[tuple], customers: Mapping[str, str], on_orders: set[str]
) -> Iterator[ReceiptFact]:
	found = defaultdict(list)
	for row in entries:
		if row[0] == PAYMENT_ENTRY:
			found[row[1], row[2]].append(row)
	for (name, customer), rows in found.items():
		day = date.fromisoformat(rows[0][3])
		yield ReceiptFact(
			name,
			customer,
			day,
			-sum((as_money(row[7]) for row in rows), ZERO),
			-sum((as_money(row[8]) for row in rows), ZERO),
			rows[0][4] or "",
			allocations=tuple(
				AllocationFact(row[6], customers.get(row[6], customer), -as_money(row[7]), day)
				for row in rows
				if row[5] == SALES_INVOICE
			),
			for_order=name in on_orders,
		)


def _journals(entries: Iterable[tuple]) -> Iterator[WriteOffFact]:
	"""Yield journals that take from an invoice: what they stand for, a store does not know; they only settle here."""
	for kind, name, customer, day, _currency, against_kind, against, _amount, base in entries:
		if kind == JOURNAL_ENTRY and against_kind == SALES_INVOICE and base < 0:
			yield WriteOffFact(
				Voucher(JOURNAL_ENTRY, name),
				customer,
				date.fromisoformat(day),
				-as_money(base),
				invoice=against,
			)
