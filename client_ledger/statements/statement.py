"""A customer's ledger as it is printed and exported: oldest first, from an opening to a closing balance."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe

from client_ledger.core.ageing import Ageing, age_items
from client_ledger.core.amount_due import AmountDue
from client_ledger.core.collections.disputes import TermItemKey, disputed_part
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.movements import LedgerLine, Opening, item_place, with_balance
from client_ledger.core.open_items import OpenItem
from client_ledger.core.status import item_status
from client_ledger.ledger.reader import Ledger
from client_ledger.site.open_voucher_cache import open_items
from client_ledger.site.request import LedgerRequest
from client_ledger.statements.bank_details import BankDetails, bank_details
from client_ledger.statements.labels import StatusTexts

# Older than any entry: a ledger without a from date starts at its beginning.
BEGINNING = date(1900, 1, 1)


class StatementRow(NamedTuple):
	"""One line. `debit`, `credit`, `balance` and `outstanding` are in `currency`, base ones in the company's."""

	posting_date: date
	voucher: Voucher
	against: tuple[Voucher, ...]
	due_date: date | None
	status: str
	days_late: int | None
	currency: str
	debit: Decimal
	credit: Decimal
	balance: Decimal
	base_debit: Decimal
	base_credit: Decimal
	base_balance: Decimal
	outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
	"""A ledger from `from_date` (None: its beginning) to `as_of`; with `open_only` just what is open then.

	ageing is in company currency. due: what the customer is asked for, per currency. bank: where to pay it, if known.
	"""

	customer: str
	customer_name: str
	company: str
	company_currency: str
	as_of: date
	from_date: date | None
	open_only: bool
	opening: Opening
	rows: Sequence[StatementRow]
	closing: Opening
	ageing: Ageing
	due: Sequence[tuple[str, AmountDue]] = ()
	bank: BankDetails | None = None

	@property
	def currencies(self) -> list[str]:
		"""Currencies of the closing balance, the company's own first."""
		found = {*self.closing.by_currency, *self.opening.by_currency} or {self.company_currency}
		return sorted(found, key=lambda currency: (currency != self.company_currency, currency))

	@property
	def has_base(self) -> bool:
		"""True where company currency has to be shown beside the amounts."""
		return self.currencies != [self.company_currency]

	def file_name(self, extension: str) -> str:
		"""Return a name for a file with this statement in it."""
		name = re.sub(r"[^\w.-]+", "-", f"{self.customer}-{self.as_of}").strip("-")
		return f"{name}.{extension}"


def make_statement(
	ledger: Ledger,
	request: LedgerRequest,
	from_date: date | None,
	open_only: bool,
	disputed: Mapping[TermItemKey, Decimal],
	due: Sequence[tuple[str, AmountDue]] = (),
) -> Statement:
	"""Return the statement the user asked for. disputed: what of each item to mark as in dispute.

	due: what the customer is asked for, per currency.
	"""
	items, texts = open_items(ledger, request), StatusTexts()
	if open_only:
		opening, rows = Opening({}, ZERO), list(_open_rows(items, request.as_of, texts, disputed))
		closing = _sum(items)
	else:
		opening, lines, closing = ledger.history(
			request.customer,
			(request.company,),
			from_date or BEGINNING,
			request.as_of,
			request.currency,
		)
		rows = [_row(line, texts, disputed) for line in lines]
	return Statement(
		request.customer,
		frappe.get_cached_value("Customer", request.customer, "customer_name"),
		request.company,
		frappe.get_cached_value("Company", request.company, "default_currency"),
		request.as_of,
		None if open_only else from_date,
		open_only,
		opening,
		rows,
		closing,
		age_items(items, request.as_of),
		due,
		bank_details(request.company),
	)


def _row(line: LedgerLine, texts: StatusTexts, disputed: Mapping[TermItemKey, Decimal]) -> StatementRow:
	movement = line.movement
	is_disputed = disputed_part(disputed, TermItemKey(movement.voucher), line.outstanding) > 0
	return StatementRow(
		movement.posting_date,
		movement.voucher,
		movement.against,
		line.due_date,
		texts.of(line.status, line.days_late, is_disputed),
		line.days_late,
		movement.currency,
		movement.debit,
		movement.credit,
		movement.balance,
		movement.base_debit,
		movement.base_credit,
		movement.base_balance,
		line.outstanding,
	)


def _open_rows(
	items: Sequence[OpenItem], as_of: date, texts: StatusTexts, disputed: Mapping[TermItemKey, Decimal]
) -> Iterable[StatementRow]:
	for item, balance, base_balance in with_balance(sorted(items, key=item_place)):
		days = None if item.is_credit else item.days_overdue(as_of)
		status = item_status(item.amount, item.outstanding, item.due_date, as_of)
		is_disputed = disputed_part(disputed, TermItemKey(item.voucher, item.term), item.outstanding) > 0
		yield StatementRow(
			item.posting_date,
			item.voucher,
			(),
			None if item.is_credit else item.due_date,
			texts.of(status, days, is_disputed),
			days,
			item.currency,
			max(item.outstanding, ZERO),
			max(-item.outstanding, ZERO),
			balance,
			max(item.base_outstanding, ZERO),
			max(-item.base_outstanding, ZERO),
			base_balance,
			item.outstanding,
		)


def _sum(items: Sequence[OpenItem]) -> Opening:
	by_currency: dict[str, Decimal] = {}
	for item in items:
		by_currency[item.currency] = by_currency.get(item.currency, ZERO) + item.outstanding
	return Opening(by_currency, sum((item.base_outstanding for item in items), ZERO))
